/** A mock is fetched from as a server is. */
import { Configuration, CoreApi } from '@goauthentik/api'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { mock } from '../../src/entries/index.ts'
import { handlers } from '../../src/entries/msw.ts'
import { readyMock, rowsOf } from '../support/client.ts'
import { setupServer } from 'msw/node'

const ME = '/api/v3/core/users/me/'
const CODE = 'http://authentik.test/api/v3//oauth2/authorization_codes/1/?x=1#part'
const headers = { Authorization: 'Bearer key' }
const open = () => readyMock({ token: 'key' })

afterEach(() => vi.unstubAllGlobals())

describe('fetch', () => {
  it('takes a text, a URL and a request, each with what else is asked', async () => {
    const { fetch } = await open()
    const url = `http://localhost${ME}`
    const inputs = [url, new URL(url), new Request(url), new Request(url, { method: 'DELETE', headers: { A: 'b' } })]
    for (const input of inputs) expect((await fetch(input, { method: 'GET', headers })).status).toBe(200)
    expect((await fetch(new Request(url, { headers }))).status).toBe(200)
  })

  it('takes a relative address, below that of the page where there is one', async () => {
    const { fetch } = await open()
    expect((await fetch(ME, { headers })).url).toBe(`http://localhost${ME}`)
    vi.stubGlobal('location', new URL('https://authentik.company/if/admin/'))
    expect((await fetch('../../api/v3/core/users/me/', { headers })).url).toBe(`https://authentik.company${ME}`)
    vi.stubGlobal('location', new URL('about:blank'))
    expect((await fetch(ME, { headers })).url).toBe(`http://localhost${ME}`)
  })

  it('is what authentik’s own client fetches with', async () => {
    const { fetch } = await open()
    const client = new CoreApi(new Configuration({ basePath: '/api/v3', accessToken: 'key', fetchApi: fetch }))
    expect((await client.coreUsersMeRetrieve()).user.username).toBe('akadmin')
    const application = await client.coreApplicationsCreate({ applicationRequest: { name: 'Books', slug: 'books' } })
    expect(application.slug).toBe('books')
  })

  it('sends a stream, and a form, which is of another media type', async () => {
    const { fetch } = await open()
    const stream = new Blob(['{"name": "Books", ', '"slug": "books"}']).stream()
    const init = { method: 'POST', headers: { ...headers, 'Content-Type': 'application/json' }, duplex: 'half' }
    expect((await fetch('/api/v3/core/applications/', { ...init, body: stream })).status).toBe(201)
    const form = new FormData()
    form.set('name', 'Films')
    expect((await fetch('/api/v3/core/applications/', { method: 'POST', headers, body: form })).status).toBe(415)
  })

  it('rejects as that of a server does: with what is no request, and for a body that was read', async () => {
    const { fetch } = await open()
    const request = new Request(`http://localhost${ME}`, { method: 'POST', headers, body: '{}' })
    await request.text()
    await expect(fetch(request)).rejects.toThrow(TypeError)
    await expect(fetch('http://')).rejects.toThrow(TypeError)
  })

  it.each(['ftp://localhost/', 'file:///tmp/a.json', 'data:text/plain,a', 'blob:http://localhost/a'])(
    'answers for no other protocol than that of a server: %s is a TypeError that says so',
    async (url) => {
      const { fetch } = await open()
      const { protocol } = new URL(url)
      await expect(fetch(url)).rejects.toThrow(
        new TypeError(`Failed to fetch ${protocol} the mock has http: and https:.`),
      )
    },
  )

  it('is given up by a signal: at once, or while the mock is not ready', async () => {
    const reason = new Error('The page was left.')
    await expect(mock().fetch(ME, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const response = mock().fetch(ME, { signal: controller.signal })
    controller.abort(reason)
    await expect(response).rejects.toBe(reason)
    const { fetch } = await open()
    expect((await fetch(ME, { headers, signal: new AbortController().signal })).status).toBe(200)
  })
})

describe('a redirect', () => {
  it('is followed, and the response says where it comes from', async () => {
    const { fetch } = await open()
    const response = await fetch(CODE, { headers })
    expect([response.status, response.redirected, response.url]).toEqual([
      200,
      true,
      'http://authentik.test/api/v3/oauth2/authorization_codes/1/?x=1',
    ])
    expect((await fetch(ME, { headers })).redirected).toBe(false)
  })

  it('of a POST is followed with GET, and one of a DELETE with DELETE, as by every client', async () => {
    const authentik = await open()
    const body = JSON.stringify({ name: 'Books', slug: 'books' })
    const post = await authentik.fetch('/api/v3//core/applications/', { method: 'POST', headers, body })
    expect([post.status, (await post.json()).pagination.current]).toEqual([200, 1])
    expect((await authentik.fetch(CODE, { method: 'DELETE', headers })).status).toBe(204)
    expect(rowsOf(authentik, 'authorization_codes').has(1)).toBe(false)
  })

  it('is the response, or a TypeError, where the caller says so', async () => {
    const { fetch } = await open()
    const response = await fetch(CODE, { redirect: 'manual' })
    expect([response.status, response.headers.get('Location')]).toEqual([
      301,
      '/api/v3/oauth2/authorization_codes/1/?x=1',
    ])
    await expect(fetch(CODE, { redirect: 'error' })).rejects.toThrow(TypeError)
  })

  it('has the same Location with a document and without, in process and through MSW', async () => {
    const authentik = await open()
    const server = setupServer(...handlers(authentik))
    server.listen()
    try {
      for (const document of [undefined, {}]) {
        vi.stubGlobal('document', document)
        for (const fetchCode of [authentik.fetch, fetch])
          expect((await fetchCode(CODE, { redirect: 'manual' })).headers.get('Location')).toBe(
            '/api/v3/oauth2/authorization_codes/1/?x=1',
          )
      }
    } finally {
      server.close()
    }
  })
})

describe('a path without its final slash', () => {
  it.each([
    ['GET', '/api/v3/core/users', 404],
    ['HEAD', '/api/v3/core/users/2', 404],
    ['POST', '/api/v3/core/applications', 405],
    ['GET', '/api/v3/managed/blueprints', 404],
  ])('is unknown as in authentik, and header and log say "add the slash": %s %s', async (method, path, status) => {
    const lines: string[] = []
    const authentik = await readyMock({ token: 'key', log: (line) => lines.push(line) })
    const response = await authentik.fetch(path, { method, headers })
    expect([response.status, response.headers.get('X-Authentik-Mock'), lines]).toEqual([
      status,
      'add the slash',
      [`${method} ${path} has no final slash, so that authentik does not know it either: add the slash, ${path}/`],
    ])
    expect(response.headers.get('Content-Type')).toBe('text/html; charset=utf-8')
  })

  it('is answered so through MSW, too, and does not go out to a server', async () => {
    const server = setupServer(...handlers(await open()))
    server.listen({ onUnhandledFrame: 'error' })
    try {
      const response = await fetch('http://authentik.test/api/v3/core/users', { headers })
      expect([response.status, response.headers.get('X-Authentik-Mock')]).toEqual([404, 'add the slash'])
    } finally {
      server.close()
    }
  })

  it('where nothing stands with one either, is like any other', async () => {
    const authentik = await open()
    const response = await authentik.fetch('/api/v3/core/no_such_thing')
    expect([response.status, response.headers.get('X-Authentik-Mock')]).toEqual([404, 'not-emulated'])
  })
})

it('the tokens are not told before there are any', async () => {
  const authentik = mock({ token: 'key' })
  expect(() => authentik.tokens()).toThrow('Failed to read the tokens: the world is not filled yet. Await ready.')
  await authentik.ready
  expect(authentik.tokens()).toEqual({ superuser: 'key', user: expect.any(String) })
})
