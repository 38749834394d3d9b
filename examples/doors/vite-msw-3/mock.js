/** Starts the mock behind MSW 3's service worker, which `msw/vite` serves and builds. */
import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { network } from 'virtual:msw'

export const authentik = mock({ token: 'my-token' })

/** Await it before anything is rendered. A reload keeps what was changed. */
export async function startMock() {
  network.configure({ handlers: handlers(authentik, { keep: 'session' }), onUnhandledFrame: 'bypass' })
  await network.enable()
}
