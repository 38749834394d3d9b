import { defineConfig } from 'vite'

/** What stands before the API: in development the mock, which `authentik-mock serve` serves. */
const target = process.env.AUTHENTIK_URL ?? 'http://127.0.0.1:9000'

export default defineConfig({
  server: {
    // With true, authentik would take a page's writes for those of another site: Host and Origin would differ.
    proxy: { '/api/v3': { target, changeOrigin: false } },
  },
})
