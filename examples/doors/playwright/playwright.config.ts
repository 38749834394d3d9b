import { defineConfig } from '@playwright/test'
import { authentikWebServer } from 'authentik-mock/playwright'

const app = { command: 'node server.js', url: 'http://localhost:4321', env: { PORT: '4321' } }
const webServer = [authentikWebServer({ port: 9010, cors: ['http://localhost:4321'] }), app]

// npm run test:doors says which Chromium there is.
const launchOptions = JSON.parse(process.env['LAUNCH_OPTIONS'] ?? '{}')

export default defineConfig({
  testDir: 'tests',
  fullyParallel: true,
  workers: 4,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: 'line',
  use: { baseURL: 'http://localhost:4321', launchOptions },
  webServer,
})
