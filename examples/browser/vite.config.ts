import { msw } from 'msw/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [msw()],
  // In this repository `authentik-mock` is the source itself; an application that installs the package needs no such line.
  resolve: { tsconfigPaths: true },
})
