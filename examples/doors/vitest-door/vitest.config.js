import { defineConfig } from 'vitest/config'

/** Each environment as Vitest has it by default, and Node with one worker for all files. */
const projects = ['node', 'jsdom', 'happy-dom'].map((environment) => ({ test: { name: environment, environment } }))
const shared = { test: { name: 'not isolated', environment: 'node', isolate: false, maxWorkers: 1 } }

export default defineConfig({
  test: {
    projects: [...projects, shared].map(({ test }) => ({ test: { ...test, include: ['vitest-door/*.ts'] } })),
  },
})
