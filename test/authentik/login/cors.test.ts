/** Which pages may read the answers of the OAuth endpoints: those that authentik lets, whatever a server is told of other pages. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serve, type Server } from '../../../src/http/node/server.ts'
import { readyMock } from '../../support/client.ts'

/** One of the provider's redirect URIs, and one that the server is told of; one that is both is the usual case. */
const [CLIENT, DEV_PAGE] = ['http://localhost:5173', 'http://dev.example']

let server: Server
let logged: string[]
beforeAll(async () => {
  logged = []
  const log = (message: string) => void logged.push(message)
  server = await serve(await readyMock(), { port: 0, cors: [CLIENT, DEV_PAGE], log })
})
afterAll(() => server.close())

const post = (origin: string) =>
  ({
    method: 'POST',
    headers: { origin },
    body: new URLSearchParams({ grant_type: 'authorization_code', client_id: 'spa', code: 'none' }),
  }) as const
const read = (origin: string) => ({ headers: { origin } })

const allowed = async (path: string, init: RequestInit) =>
  (await fetch(server.url + path, init)).headers.get('Access-Control-Allow-Origin')

describe('a server that is told to allow pages', () => {
  it.each([
    ['/application/o/token/', post],
    ['/application/o/spa/.well-known/openid-configuration', read],
  ] as const)(
    'says once in the answer of %s that a page of a redirect URI may read it, and no other',
    async (path, init) => {
      expect([await allowed(path, init(CLIENT)), await allowed(path, init(DEV_PAGE))]).toEqual([CLIENT, null])
    },
  )

  it('lets any page ask whether it may, as authentik does', async () => {
    const headers = { origin: DEV_PAGE, 'Access-Control-Request-Method': 'POST' }
    const { status, headers: answer } = await fetch(`${server.url}/application/o/token/`, {
      method: 'OPTIONS',
      headers,
    })
    expect([status, answer.get('Access-Control-Allow-Methods')]).toEqual([200, 'GET, POST, OPTIONS'])
  })

  it('lets it read the API, and the JWKS which every page may', async () => {
    expect(await allowed('/api/v3/core/users/me/', read(DEV_PAGE))).toBe(DEV_PAGE)
    expect(await allowed('/application/o/spa/jwks/', read(DEV_PAGE))).toBe('*')
  })

  it('logs what a browser hides, and which addresses the provider would need', async () => {
    logged.length = 0
    await allowed('/application/o/token/', post(CLIENT))
    expect(logged).toEqual([])
    await allowed('/application/o/introspect/', post(DEV_PAGE))
    await allowed('/application/o/token/', post('http://localhost:49152'))
    expect(logged).toEqual([
      expect.stringMatching(/^A page of http:\/\/dev\.example sent a request/),
      expect.stringMatching(
        /^A page of http:\/\/localhost:49152 sent a request to \/application\/o\/token\/, .*redirect_uris/,
      ),
    ])
  })
})
