/** authentik's own generated client reads what the mock answers. */
import { Configuration, Oauth2Api, ResponseError } from '@goauthentik/api'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { handlers } from '../../src/entries/msw.ts'
import { serve, type Server } from '../../src/http/node/server.ts'
import { mock } from '../../src/entries/index.ts'

const own = mock({ codes: 40 })

function describeClient(
  way: string,
  open: () => Promise<{ basePath: string; close: () => void | Promise<void> }>,
): void {
  describe(`@goauthentik/api 2024.8.3, ${way}`, () => {
    let at: Awaited<ReturnType<typeof open>>
    const client = (accessToken = own.tokens().superuser!) =>
      new Oauth2Api(new Configuration({ basePath: at.basePath, accessToken }))
    beforeAll(async () => {
      await own.ready
      at = await open()
    })
    afterAll(() => at.close())

    it('reads every seeded code', async () => {
      for (const { pk, expires, scope, user, provider } of own.world.named('authorization_codes').all()) {
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
        const { response } = error as ResponseError
        return [response.status, await response.json()]
      }
      expect(await failure(999_999)).toEqual([404, { detail: 'Not found.' }])
      expect(await failure(1, 'nope')).toEqual([403, { detail: 'Token invalid/expired' }])
    })
  })
}

describeClient('through MSW', async () => {
  const server = setupServer(...handlers(own))
  server.listen({ onUnhandledFrame: 'error' })
  return { basePath: 'https://authentik.test/api/v3', close: () => server.close() }
})

describeClient('over the socket', async () => {
  const server: Server = await serve(own, { port: 0 })
  return { basePath: `${server.url}/api/v3`, close: () => server.close() }
})
