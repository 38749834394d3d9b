/** Scenarios: what goes wrong, for whom, how often, and as authentik itself would have it. */
import { createConnection } from 'node:net'
import { setupServer } from 'msw/node'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { control, type ControlledMock, type ScenarioDefinition } from '../../src/entries/control.ts'
import { mock, type MockOptions } from '../../src/entries/index.ts'
import { handlers } from '../../src/entries/msw.ts'
import { clientOf, readyMock, type Client } from '../support/client.ts'
import { controlledMock, onSocket } from '../support/control.ts'
import { triedReleases } from '../support/tier.ts'

afterEach(() => void vi.useRealTimers())

const NOW = '2024-09-27T14:26:18Z'
const ME = '/core/users/me/'

/** A mock under control, and who asks it. */
async function open(
  options: Parameters<typeof controlledMock>[0] = {},
): Promise<{ authentik: ControlledMock; admin: Client }> {
  const authentik = await controlledMock({ now: NOW, ...options })
  return { authentik, admin: clientOf(authentik as never, { token: authentik.tokens().superuser! }) }
}

describe('a scenario is for', () => {
  it.each<[what: string, definition: ScenarioDefinition, struck: string[]]>([
    ['one operation', { operationId: 'core_users_list' }, ['GET /core/users/', 'HEAD /core/users/']],
    ['one path', { path: '/api/v3/core/users/2/' }, ['GET /core/users/2/', 'DELETE /core/users/2/']],
    [
      'all paths with a beginning',
      { path: '/api/v3/core/users/*', method: 'get' },
      ['GET /core/users/', 'GET /core/users/2/', 'GET /core/users/me/'],
    ],
    ['one method', { method: 'DELETE' }, ['DELETE /core/users/2/']],
    ['one kind', { kind: 'oauth' }, ['GET /../../application/o/userinfo/']],
    [
      'one user',
      { user: 'akadmin', method: 'GET', path: '/api/v3/*' },
      ['GET /core/users/', 'GET /core/users/2/', 'GET /core/users/me/'],
    ],
    ['nobody who is not there', { user: 'ghost' }, []],
  ])('%s', async (_name, definition, expected) => {
    const { authentik, admin } = await open()
    authentik.scenario({ status: 418, ...definition })
    const requests = ['GET /core/users/', 'HEAD /core/users/', 'GET /core/users/2/', 'GET /core/users/me/']
    const struck: string[] = []
    for (const request of [...requests, 'GET /../../application/o/userinfo/', 'DELETE /core/users/2/']) {
      const [method = '', path = ''] = request.split(' ')
      if ((await admin.send(method, path)).status === 418) struck.push(request)
    }
    expect(struck).toEqual(expected)
    const user = clientOf(authentik as never, { token: authentik.tokens().user! })
    const isForAll = definition.user === undefined && definition.path === '/api/v3/core/users/*'
    expect((await user.get(ME)).status).toBe(isForAll ? 418 : 200)
  })

  it('a path whatever stands before it: a base path, or a namespace', async () => {
    const { authentik } = await open({ basePath: '/auth/', release: '2025.12' })
    const space = authentik.namespace('one')
    for (const world of [authentik, space]) world.scenario({ path: '/api/v3/root/config/', status: 418 })
    const statusOf = async (target: ControlledMock, path: string, headers = {}) =>
      (await target.fetch(`http://authentik.test${path}`, { headers })).status
    const header = { 'X-Authentik-Mock-Namespace': 'one' }
    expect(await statusOf(authentik, '/auth/api/v3/root/config/')).toBe(418)
    expect(await statusOf(authentik, '/auth/-/mock/ns/one/api/v3/root/config/')).toBe(418)
    expect(await statusOf(authentik, '/auth/api/v3/root/config/', header)).toBe(418)
    expect(space.journal.count({ path: '/api/v3/root/config/' })).toBe(2)
  })

  it('so many requests, or one', async () => {
    const { authentik, admin } = await open()
    authentik.scenario({ status: 500, count: 2 })
    authentik.scenario({ status: 429, once: true })
    const statuses = []
    for (let request = 0; request < 4; request++) statuses.push((await admin.get(ME)).status)
    // The one that was added last is asked first.
    expect(statuses).toEqual([429, 500, 500, 200])
    expect(authentik.scenarios.list()).toEqual([])
  })

  it('those behind the first, which it leaves to the others', async () => {
    const { authentik, admin } = await open()
    authentik.scenario({ status: 500, operationId: 'core_users_list' })
    authentik.scenario({ status: 429 })
    authentik.scenario({ status: 503, skip: 2, once: true })
    const statuses = []
    for (let request = 0; request < 4; request++) statuses.push((await admin.get(ME)).status)
    expect(statuses).toEqual([429, 429, 503, 429])
  })

  it.each([
    ['one that was added before answers count', [1, 2], [200, 501, 502, 200]],
    ['one that was added later answers do not', [2, 1], [200, 501, 200, 502]],
  ] as const)('those behind the first, of which those that %s', async (_title, skips, expected) => {
    const { authentik, admin } = await open()
    for (const skip of skips) authentik.scenario({ status: 500 + skip, skip, once: true })
    const statuses = []
    for (let request = 0; request < 4; request++) statuses.push((await admin.get(ME)).status)
    expect(statuses).toEqual(expected)
  })

  it('a part of them, which the seed decides', async () => {
    const strikes = async (seed: number) => {
      const { authentik, admin } = await open({ seed })
      authentik.scenario({ status: 500, probability: 0.5 })
      const statuses = []
      for (let request = 0; request < 40; request++) statuses.push((await admin.get(ME)).status)
      const again = []
      await authentik.reset()
      authentik.scenario({ status: 500, probability: 0.5 })
      for (let request = 0; request < 40; request++) again.push((await admin.get(ME)).status)
      expect(again).toEqual(statuses)
      return statuses
    }
    const first = await strikes(1)
    expect(await strikes(1)).toEqual(first)
    expect(await strikes(2)).not.toEqual(first)
    const share = first.filter((status) => status === 500).length / first.length
    expect(share).toBeGreaterThan(0.2)
    expect(share).toBeLessThan(0.8)
  })

  it('the request of a page, not for the question whether it may be sent', async () => {
    const { authentik } = await open()
    const socket = await onSocket(authentik, { cors: ['http://localhost:5173'] })
    authentik.scenario({ status: 503, once: true })
    const origin = { Origin: 'http://localhost:5173' }
    const preflight = { ...origin, 'Access-Control-Request-Method': 'GET' }
    expect((await socket.send('/api/v3/root/config/', { method: 'OPTIONS', headers: preflight })).status).toBe(204)
    const answer = await socket.send('/api/v3/root/config/', { headers: origin })
    expect([answer.status, answer.headers.get('Access-Control-Allow-Origin')]).toEqual([503, origin.Origin])
    await socket.close()
  })
})

