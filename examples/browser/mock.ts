/** Starts the authentik of this page: a mock behind a service worker. */
import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { network } from 'virtual:msw'

/** How long a service worker may take to start, in milliseconds. */
const PATIENCE = 10_000

/** Starts the mock. Await it before anything is rendered. @throws Error when there is no service worker, or it fails */
export async function startMock() {
  // MSW would change the page's own `fetch` then, which an image or a link does not use.
  if (!('serviceWorker' in navigator)) throw new Error('There are no service workers here.')
  const authentik = mock({ codes: 7, token: 'my-token' })
  await authentik.ready
  await authentik.world.authorization_codes.create({
    user: 2,
    provider: 1,
    scope: 'openid',
    expires: toInstant(authentik.clock.now() + 30_000),
  })
  network.configure({ handlers: handlers(authentik), onUnhandledFrame: 'bypass' })
  await Promise.race([network.enable(), failLater()])
}

/** Writes an instant as authentik does, without a fraction. */
const toInstant = (milliseconds: number) => new Date(milliseconds).toISOString().replace(/\.\d+/, '')

const failLater = () =>
  new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('The service worker does not answer.')), PATIENCE)
  })
