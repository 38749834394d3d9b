import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { environment: 'jsdom', include: ['*.spec.ts'], setupFiles: ['@angular/compiler', 'setup.ts'] },
})
