/** Which pages may read the answers of the OAuth endpoints: those that authentik lets, whatever a server is told of other pages. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serve, type Server } from '../../../src/http/node/server.ts'
import { readyMock } from '../../support/client.ts'
import { cpuOf, leastOf } from '../../support/cost.ts'

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

describe('an Origin', () => {
  const DISCOVERY = '/application/o/spa/.well-known/openid-configuration'
  const statusOf = async (origin: string) => (await (await readyMock()).fetch(DISCOVERY, read(origin))).status

  it.each(['http://[::1]', 'http://[::1]:5173', 'http://[fe80::1%eth0]', 'http://[::ffff:127.0.0.1]', 'http://[v1.a]'])(
    'with brackets that Python reads is answered: %s',
    async (origin) => expect(await statusOf(origin)).toBe(200),
  )

  it.each(['http://[::1', 'http://::1]', 'http://]::1[', 'http://[:::]', 'http://[127.0.0.1]', 'http://[V1.a]'])(
    "with brackets that Python does not read breaks authentik's server: %s",
    async (origin) => expect(await statusOf(origin)).toBe(500),
  )

  it('that breaks it is told of with the status that the page got', async () => {
    const heard: string[] = []
    const authentik = await readyMock({ log: (message) => heard.push(message) })
    const { status } = await authentik.fetch('/application/o/token/', post('http://[::1'))
    expect([status, heard]).toEqual([405, ['A page got the status 405: the Origin "http://[::1" is no address.']])
  })

  it.each(['[:', '[v1.', '[:%', ':'])(
    'is read in time that grows with its length: %j again and again',
    async (part) => {
      const authentik = await readyMock()
      const origin = `http://[${part.repeat(64_000 / part.length)}`
      expect(await leastOf(1000, () => cpuOf(() => authentik.fetch(DISCOVERY, read(origin))))).toBeLessThan(1000)
    },
  )
})
