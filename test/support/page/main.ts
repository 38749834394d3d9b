/** A page whose mock keeps its world, which test/entries/page.test.ts opens; its title says when the mock answers. */
import { mock, type Mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { setupWorker } from 'msw/browser'

declare global {
  /** The mock of the page. */
  var authentik: Mock
}

globalThis.authentik = mock({ token: 'my-token' })
if (isSecureContext)
  await setupWorker(...handlers(authentik, { keep: 'session' })).start({ quiet: true, onUnhandledFrame: 'bypass' })
document.title = 'ready'
