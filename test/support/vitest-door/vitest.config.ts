/** Runs tests of which some have to fail: test/doors/vitest/failures.test.ts says which, and how. */
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { inRoot } from '../files.ts'

/** The folder of the package as it was built for all tests: a few modules, and not 400. */
const library = process.env['LIBRARY'] ?? inRoot('dist')

export default defineConfig({
  cacheDir: inRoot('node_modules/.vite/vitest-door'),
  resolve: { alias: { 'authentik-mock/vitest': join(library, 'vitest.js') } },
  test: {
    maxWorkers: 1,
    isolate: false,
    projects: [
      { extends: true, test: { name: 'cases', include: ['*.case.ts'] } },
      { extends: true, test: { name: 'setup file', include: ['*.shared.ts'], setupFiles: 'setup.ts' } },
    ],
  },
})
