import { setupServer } from 'msw/node'
import { handlers } from '../../../src/entries/msw.ts'
import { serve } from '../../../src/http/node/server.ts'
import { describeTransport } from './suite.ts'

describeTransport('in process', {
  inBrowser: false,
  open: async (authentik) => ({
    async fetch(path, init) {
      const response = await authentik.fetch(new Request(`http://localhost${path}`, init))
      const location = response.headers.get('location')
      return location && init?.redirect !== 'manual'
        ? authentik.fetch(new Request(new URL(location, 'http://localhost'), init))
        : response
    },
    close: async () => {},
  }),
})

describeTransport('through MSW in Node', {
  inBrowser: false,
  async open(authentik) {
    const server = setupServer(...handlers(authentik))
    server.listen({ onUnhandledFrame: 'error' })
    return { fetch: (path, init) => fetch(`http://authentik.test${path}`, init), close: async () => server.close() }
  },
})

describeTransport('on a socket', {
  inBrowser: false,
  async open(authentik) {
    const server = await serve(authentik, { port: 0 })
    return {
      fetch: (path, init) =>
        fetch(`${server.url}${path}`, { ...init, headers: { 'Accept-Encoding': 'identity', ...init?.headers } }),
      close: () => server.close(),
    }
  },
})