/** Whether a text begins as another does, and is no JSON. */
function isBroken(text: unknown, whole: string): boolean {
  try {
    JSON.parse(String(text))
    return false
  } catch {
    return String(text).startsWith(whole.slice(0, 20))
  }
}

describe('a scenario answers with', () => {
  it.each([
    [401, { detail: 'Authentication credentials were not provided.' }],
    [403, { detail: 'You do not have permission to perform this action.' }],
    [404, { detail: 'Not found.' }],
    [429, { detail: 'Request was throttled. Expected available in 1 second.' }],
    [405, { detail: 'Method "GET" not allowed.' }],
  ])("authentik's own text for %i", async (status, body) => {
    const { authentik, admin } = await open()
    authentik.scenario({ status })
    const answer = await admin.get(ME)
    expect([answer.status, answer.json]).toEqual([status, body])
    expect(answer.headers.get('X-authentik-id')).toMatch(/^[0-9a-f]{32}$/)
    expect(answer.headers.get('X-Powered-By')).toBe('authentik')
  })

  it('a body and headers of its own, over those of the status', async () => {
    const { authentik, admin } = await open()
    authentik.scenario({ status: 500, body: { broken: true }, headers: { 'x-powered-by': 'nginx' }, once: true })
    const first = await admin.get(ME)
    expect([first.status, first.json, first.headers.get('X-Powered-By')]).toEqual([500, { broken: true }, 'nginx'])
    authentik.scenario({ body: 'plain', headers: { 'Content-Type': 'text/plain' }, once: true })
    const second = await admin.get(ME)
    expect([second.status, second.text, second.headers.get('Content-Type')]).toEqual([200, 'plain', 'text/plain'])
    authentik.scenario({ status: 204 })
    expect((await admin.get(ME)).text).toBe('')
  })

  it('a delay, fixed or between two, while others are answered', async () => {
    const { authentik, admin } = await open()
    authentik.scenario({ operationId: 'core_users_me_retrieve', latency: 5000, once: true })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let isDone = false
    const late = admin.get(ME).then((answer) => {
      isDone = true
      return answer
    })
    expect((await admin.get('/root/config/')).status).toBe(200)
    await vi.advanceTimersByTimeAsync(4999)
    expect(isDone).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect((await late).status).toBe(200)
    expect(authentik.journal.find({ scenario: 'scenario-1' })[0]?.outcome).toBe('answered')

    const delays: number[] = []
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(((task: () => void, delay: number) => {
      delays.push(delay)
      task()
    }) as never)
    authentik.scenario({ latency: [100, 300] })
    for (let request = 0; request < 30; request++) await admin.get(ME)
    vi.restoreAllMocks()
    expect(delays).toHaveLength(30)
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(100)
    expect(Math.max(...delays)).toBeLessThanOrEqual(300)
    expect(new Set(delays).size).toBeGreaterThan(10)
  })

  it('a connection that is reset: on a socket, by fetch and through MSW', async () => {
    const { authentik } = await open()
    authentik.scenario({ reset: true })
    const socket = await onSocket(authentik)
    const code = await new Promise((resolve) => {
      const connection = createConnection(socket.port, '127.0.0.1')
      connection.on('error', (error: NodeJS.ErrnoException) => resolve(error.code)).on('end', () => resolve('ended'))
      connection.end('GET /api/v3/root/config/ HTTP/1.1\r\nHost: localhost\r\n\r\n')
    })
    expect(code).toBe('ECONNRESET')
    await expect(socket.send('/api/v3/root/config/')).rejects.toThrow('fetch failed')
    await expect(authentik.fetch('/api/v3/root/config/')).rejects.toThrow(TypeError)
    await socket.close()
    const server = setupServer(...handlers(authentik))
    server.listen()
    const failure = await fetch('http://authentik.test/api/v3/root/config/').catch((error: unknown) => error)
    server.close()
    expect(failure).toBeInstanceOf(TypeError)
    expect(authentik.journal.find()).toHaveLength(4)
    expect(authentik.journal.find({ outcome: 'scenario' }).map(({ response }) => response)).toEqual([
      null,
      null,
      null,
      null,
    ])
  })

  it.each(['truncated', 'broken'] as const)('a %s body: on a socket and by fetch', async (damage) => {
    const { authentik } = await open()
    const whole = await (await authentik.fetch('/api/v3/root/config/')).text()
    authentik.scenario({ damage })
    const socket = await onSocket(authentik)
    for (const send of [socket.send, authentik.fetch] as const)
      for (const encoding of ['identity', 'gzip']) {
        const response = await send('/api/v3/root/config/', { headers: { 'Accept-Encoding': encoding } })
        expect(response.status).toBe(200)
        const text = await response.text().catch((error: unknown) => error)
        const isAsSaid = damage === 'truncated' ? text instanceof TypeError : isBroken(text, whole)
        expect([encoding, isAsSaid]).toEqual([encoding, true])
      }
    const empty = await authentik.fetch('/api/v3/core/users/2/', {
      method: 'DELETE',
      headers: { Authorization: `Bearer ${authentik.tokens().superuser}` },
    })
    expect([empty.status, await empty.text()]).toEqual([204, ''])
    await socket.close()
  })
})

