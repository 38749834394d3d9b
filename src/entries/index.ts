/** authentik-mock: an authentik server's OAuth2 API without an authentik. */
export { mock, type Fidelity, type Mock, type MockOptions } from '../mock/mock.ts'
export type { Call, Reply } from '../http/message.ts'
export type { Clock, Instant } from '../store/clock.ts'
export type { Operation } from '../rest/operation.ts'
export type { World } from '../store/world.ts'
export { WorldError, type WorldFile } from '../store/world-file.ts'
