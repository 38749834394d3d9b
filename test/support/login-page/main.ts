/** A page that logs in through MSW, which test/entries/msw-login.test.ts opens; its title says when the mock is ready. */
import { mock, type Mock, type MockOptions } from 'authentik-mock'
import { handlers, type HandlersOptions } from 'authentik-mock/msw'
import { setupWorker } from 'msw/browser'

declare global {
  /** The mock of the page. */
  var authentik: Mock
  /** What the test wants of it. */
  var options: { mock?: MockOptions; handlers?: HandlersOptions }
}

globalThis.authentik = mock(options.mock)
await setupWorker(...handlers(authentik, options.handlers)).start({ quiet: true, onUnhandledFrame: 'bypass' })
await authentik.ready
document.title = 'ready'
