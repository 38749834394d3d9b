/** A page with a world of its own, which test/entries/bundle.test.ts bundles. */
import { mock } from 'authentik-mock'
import { world } from 'authentik-mock/fixtures'
import { handlers } from 'authentik-mock/msw'

const authentik = mock({ world, token: 'my-token' })

/** What the mock answers for one authorization code. */
export const answer = async (): Promise<unknown> =>
  (
    await authentik.fetch(
      new Request('http://localhost/api/v3/oauth2/authorization_codes/1/', {
        headers: { Authorization: 'Bearer my-token' },
      }),
    )
  ).json()

/** Keeps MSW's handlers in the bundle. */
export const requestHandlers: unknown = handlers(authentik)
