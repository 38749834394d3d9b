import { setupServer } from 'msw/node'
import { handlers } from '../../../src/entries/msw.ts'
import { serve } from '../../../src/http/node/server.ts'
import { describeCarrier } from './suite.ts'

describeCarrier('in process', {
  inBrowser: false,
  open: async (own) => ({
    async fetch(path, init) {
      const response = await own.fetch(new Request(`http://localhost${path}`, init))
      const location = response.headers.get('location')
      return location && init?.redirect !== 'manual'
        ? own.fetch(new Request(new URL(location, 'http://localhost'), init))
        : response
    },
    close: async () => {},
  }),
})

describeCarrier('through MSW in Node', {
  inBrowser: false,
  async open(own) {
    const server = setupServer(...handlers(own))
    server.listen({ onUnhandledFrame: 'error' })
    return { fetch: (path, init) => fetch(`http://authentik.test${path}`, init), close: async () => server.close() }
  },
})

describeCarrier('on a socket', {
  inBrowser: false,
  async open(own) {
    const server = await serve(own, { port: 0 })
    return {
      fetch: (path, init) =>
        fetch(`${server.url}${path}`, { ...init, headers: { 'Accept-Encoding': 'identity', ...init?.headers } }),
      close: () => server.close(),
    }
  },
})
