/** Starts the mock behind MSW 2's service worker, which `msw init public` has written. */
import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { setupWorker } from 'msw/browser'

/** Await it before anything is rendered. */
export async function startMock() {
  await setupWorker(...handlers(mock({ token: 'my-token' }))).start({ onUnhandledRequest: 'bypass' })
}
