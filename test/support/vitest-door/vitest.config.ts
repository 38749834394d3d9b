/** Runs tests of which some have to fail: test/doors/vitest/failures.test.ts says which, and how. */
import { defineConfig } from 'vitest/config'
import tsconfig from '../../../tsconfig.json' with { type: 'json' }
import { inRoot } from '../files.ts'

const alias = Object.entries(tsconfig.compilerOptions.paths).map(([name, [path = '']]) => ({
  find: new RegExp(`^${name}$`),
  replacement: inRoot(path),
}))

export default defineConfig({
  cacheDir: inRoot('node_modules/.vite/vitest-door'),
  resolve: { alias },
  test: {
    maxWorkers: 1,
    isolate: false,
    projects: [
      { extends: true, test: { name: 'cases', include: ['*.case.ts'] } },
      { extends: true, test: { name: 'setup file', include: ['*.shared.ts'], setupFiles: 'setup.ts' } },
    ],
  },
})
