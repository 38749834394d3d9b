/** Starts the mock behind MSW 3's service worker, which `msw/vite` serves and builds. */
import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { network } from 'virtual:msw'

/** Await it before anything is rendered. */
export async function startMock() {
  network.configure({ handlers: handlers(mock({ token: 'my-token' })), onUnhandledFrame: 'bypass' })
  await network.enable()
}
