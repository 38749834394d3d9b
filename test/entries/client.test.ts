/** authentik's own generated client reads what the mock answers. */
import { Configuration, Oauth2Api, ResponseError } from '@goauthentik/api'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handlers } from '../../src/entries/msw.ts'
import { serve, type Server } from '../../src/http/node/server.ts'
import { mock } from '../../src/entries/index.ts'
import { rowsOf } from '../support/client.ts'

const authentik = mock({ codes: 40 })

function describeClient(
  way: string,
  open: () => Promise<{ basePath: string; close: () => void | Promise<void> }>,
): void {
  describe(`@goauthentik/api 2024.8.3, ${way}`, () => {
    let server: Awaited<ReturnType<typeof open>>
    const client = (accessToken = authentik.tokens().superuser ?? 'missing') =>
      new Oauth2Api(new Configuration({ basePath: server.basePath, accessToken }))
    beforeAll(async () => {
      await authentik.ready
      server = await open()
    })
    afterAll(() => server.close())

    it('reads every seeded code', async () => {
      for (const { pk, expires, scope, user, provider } of rowsOf(authentik, 'authorization_codes').list()) {
        const code = await client().oauth2AuthorizationCodesRetrieve({ id: pk })
        expect([code.pk, code.user.pk, code.provider.pk, code.scope.join(' ')]).toEqual([pk, user, provider, scope])
        expect(code.expires ?? null).toEqual(expires && new Date(expires))
        expect(code.isExpired).toBe(expires !== null && Date.parse(expires) < Date.now())
        expect(code.user.groupsObj?.map((group) => group.pk)).toEqual(code.user.groups)
        expect(code.provider.assignedApplicationSlug).toEqual(expect.any(String))
      }
    })

    it('gets the status and the body of an answer that is not 200', async () => {
      const failure = async (id: number, token?: string) => {
        const error: unknown = await client(token)
          .oauth2AuthorizationCodesRetrieve({ id })
          .catch((thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(ResponseError)
        return error instanceof ResponseError && [error.response.status, await error.response.json()]
      }
      expect(await failure(999_999)).toEqual([404, { detail: 'Not found.' }])
      expect(await failure(1, 'nope')).toEqual([403, { detail: 'Token invalid/expired' }])
    })
  })
}

describeClient('through MSW', async () => {
  const server = setupServer(...handlers(authentik))
  server.listen({ onUnhandledFrame: 'error' })
  return { basePath: 'https://authentik.test/api/v3', close: () => server.close() }
})

describeClient('over the socket', async () => {
  const server: Server = await serve(authentik, { port: 0 })
  return { basePath: `${server.url}/api/v3`, close: () => server.close() }
})
