/** What a page imports that is given a world: bundled by test/entries/bundle.test.ts. */
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
