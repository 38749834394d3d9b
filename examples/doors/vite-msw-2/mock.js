/** Starts the mock behind MSW 2's service worker, which `msw init public` has written. */
import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { setupWorker } from 'msw/browser'

export const authentik = mock({ token: 'my-token' })

/** Await it before anything is rendered. A reload keeps what was changed. */
export async function startMock() {
  await setupWorker(...handlers(authentik, { keep: 'session' })).start({ onUnhandledRequest: 'bypass' })
}
