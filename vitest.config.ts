import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { playwright } from '@vitest/browser-playwright'
import { msw } from 'msw/vite'
import { defineConfig } from 'vitest/config'
import { chromium } from './test/support/chromium.ts'
import tsconfig from './tsconfig.json' with { type: 'json' }

// Read in test/support/tier.ts too, which a configuration does not import: it would load the whole mock.
const isWhole = process.env['TEST_TIER'] === 'all'
const browserTests = 'test/**/*.browser.test.ts'
/** The pages of the examples, in which nothing is tried first; `npm run update` takes pictures of them. */
const pageTests = process.env['UPDATE_SCREENSHOT'] ? [] : ['test/examples/{browser,login}.test.ts']
/**
 * What takes long, and what only a build of the package can break; each button of the page of the mock in Chromium, of which
 * test/control/page/served.test.ts tries the way through; and runs of Playwright, which are processes of their own.
 */
const slowTests = [
  'test/**/*.soak.test.ts',
  'test/entries/packed.test.ts',
  'test/control/page/chromium.test.ts',
  'test/doors/playwright/{chromium,playwright}.test.ts',
  ...pageTests,
]

// Not `resolve.tsconfigPaths`: that serves only the files which tsconfig.json includes, and no test is.
const alias = Object.entries(tsconfig.compilerOptions.paths).map(([name, [path]]) => ({
  find: new RegExp(`^${name}$`),
  replacement: resolve(import.meta.dirname, path!),
}))

export default defineConfig({
  resolve: { alias },
  test: {
    // Tests wait for browsers, sockets and processes: with no more workers than cores a fourth of the cores is idle.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        extends: true,
        // Several of authentik's clients are built so that only a bundler finds their files.
        test: {
          name: 'node',
          include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: [browserTests, ...(isWhole ? [] : slowTests)],
          globalSetup: 'test/support/setup.ts',
          setupFiles: 'test/support/restore.ts',
          // To load the mock anew for each file takes a third of the time; what a file leaves behind shows where it is isolated.
          isolate: isWhole,
          // Many start processes, which takes its time where others do the same: it tells what hangs, and not what is slow.
          testTimeout: 240_000,
          hookTimeout: 240_000,
          expect: { poll: { timeout: 60_000 } },
          server: { deps: { inline: [/goauthentik-api-(2025\.(4|6|8|10|12)|2026\.2)/] } },
        },
      },
      {
        extends: true,
        plugins: [msw({ mode: 'worker-only' })],
        test: {
          name: 'browser',
          include: [browserTests],
          api: { host: '127.0.0.1' },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: await chromium() }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
