/** What support.ts runs: ports, folders and the browser come from there. */
import { defineConfig } from '@playwright/test'
import {
  authentikWebServer,
  type AuthentikTestOptions,
  type AuthentikWorkerOptions,
} from '../../../../src/entries/playwright.ts'

const { APP_PORT = '', MOCK_PORT, LAUNCH = '{}', OUTPUT = '', COMMAND = '' } = process.env
const page = new URL('../../../../examples/doors/playwright/', import.meta.url).pathname
const origin = `http://localhost:${APP_PORT}`
const app = {
  command: 'node server.js',
  cwd: page,
  url: origin,
  env: { PORT: APP_PORT, ISSUER: `http://localhost:${MOCK_PORT ?? 9000}/application/o/spa/` },
}
const command = { command: COMMAND, cors: [origin] }

export default defineConfig<AuthentikTestOptions, AuthentikWorkerOptions>({
  testDir: process.env['TESTS'] ?? '.',
  testMatch: '*.pw.ts',
  outputDir: OUTPUT,
  fullyParallel: true,
  forbidOnly: true,
  workers: 4,
  // Other tests run beside these.
  timeout: 120_000,
  expect: { timeout: 60_000 },
  use: { baseURL: origin, launchOptions: JSON.parse(LAUNCH) },
  webServer: [app, ...(MOCK_PORT === undefined ? [] : [authentikWebServer({ ...command, port: Number(MOCK_PORT) })])],
})
