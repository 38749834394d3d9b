import { msw } from 'msw/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [msw()],
  // Vite sees this import of the plugin only when the page runs, and would reload the page once for it.
  optimizeDeps: { include: ['msw/browser'] },
  // In this repository `authentik-mock` is the source itself; an application that installs the package needs no such line.
  resolve: { tsconfigPaths: true },
})
