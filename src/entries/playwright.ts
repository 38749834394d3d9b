/** authentik-mock/playwright: fixtures of Playwright, which give each test an authentik of its own. */
export {
  authentikFixtures,
  test,
  type AuthentikFixtures,
  type AuthentikMode,
  type AuthentikTestOptions,
  type AuthentikWorkerOptions,
} from '../doors/playwright/fixtures.ts'
export { authentikWebServer, type WebServer, type WebServerOptions } from '../doors/playwright/web-server.ts'
export type { TestAuthentik } from '../doors/playwright/authentik.ts'
export type {
  ClockVerbs,
  ControlVerbs,
  JournalVerbs,
  ResourceName,
  ScenarioVerbs,
  WorldRow,
  WorldVerbs,
} from '../doors/playwright/verbs.ts'
