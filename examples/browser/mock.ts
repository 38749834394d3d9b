/** Starts the authentik of this page: a mock behind a service worker. */
import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { network } from 'virtual:msw'

/** Starts the mock. @returns the token of its superuser, and the ids of its authorization codes */
export async function startMock() {
  const authentik = mock({ codes: 8 })
  await authentik.ready
  network.configure({ handlers: handlers(authentik), onUnhandledFrame: 'bypass' })
  await network.enable()
  return { accessToken: authentik.tokens().superuser ?? '', pks: [1, 2, 3, 4, 5, 6, 7, 8] }
}
