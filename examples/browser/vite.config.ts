import { msw } from 'msw/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [msw()],
  // In this repository `authentik-mock` is its own source; an application that installed it needs no such line.
  resolve: { tsconfigPaths: true },
})
