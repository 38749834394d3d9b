/** Through MSW the mock answers its own paths, and leaves the others to the application. */
import type { RequestHandler } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { handlers, type HandlersOptions } from '../../src/entries/msw.ts'
import { mock, MockError, type Mock } from '../../src/entries/index.ts'
import { Browser } from '../support/browser.ts'
import { clientOf } from '../support/client.ts'

const messages: string[] = []
const authentik = mock({ token: 'key', log: (message) => messages.push(message) })
const urls: string[] = []
const server = setupServer()
const use = (...list: RequestHandler[]) => server.resetHandlers(...list)

beforeAll(() =>
  server.listen({
    onUnhandledFrame({ frame }) {
      urls.push((frame.data as { request: Request }).request.url)
      // The error keeps the request from going out.
      throw new Error('left')
    },
  }),
)
beforeEach(() => use(...handlers(authentik)))
afterEach(() => {
  urls.splice(0)
  messages.splice(0)
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})
afterAll(() => server.close())

describe('through MSW', () => {
  it.each([
    'http://authentik.test/api/v3/core/no_such_thing/',
    'http://authentik.test/app.js',
    'http://authentik.test/',
    'http://authentik.test//cdn//lib.js',
  ])('%s is left to onUnhandledFrame', async (url) => {
    await fetch(url)
    expect([urls, messages]).toEqual([[url], []])
  })

  it.each(['http://authentik.test', 'https://sso.company.example:8443', 'http://localhost'])(
    'the paths of the mock are answered on any origin: %s',
    async (origin) => {
      const { status } = await clientOf(origin, { token: 'key' }).get('/oauth2/authorization_codes/1/')
      expect([status, urls]).toEqual([200, []])
    },
  )

  it('a redirect keeps its relative location, as authentik sends it', async () => {
    const response = await fetch('http://authentik.test/api/v3//oauth2/authorization_codes/1/', { redirect: 'manual' })
    expect(response.headers.get('location')).toBe('/api/v3/oauth2/authorization_codes/1/')
  })

  it('what authentik has and the mock has not is 501 on any origin, and said in the log of the mock', async () => {
    const { status, json } = await clientOf('https://sso.company.example').get('/managed/blueprints/')
    expect([status, messages]).toEqual([501, [json.detail]])
    expect(json.detail).toContain('GET /api/v3/managed/blueprints/ is not emulated. Nearest: ')
  })

  it('no jar has cookies in Node: a session is the headers that logIn gives', async () => {
    const client = clientOf('http://authentik.test')
    const headers = await authentik.logIn('akadmin')
    expect((await client.get('/core/users/me/', { headers })).json.user.username).toBe('akadmin')
    expect((await client.get('/core/users/me/')).status).toBe(403)
    expect(
      (await client.delete('/oauth2/authorization_codes/2/', { headers: { Cookie: headers.Cookie } })).status,
    ).toBe(403)
    expect((await client.delete('/oauth2/authorization_codes/2/', { headers })).status).toBe(204)
  })
})

it('a login goes from the page to the token and the logout by fetch, with the cookies that the test keeps', async () => {
  const [{ client_id = '', client_secret = '' } = {}] = authentik.world.providers.values()
  const client = { client_id, client_secret, redirect_uri: 'http://localhost:8080/callback' }
  const wish = new URLSearchParams({ ...client, response_type: 'code', scope: 'openid' })
  const authorize = `/application/o/authorize/?${wish}`
  const browser = new Browser({ fetch })
  const { url } = await browser.logIn(await browser.open(authorize), 'akadmin', 'akadmin-password')
  const code = url.searchParams.get('code') ?? ''
  const exchange = () => {
    const body = new URLSearchParams({ ...client, grant_type: 'authorization_code', code })
    return fetch('http://authentik.test/application/o/token/', { method: 'POST', body })
  }
  const { access_token, id_token } = await (await exchange()).json()
  const headers = { Authorization: `Bearer ${access_token}` }
  const { sub } = await (await fetch('http://authentik.test/application/o/userinfo/', { headers })).json()
  expect(JSON.parse(atob(id_token.split('.')[1])).sub).toBe(sub)
  expect((await exchange()).status).toBe(400)
  expect((await browser.open(`${authorize}&prompt=none`)).url.searchParams.get('code')).toMatch(/^[0-9a-f]{32}$/)
  await browser.open('/flows/-/default/invalidation/')
  expect((await browser.open(`${authorize}&prompt=none`)).url.href).toContain('error=login_required')
  // Where a logout ends is the start page, which every site has.
  expect(urls).toEqual(['http://authentik.test/'])
})