describe('a scenario that may never strike', () => {
  const doubtsOf = async (definition: ScenarioDefinition, options: MockOptions = {}) => {
    const heard: string[] = []
    const authentik = control(await readyMock({ ...options, log: (message) => heard.push(message) }))
    authentik.scenario({ status: 418, ...definition })
    await new Promise((resolve) => setTimeout(resolve, 50))
    return heard
  }

  it.each<[definition: ScenarioDefinition, doubt: RegExp]>([
    [
      { path: '/api/v3/core/usres/' },
      /GET \S+ is no path of authentik 2024\.8\.3\. Nearest: GET \/api\/v3\/core\/users\/ \(/,
    ],
    [{ path: '/api/v3/core/users' }, /has no final slash, .*: add the slash, /],
    [{ path: '/api/v3/cor/*' }, /no path of authentik 2024\.8\.3 begins with \/api\/v3\/cor\/$/],
    [{ path: '/application/o/token' }, /has no final slash/],
    [{ user: 'akadmim' }, /there is no user "akadmim" yet; the nearest is akadmin$/],
  ])('is added, because what it is for may come, and the log says so: %j', async (definition, doubt) => {
    const heard = await doubtsOf(definition)
    expect(heard).toEqual([expect.stringMatching(/^The scenario scenario-1 may never strike: /)])
    expect(heard[0]).toMatch(doubt)
  })

  it.each<ScenarioDefinition>([
    { path: '/api/v3/core/users/' },
    { path: '/api/v3/core/us*' },
    { path: '/api/v3/core/users/1/*' },
    { path: '/api/v3/managed/blueprints/' },
    { path: '/application/o/spa/jwks/' },
    { path: '/if/admin/' },
    { path: '/*' },
    { user: 'akadmin' },
    { user: 'ak-CI-client_credentials' },
    { method: 'delete' },
  ])('is not one that is for what authentik has: %j', async (definition) => {
    expect(await doubtsOf(definition)).toEqual([])
  })

  it('is not one for a path below the base path', async () => {
    expect(await doubtsOf({ path: '/auth/api/v3/core/users/' }, { basePath: '/auth/' })).toEqual([])
  })

  it.each<[definition: object, problem: string]>([
    [{ method: 'FOO' }, 'method: "FOO" is not a method, such as GET'],
    ...['Content-Length', 'transfer-encoding', 'Trailer'].map((name): [object, string] => [
      { headers: { [name]: '5' } },
      `headers: {"${name}":"5"} is not an object of texts without Content-Length, Transfer-Encoding and Trailer, which the server writes`,
    ]),
    [{ once: true, count: 3 }, 'count: is 3 beside once, which is a count of 1; leave one of them out'],
  ])('by itself is refused: %j', async (definition, problem) => {
    const { authentik } = await open()
    expect(() => authentik.scenario({ status: 418, ...definition })).toThrow(problem)
    expect(authentik.scenarios.list()).toEqual([])
  })
})

describe('a named scenario is what authentik itself', () => {
  it.each(['2024.8.3', '2025.8.6', '2025.10.0', '2026.8.3'])('answers while it starts, in %s', async (release) => {
    const { authentik } = await open({ release })
    authentik.scenario({ name: 'starting' })
    const isOld = release === '2024.8.3' || release === '2025.8.6'
    const message = 'failed to connect to authentik backend: authentik starting'
    const ask = async (accept: string) => {
      const response = await authentik.fetch('/api/v3/core/users/', { headers: { Accept: accept } })
      const { headers } = response
      return [response.status, headers.get('Retry-After'), headers.get('Content-Type'), await response.text()]
    }
    const plain = 'text/plain; charset=utf-8'
    const [status, retry] = isOld ? [502, null] : [503, '5']
    expect(await ask('application/json')).toEqual([
      status,
      retry,
      'application/json',
      JSON.stringify({ error: isOld ? message : 'authentik starting' }),
    ])
    expect(await ask('*/*')).toEqual([status, retry, plain, isOld ? message : 'authentik starting'])
    const page = await ask('text/html,application/xhtml+xml')
    expect(page[2]).toBe(isOld ? plain : 'text/html; charset=utf-8')
    // The front answers, before authentik itself has seen anything.
    const { headers } = await authentik.fetch('/api/v3/core/users/')
    expect([headers.get('X-Powered-By'), headers.get('X-authentik-id')]).toEqual(['authentik', null])
    authentik.scenarios.clear()
    authentik.scenario({ status: isOld ? 502 : 503 })
    expect((await authentik.fetch('/api/v3/core/users/')).headers.get('X-authentik-id')).toBeNull()
  })

  it.each(triedReleases())('refuses with, in %s', async (release) => {
    const { authentik, admin } = await open({ release })
    const partsOf = ({ status, text, headers }: Awaited<ReturnType<Client['get']>>) => {
      const rest = [...headers].filter(([name]) => name !== 'x-authentik-id' && name !== 'allow' && name !== 'date')
      return [status, text, rest]
    }
    const struck = async (name: string, ask: () => ReturnType<Client['get']>) => {
      authentik.scenario({ name, once: true })
      return partsOf(await ask())
    }
    const refused = partsOf(await admin.get(ME, { token: 'wrong' }))
    expect(await struck('token-expired', () => admin.get(ME))).toEqual(refused)
    const lacking = partsOf(await admin.post('/core/groups/', { name: 'x' }, { token: authentik.tokens().user! }))
    expect(lacking[0]).toBe(403)
    expect(await struck('permission-missing', () => admin.post('/core/groups/', { name: 'x' }))).toEqual(lacking)
    const { Cookie } = await authentik.logIn('akadmin')
    const browser = clientOf(authentik as never, { headers: { Cookie } })
    const failed = partsOf(await browser.post('/core/groups/', { name: 'x' }))
    expect(failed[1]).toBe('{"detail":"CSRF Failed: CSRF token missing."}')
    expect(await struck('csrf-failed', () => browser.post('/core/groups/', { name: 'x' }))).toEqual(failed)
  })

  it('concerns no more than it says', async () => {
    const { authentik, admin } = await open()
    const statuses = async (name: string) => {
      authentik.scenario({ name })
      const anonymous = clientOf(authentik as never)
      const { Cookie } = await authentik.logIn('akadmin')
      const browser = clientOf(authentik as never, { headers: { Cookie } })
      const answers = [
        await admin.get(ME),
        await anonymous.get('/root/config/'),
        await browser.get(ME),
        await browser.post('/core/groups/', { name: crypto.randomUUID() }),
        await anonymous.get('/../../-/health/live/'),
      ]
      authentik.scenarios.clear()
      return answers.map(({ status }) => status)
    }
    expect(await statuses('token-expired')).toEqual([403, 200, 200, 403, 200])
    expect(await statuses('permission-missing')).toEqual([403, 200, 403, 403, 200])
    expect(await statuses('csrf-failed')).toEqual([200, 200, 200, 403, 200])
    expect(await statuses('rate-limited')).toEqual([429, 429, 429, 429, 200])
    expect(await statuses('html-error-500')).toEqual([500, 500, 500, 405, 200])
    expect(await statuses('starting')).toEqual([502, 502, 502, 502, 502])
  })

  it('is throttled with, and broken by', async () => {
    const { authentik, admin } = await open()
    authentik.scenario({ name: 'rate-limited', once: true })
    const throttled = await admin.get(ME)
    expect([throttled.headers.get('Retry-After'), throttled.json.detail]).toEqual([
      '1',
      'Request was throttled. Expected available in 1 second.',
    ])
    authentik.scenario({ name: 'html-error-500' })
    const broken = await admin.get(ME)
    expect([broken.headers.get('Content-Type'), broken.text]).toEqual([
      'text/html; charset=utf-8',
      expect.stringMatching(/<h1>Server Error<\/h1>.*Go home/s),
    ])
    const written = await admin.post('/core/groups/', { name: 'x' })
    expect([written.status, written.text, written.headers.get('Allow')]).toEqual([405, '', 'GET, HEAD, OPTIONS'])
  })

  it('slow takes one to three seconds, or as long as is said beside it', async () => {
    const { authentik } = await open()
    expect(authentik.scenario({ name: 'slow' })).toMatchObject({ name: 'slow', latency: [1000, 3000] })
    expect(authentik.scenario({ name: 'slow', latency: undefined } as never)).toMatchObject({ latency: [1000, 3000] })
    expect(authentik.scenario({ name: 'slow', latency: 5, user: 'akadmin' })).toMatchObject({ latency: 5 })
  })
})

describe('leaks-client-secret', () => {
  it.each(['2024.8.3', '2025.12.4', '2026.2.2'])('changes nothing in %s, which leaks by itself', async (release) => {
    const { authentik, admin } = await open({ release })
    expect(() => authentik.scenario({ name: 'leaks-client-secret' })).toThrow(
      /name: "leaks-client-secret" changes nothing: .* shows it by itself: it was cured in 2025\.12\.5 and 2026\.2\.3/,
    )
    const { json } = await admin.get('/oauth2/authorization_codes/1/')
    expect(json.provider.client_secret).toBe(authentik.world.providers.get(json.provider.pk)?.client_secret)
  })

  it.each([
    ['2025.12.5', '2025.12.4'],
    ['2026.2.3', '2026.2.2'],
  ])('makes %s answer as %s did', async (cured, leaking) => {
    const [{ authentik, admin }, old] = await Promise.all([open({ release: cured }), open({ release: leaking })])
    const path = '/oauth2/authorization_codes/1/'
    expect((await admin.get(path)).text).not.toContain('client_secret')
    authentik.scenario({ name: 'leaks-client-secret' })
    expect((await admin.get(path)).json['provider']).toEqual((await old.admin.get(path)).json['provider'])
    expect(Object.keys((await admin.get(path)).json['provider'])).toEqual(
      Object.keys((await old.admin.get(path)).json['provider']),
    )
    const list = await admin.get('/oauth2/access_tokens/')
    expect(list.json['results'].every((row: { provider: object }) => 'client_secret' in row.provider)).toBe(true)
    expect((await admin.get('/core/users/')).text).not.toContain('client_secret')
  })
})

it('a scenario costs nothing where there is none: answers are as without control', async () => {
  const { authentik, admin } = await open()
  const plain = mock({ now: NOW })
  await plain.ready
  const twin = clientOf(plain, { token: plain.tokens().superuser! })
  for (const path of [ME, '/core/users/', '/nothing/', '/root/config/'])
    expect((await admin.get(path)).text).toBe((await twin.get(path)).text)
  expect(authentik.journal.count()).toBe(4)
})
