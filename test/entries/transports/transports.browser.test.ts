import { setupWorker } from 'msw/browser'
import { handlers } from '../../../src/entries/msw.ts'
import { describeCarrier } from './suite.ts'

describeCarrier('through MSW in a browser', {
  inBrowser: true,
  async open(own) {
    const worker = setupWorker(...handlers(own))
    await worker.start({ quiet: true, onUnhandledFrame: 'bypass' })
    return { fetch: (path, init) => fetch(`${location.origin}${path}`, init), close: async () => worker.stop() }
  },
})
