/** Starts the mock in place of `fetch`: no service worker is needed where nothing else is fetched. */
import { mock } from 'authentik-mock'

/** Await it before anything is rendered. */
export async function startMock() {
  const authentik = mock({ token: 'my-token' })
  await authentik.ready
  globalThis.fetch = (input, init) => authentik.fetch(new URL(input, location.href), init)
}
