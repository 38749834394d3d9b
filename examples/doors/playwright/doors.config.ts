/** The configuration beside it, as npm run test:doors runs it: on a busy machine, in the Chromium that there is. */
import { defineConfig } from '@playwright/test'
import config from './playwright.config.ts'

export default defineConfig(config, {
  fullyParallel: true,
  workers: 4,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: 'line',
  use: { launchOptions: JSON.parse(process.env['LAUNCH_OPTIONS'] ?? '{}') },
})
