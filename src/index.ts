/** authentik-mock: an authentik server's OAuth2 API without an authentik. */
export { mock, type Fidelity, type Mock, type MockOptions } from './authentik.ts'
export type { Call, Reply } from './core/call.ts'
export type { Clock, Instant } from './core/clock.ts'
export type { Operation } from './core/operation.ts'
export type { World } from './core/world.ts'
export { WorldError, type WorldFile } from './core/world-file.ts'
