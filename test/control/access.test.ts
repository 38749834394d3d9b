/** Who may use the control API: whoever has its token, and no page of another origin. */
import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { control, type ControlledMock } from '../../src/entries/control.ts'
import { mock, MockError } from '../../src/entries/index.ts'
import { controlledMock, onSocket, sendIn, type Way } from '../support/control.ts'

const TOKEN = 'the-token'
const bearer = { Authorization: `Bearer ${TOKEN}` }

describe('the token', () => {
  it('is a random one unless it is given, and no header may be unable to carry it', () => {
    const [first, second] = [control(mock()).control.token, control(mock()).control.token]
    expect(first).toMatch(/^[\w-]{32}$/)
    expect(first).not.toBe(second)
    expect(control(mock(), { token: TOKEN }).control).toEqual({ token: TOKEN, path: '/-/mock/api/' })
    for (const token of ['', 'two words', 'ü', 'line\n'])
      expect(() => control(mock(), { token })).toThrow(/^Failed to control the mock: token holds/)
    expect(() => control(mock(), { tokn: 'x' } as never)).toThrow(MockError)
  })

  it.each([
    ['none', {}],
    ['a wrong one', { Authorization: 'Bearer wrong' }],
    ['the beginning of it', { Authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['more than it', { Authorization: `Bearer ${TOKEN}x` }],
    ['it twice', { Authorization: `Bearer ${TOKEN}${TOKEN}` }],
    ['it by another scheme', { Authorization: `Basic ${btoa(`:${TOKEN}`)}` }],
    ['it without a scheme', { Authorization: TOKEN }],
    ['it as the cookie of a page', { Cookie: `authentik_mock_control=${TOKEN}` }],
  ])('401 is the answer to %s, on every path below the API', async (_name, headers) => {
    const send = sendIn(await controlledMock({}, { token: TOKEN }))
    for (const path of ['status/', 'schema/', 'events/', 'nothing/', 'journal/?clear=true', '']) {
      const response = await send(`/-/mock/api/${path}`, { headers: headers as Record<string, string> })
      expect([path, response.status]).toEqual([path, 401])
      expect(response.headers.get('WWW-Authenticate')).toBe('Bearer realm="authentik-mock"')
      expect((await response.json()).detail).toMatch(/takes its own token: Authorization: Bearer TOKEN/)
    }
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'])
      expect((await send('/-/mock/api/reset/', { method, headers: headers as Record<string, string> })).status).toBe(
        401,
      )
    expect((await send('/-/mock/api/status/?token=the-token', { headers: headers as never })).status).toBe(401)
  })

  it('is none of authentik, nor is one of authentik this', async () => {
    const authentik = await controlledMock({}, { token: TOKEN })
    const send = sendIn(authentik)
    expect((await send('/api/v3/core/users/me/', { headers: bearer })).status).toBe(403)
    const headers = { Authorization: `Bearer ${authentik.tokens().superuser}` }
    expect((await send('/-/mock/api/status/', { headers })).status).toBe(401)
  })
})

describe('the link', () => {
  it('is exchanged once for a cookie that only pages of the mock send', async () => {
    const send = sendIn(await controlledMock({}, { token: TOKEN }))
    expect((await send('/-/mock/?token=wrong')).headers.get('Set-Cookie')).toBeNull()
    const response = await send(`/-/mock/?token=${TOKEN}`)
    expect([response.status, response.headers.get('Location')]).toEqual([303, '/-/mock/'])
    const cookie = response.headers.get('Set-Cookie') ?? ''
    expect(cookie).toMatch(/^authentik_mock_control=[0-9a-f]{48}; HttpOnly; Path=\/-\/mock\/; SameSite=Strict$/)
    expect(response.headers.get('Referrer-Policy')).toBe('same-origin')
    expect(response.headers.get('Cache-Control')).toBe('no-store')
    const headers = { Cookie: cookie.split(';')[0]! }
    expect((await send('/-/mock/api/status/', { headers })).status).toBe(200)
    expect((await send(`/-/mock/?token=${TOKEN}`)).headers.get('Set-Cookie')).toBeNull()
    expect((await send('/-/mock/api/status/', { headers })).status).toBe(200)
  })

  it('stands below the base path, and its cookie is Secure by HTTPS', async () => {
    const authentik = await controlledMock({ basePath: '/auth/', release: '2025.12' }, { token: TOKEN })
    const response = await authentik.fetch(`https://authentik.test/auth/-/mock/?token=${TOKEN}`, { redirect: 'manual' })
    expect(response.headers.get('Location')).toBe('/auth/-/mock/')
    expect(response.headers.get('Set-Cookie')).toMatch(/; Path=\/auth\/-\/mock\/; SameSite=Strict; Secure$/)
    expect((await sendIn(authentik)('/-/mock/api/status/', { headers: bearer })).status).toBe(404)
    expect((await sendIn(authentik)('/auth/-/mock/api/status/', { headers: bearer })).status).toBe(200)
  })

  it('a form lets a page in that has no link any more', async () => {
    const send = sendIn(await controlledMock({}, { token: TOKEN }))
    const enter = (token: string) => send('/-/mock/', { method: 'POST', body: new URLSearchParams({ token }) })
    expect((await enter('wrong')).headers.get('Set-Cookie')).toBeNull()
    for (let page = 0; page < 3; page++) {
      const response = await enter(TOKEN)
      expect([response.status, response.headers.get('Set-Cookie')]).toEqual([303, expect.stringMatching(/HttpOnly/)])
    }
  })
})

describe('a page of another origin', () => {
  let authentik: ControlledMock
  let way: Way & { url: string; port: number }
  let cookie = ''
  beforeAll(async () => {
    authentik = await controlledMock({}, { token: TOKEN })
    way = await onSocket(authentik, { cors: ['http://localhost:5173', '*'] })
    cookie = (await way.send(`/-/mock/?token=${TOKEN}`)).headers.get('Set-Cookie')!.split(';')[0]!
  })
  afterAll(() => way.close())

  /** Sends what a browser would: Node's own client lets a test say Host, Origin and Sec-Fetch-Site. */
  const ask = (method: string, path: string, headers: Record<string, string>, body = '') =>
    new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
      const request = httpRequest({ port: way.port, method, path, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => (text += part))
        response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }))
      })
      request.on('error', reject).end(body)
    })

  const PAGES: [name: string, headers: Record<string, string>][] = [
    ['by its Origin', { Origin: 'http://evil.example' }],
    ['of no origin', { Origin: 'null' }],
    ['that --cors allows', { Origin: 'http://localhost:5173' }],
    ['of another port of this machine', { Origin: 'http://127.0.0.1:1' }],
    ['by Sec-Fetch-Site: cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['by Sec-Fetch-Site: same-site', { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'no-cors' }],
    ['that navigates with a form', { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', Origin: 'null' }],
  ]
  it.each(PAGES)('can neither read nor drive it, %s', async (_name, headers) => {
    const state = authentik.scenarios.list()
    for (const credentials of [{ Cookie: cookie }, bearer, {}] as Record<string, string>[])
      for (const [method, path] of [
        ['GET', 'world/'],
        ['GET', 'journal/?clear=true'],
        ['GET', 'events/'],
        ['POST', 'reset/'],
        ['POST', 'scenarios/'],
        ['DELETE', 'scenarios/'],
      ] as const) {
        const sent = { ...headers, ...credentials, 'Content-Type': 'text/plain' }
        const answer = await ask(method, `/-/mock/api/${path}`, sent, method === 'POST' ? '{"name":"slow"}' : '')
        expect([path, answer.status, answer.headers['access-control-allow-origin']]).toEqual([path, 403, undefined])
        expect(answer.text).toContain('A page of another origin asks')
      }
    expect(authentik.scenarios.list()).toEqual(state)
  })

  it('gets no leave to ask, and none to read, even from --cors *', async () => {
    for (const origin of ['http://evil.example', 'http://localhost:5173']) {
      const preflight = { Origin: origin, 'Access-Control-Request-Method': 'POST' }
      const answer = await ask('OPTIONS', '/-/mock/api/reset/', preflight)
      expect([answer.status, Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))]).toEqual([
        403,
        [],
      ])
      // authentik's own paths it may read.
      expect(
        (await ask('OPTIONS', '/api/v3/core/users/', preflight)).headers['access-control-allow-origin'],
      ).toBeDefined()
    }
    const answer = await ask('GET', '/-/mock/api/status/', {
      ...bearer,
      Origin: `http://127.0.0.1:${way.port}`,
      Host: `127.0.0.1:${way.port}`,
    })
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, undefined])
  })

  it('that has its own name lead to this machine is refused by its Host', async () => {
    const answer = await ask('GET', '/-/mock/api/status/', {
      ...bearer,
      Host: 'evil.example',
      Origin: 'http://evil.example',
    })
    expect(answer.status).toBe(421)
    expect(authentik.journal.find({ outcome: 'refused' }).at(-1)?.response?.status).toBe(421)
  })

  it('may link to the page, whose cookie does not come along, and frames nothing', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }
    const answer = await ask('GET', '/-/mock/', headers)
    expect([answer.status, answer.headers['x-frame-options']]).toEqual([401, 'DENY'])
    expect((await ask('GET', '/-/mock/api/world/', headers)).status).toBe(401)
  })

  it('is what a page of the mock itself is not', async () => {
    const host = `127.0.0.1:${way.port}`
    const headers = { Cookie: cookie, Host: host, Origin: `http://${host}`, 'Sec-Fetch-Site': 'same-origin' }
    expect((await ask('POST', '/-/mock/api/reset/', headers)).status).toBe(204)
  })
})

it('authentik has none of it on its own paths', async () => {
  const authentik = await controlledMock({}, { token: TOKEN })
  const plain = mock()
  const paths = [
    '/',
    '/api/v3/',
    '/api/v3/-/mock/api/status/',
    '/api/v3/schema/',
    '/if/-/mock/api/',
    '/-/health/live/',
    '/-/mock',
  ]
  for (const path of paths) {
    const answers = [sendIn(authentik), sendIn(plain)].map((send) => send(path, { headers: bearer }))
    const [ours, theirs] = await Promise.all(answers)
    expect([path, ours!.status, [...ours!.headers.keys()]]).toEqual([path, theirs!.status, [...theirs!.headers.keys()]])
  }
  const unclean = await sendIn(authentik)('//-/mock/api/status/', { headers: bearer })
  expect([unclean.status, unclean.headers.get('Location')]).toEqual([301, '/-/mock/api/status/'])
  expect((await sendIn(plain)('/-/mock/api/status/', { headers: bearer })).status).toBe(404)
})