describe('the option origin', () => {
  it.each([
    ['https://authentik.company', ['https://authentik.company']],
    ['HTTPS://Authentik.Company:443/', ['https://authentik.company']],
    [
      ['https://authentik.company', 'http://localhost:9000'],
      ['https://authentik.company', 'http://localhost:9000'],
    ],
  ])('%s: requests to it are answered, and no others', async (origin, origins) => {
    use(...handlers(authentik, { origin }))
    for (const answered of origins)
      expect((await clientOf(answered, { token: 'key' }).get('/core/users/me/')).status).toBe(200)
    expect(urls).toEqual([])
    for (const foreign of ['http://authentik.company', 'https://authentik.company:8443', 'http://localhost'])
      await fetch(`${foreign}/api/v3/core/users/me/`)
    expect(urls).toHaveLength(3)
  })

  it.each([
    ['/', 'origin "/" is none. Give one such as https://my.company'],
    ['authentik.company', 'origin "authentik.company" is none. Give one such as https://my.company'],
    ['localhost:9000', 'origin "localhost:9000" is none. Give one such as https://my.company'],
    ['ws://authentik.company', 'origin "ws://authentik.company" is none. Give one such as https://my.company'],
    ['', 'origin "" is none. Give one such as https://my.company'],
    ['null', 'origin "null" is none. Give one such as https://my.company'],
    ['https://a.test/api/v3', 'origin "https://a.test/api/v3" is more than an origin. Give https://a.test'],
    ['https://me@a.test', 'origin "https://me@a.test" is more than an origin. Give https://a.test'],
    ['https://a.test?x', 'origin "https://a.test?x" is more than an origin. Give https://a.test'],
    [[], 'origin is an empty list. Give one, or leave it out for any'],
    [['https://a.test', '*'], 'origin "*" is none. Give one such as https://my.company'],
    [5, 'origin is 5, and no text. Give one such as https://my.company'],
  ])('%j is refused', (origin, message) => {
    const make = () => handlers(authentik, { origin } as HandlersOptions)
    expect(make).toThrow(new MockError('ERR_OPTION', `Failed to make handlers: ${message}.`))
  })
})

describe('the option unhandled', () => {
  const URL_NOWHERE = 'http://authentik.test/api/v3/core/no_such_thing/'

  it('is 501 on an origin that is named: in the form of what the mock lacks, and said in its log', async () => {
    use(...handlers(authentik, { origin: 'http://authentik.test' }))
    const { status, headers, json } = await clientOf('http://authentik.test').get('/core/no_such_thing/')
    expect([status, headers.get('X-Authentik-Mock'), headers.get('Allow')]).toEqual([501, 'not-emulated', null])
    expect(headers.get('X-Powered-By')).toBe('authentik')
    expect(json.detail).toContain('GET /api/v3/core/no_such_thing/ is no path of authentik 2024.8.3. ')
    expect(messages).toEqual([json.detail])
  })

  it("is 501 on a page's own origin, whose dev server would answer with its index.html, and on no other", async () => {
    vi.stubGlobal('location', new URL('http://localhost:5173/app'))
    expect((await clientOf('http://localhost:5173').get('/core/no_such_thing/')).status).toBe(501)
    await fetch(URL_NOWHERE)
    expect(urls).toEqual([URL_NOWHERE])
  })

  it("bypass leaves it to the next handler, on the page's own origin too", async () => {
    use(...handlers(authentik, { origin: 'http://authentik.test', unhandled: 'bypass' }))
    await fetch(URL_NOWHERE)
    expect([urls, messages]).toEqual([[URL_NOWHERE], []])
  })

  it('501 is for every origin', async () => {
    use(...handlers(authentik, { unhandled: '501' }))
    expect((await fetch(URL_NOWHERE, { method: 'POST', body: '{}' })).status).toBe(501)
  })

  it('error is a network error, which the log and the console name', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    use(...handlers(authentik, { unhandled: 'error' }))
    await expect(fetch(URL_NOWHERE)).rejects.toThrow(TypeError)
    expect(messages).toEqual([
      expect.stringContaining('GET /api/v3/core/no_such_thing/ is no path of authentik 2024.8.3. '),
    ])
    expect(error.mock.calls).toEqual([[`[authentik-mock] ${messages[0]}`]])
    expect(urls).toEqual([])
    expect((await clientOf('http://authentik.test').get('/managed/blueprints/')).status).toBe(501)
  })

  it("concerns nothing beside authentik's own paths", async () => {
    use(...handlers(authentik, { unhandled: '501' }))
    for (const path of ['/', '/app.js', '/api/v2/core/users/', '/api/v3x/']) await fetch(`http://authentik.test${path}`)
    expect(urls).toHaveLength(4)
  })
})

describe('the options', () => {
  it.each([
    [{ orgin: 'x' }, 'there is no option "orgin". There are origin, unhandled, keep'],
    [{ unhandled: 501 }, 'unhandled is 501. Give "501" or "error" or "bypass"'],
    [{ unhandled: 'warn' }, 'unhandled is "warn". Give "501" or "error" or "bypass"'],
    [{ keep: 'local' }, 'keep is "local". Give "session"'],
    [{ keep: true }, 'keep is true. Give "session"'],
  ])('%j are refused', (options, message) => {
    const make = () => handlers(authentik, options as HandlersOptions)
    expect(make).toThrow(new MockError('ERR_OPTION', `Failed to make handlers: ${message}.`))
  })

  it.each([[undefined], [{ token: 'key' }]])('%j in place of a mock is refused', (options) => {
    const message = 'Failed to make handlers: the first argument is no mock. Write handlers(mock()).'
    expect(() => handlers(options as unknown as Mock)).toThrow(new MockError('ERR_OPTION', message))
  })

  it('that are undefined are as if they were left out', () => {
    expect(handlers(authentik, { keep: undefined, unhandled: undefined } as unknown as HandlersOptions)).toHaveLength(1)
  })

  it('keep is without effect in Node, where nothing is reloaded', async () => {
    const storage = new Map<string, string>()
    vi.stubGlobal('sessionStorage', storage)
    use(...handlers(authentik, { keep: 'session' }))
    const { status } = await clientOf('http://authentik.test', { token: 'key' }).delete(
      '/oauth2/authorization_codes/3/',
    )
    expect([status, storage.size]).toEqual([204, 0])
  })
})
