import { setupWorker } from 'msw/browser'
import { handlers } from '../../../src/entries/msw.ts'
import { describeTransport } from './suite.ts'

describeTransport('through MSW in a browser', {
  inBrowser: true,
  async open(authentik) {
    const worker = setupWorker(...handlers(authentik))
    await worker.start({ quiet: true, onUnhandledFrame: 'bypass' })
    return { fetch: (path, init) => fetch(`${location.origin}${path}`, init), close: async () => worker.stop() }
  },
})
