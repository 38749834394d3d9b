/** Namespaces: worlds beside the mock's own, in which nothing is seen of each other. */
import { array, assert, asyncProperty, constantFrom } from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { control, type ControlledMock } from '../../src/entries/control.ts'
import { mock } from '../../src/entries/index.ts'
import { Browser } from '../support/browser.ts'
import { clientOf, readyMock, worldOf } from '../support/client.ts'
import { askerIn, controlledMock, sendIn } from '../support/control.ts'
import { isWhole } from '../support/tier.ts'
import { claimsOf, OAuthClient } from '../support/oauth-client.ts'

afterEach(() => void vi.useRealTimers())

const HEADER = 'X-Authentik-Mock-Namespace'
const NOW = '2024-09-27T14:26:18Z'

/** Sends to a namespace, by its header or by its path. */
const ways: Readonly<Record<string, (authentik: ControlledMock, name: string) => Pick<ControlledMock, 'fetch'>>> = {
  header: (authentik, name) => ({
    fetch: (input, init) => {
      const request = new Request(input as string, init)
      request.headers.set(HEADER, name)
      return authentik.fetch(request)
    },
  }),
  path: (authentik, name) => ({
    fetch(input, init) {
      const url = new URL(input instanceof Request ? input.url : String(input))
      const prefix = `${authentik.basePath}-/mock/ns/${name}`
      if (!url.pathname.startsWith(prefix)) url.pathname = prefix + url.pathname
      return authentik.fetch(input instanceof Request ? new Request(url, input) : url, init)
    },
  }),
}

describe.each(['header', 'path'] as const)('a namespace, named by its %s,', (way) => {
  let authentik: ControlledMock
  beforeEach(async () => {
    authentik = await controlledMock({ now: NOW })
  })

  it('has a world, a clock, scenarios and a journal of its own', async () => {
    const place = ways[way]!(authentik, 'one')
    const token = authentik.tokens().superuser!
    const headers = { Authorization: `Bearer ${token}` }
    const url = 'http://authentik.test/api/v3/core/users/2/'
    expect((await place.fetch(url, { method: 'DELETE', headers })).status).toBe(204)
    expect([(await place.fetch(url, { headers })).status, (await authentik.fetch(url, { headers })).status]).toEqual([
      404, 200,
    ])
    const space = authentik.namespace('one')
    space.clock.freeze('2030-01-01T00:00:00Z')
    expect((await place.fetch(url, { headers })).headers.get('Date')).toContain('2030')
    expect((await authentik.fetch(url, { headers })).headers.get('Date')).toContain('2024')
    space.scenario({ status: 418 })
    expect([(await place.fetch(url)).status, (await authentik.fetch(url, { headers })).status]).toEqual([418, 200])
    expect([space.journal.size, authentik.journal.size]).toEqual([4, 3])
    await space.reset()
    expect(worldOf(space as never)).toEqual(worldOf(authentik as never))
    expect([space.journal.size, authentik.journal.size, space.clock.now()]).toEqual([0, 3, authentik.clock.now()])
  })

  it('knows the seeded tokens, and what is minted or logged in stays in it', async () => {
    const place = ways[way]!(authentik, 'one')
    expect(authentik.namespace('one').tokens()).toEqual(authentik.tokens())
    const { key } = await authentik.namespace('one').tokens({ user: 'akadmin' })
    const ask = (target: Pick<ControlledMock, 'fetch'>, headers: Record<string, string>) =>
      target.fetch('http://authentik.test/api/v3/core/users/me/', { headers }).then(({ status }) => status)
    const session = await authentik.namespace('one').logIn('akadmin')
    for (const headers of [{ Authorization: `Bearer ${key}` }, { Cookie: session.Cookie }])
      expect([await ask(place, headers), await ask(authentik, headers)]).toEqual([200, 403])
    const { value } = await authentik
      .namespace('one')
      .mint({ kind: 'authorization_codes', user: 'akadmin', provider: 1 })
    expect((await new OAuthClient(authentik as never).exchange(value)).json['error']).toBe('invalid_grant')
    const client = new OAuthClient(authentik as never, { send: place.fetch as never })
    expect((await client.exchange(value)).status).toBe(200)
  })

  it('leads a browser through a whole login, and a client to its own endpoints', async () => {
    const place = ways[way]!(authentik, 'one')
    const prefix = way === 'path' ? '/-/mock/ns/one' : ''
    const { json: discovery } = await clientOf((path, init) => place.fetch(`http://authentik.test${path}`, init), {
      prefix: '',
    }).get('/application/o/web/.well-known/openid-configuration')
    expect(discovery.issuer).toBe(`http://authentik.test${prefix}/application/o/web/`)
    expect(discovery.token_endpoint).toBe(`http://authentik.test${prefix}/application/o/token/`)
    const client = new OAuthClient(authentik as never, { provider: 6, send: place.fetch as never })
    const browser = new Browser(place)
    const redirected = await browser.authorize(
      `${prefix}/application/o/authorize/?${client.query({ scope: 'openid' })}`,
      'akadmin',
      'akadmin-password',
    )
    const code = redirected.url.searchParams.get('code') ?? ''
    const { json } = await client.exchange(code)
    expect(claimsOf(json['id_token'])['iss']).toBe(discovery.issuer)
    const cookies = authentik
      .namespace('one')
      .journal.find()
      .flatMap(({ response }) => response?.headers ?? [])
      .filter(({ name }) => name === 'Set-Cookie')
    expect(cookies.length).toBeGreaterThan(0)
    for (const { value } of cookies) expect(value).toContain(`Path=${prefix}/`)
    expect(authentik.journal.size).toBe(0)
  })

  it('is controlled there: its verbs are the same', async () => {
    const ask =
      way === 'path'
        ? askerIn(authentik, '/-/mock/ns/one')
        : (((method, path, body) => askerIn(authentik)(method, path, body, { [HEADER]: 'one' })) satisfies ReturnType<
            typeof askerIn
          >)
    await ask('PATCH', 'clock/', { moveBy: '+1h' })
    await ask('POST', 'scenarios/', { name: 'slow' })
    await ask('PATCH', 'world/', { users: [{ pk: 2, name: 'Of one' }] })
    expect((await ask('GET', 'status/')).json).toMatchObject({
      namespace: 'one',
      clock: { now: '2024-09-27T15:26:18Z' },
    })
    expect(authentik.world.users.get(2)?.name).not.toBe('Of one')
    expect([authentik.namespace('one').scenarios.list().length, authentik.scenarios.list().length]).toEqual([1, 0])
    expect(authentik.clock.now()).toBe(Date.parse(NOW))
    await ask('POST', 'reset/')
    expect(authentik.namespace('one').world.users.get(2)?.name).toBe(authentik.world.users.get(2)?.name)
    expect((await ask('POST', 'seed/', { seed: 9 })).status).toBe(204)
    expect([authentik.namespace('one').seed, authentik.seed]).toEqual([9, 1])
  })
})

describe('a name', () => {
  it.each(['a b', '', 'a'.repeat(65), 'ü', '.', '..', '<b>'])('cannot be %j', async (name) => {
    const authentik = await controlledMock()
    const message = /a name has 1 to 64 letters, digits, and signs of -\._~, not dots alone/
    expect(() => authentik.namespace(name)).toThrow(message)
    // A header carries no other signs.
    const header = name.replace(/[^\x20-\x7e]/g, '?')
    const response = await authentik.fetch('/api/v3/root/config/', { headers: { [HEADER]: header } })
    expect([response.status, (await response.json()).detail]).toEqual([400, expect.stringMatching(message)])
    expect(authentik.namespaces()).toEqual([])
  })

  it.each(['a', 'A-b_c.d~9', 'worker.1', 'a'.repeat(64), '__proto__', 'constructor'])('may be %j', async (name) => {
    const authentik = await controlledMock()
    const send = sendIn(authentik)
    expect((await send('/api/v3/root/config/', { headers: { [HEADER]: name } })).status).toBe(200)
    expect((await send(`/-/mock/ns/${name}/api/v3/root/config/`)).status).toBe(200)
    expect(authentik.namespaces()).toMatchObject([{ name, requests: 2 }])
    expect((await askerIn(authentik)('DELETE', `namespaces/${name}/`)).status).toBe(204)
    expect(authentik.namespaces()).toEqual([])
  })
})

it('stands below a base path too', async () => {
  const authentik = await controlledMock({ basePath: '/auth/', release: '2025.12' })
  const send = sendIn(authentik)
  expect((await send('/auth/-/mock/ns/one/')).headers.get('Location')).toMatch(/^\/auth\/-\/mock\/ns\/one\//)
  expect((await send('/auth/-/mock/ns/one/api/v3/root/config/')).status).toBe(200)
  expect((await send('/auth/api/v3/root/config/', { headers: { [HEADER]: 'one' } })).status).toBe(200)
  expect((await send('/-/mock/ns/one/api/v3/root/config/')).status).toBe(404)
  expect(authentik.namespaces()).toMatchObject([{ name: 'one', requests: 3 }])
})

it('is waited for, as every answer is, where the world is not filled yet', async () => {
  const authentik = control(mock())
  const answers = ['one', 'two'].map((name) => authentik.fetch('/api/v3/root/config/', { headers: { [HEADER]: name } }))
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200])
})

describe('how long it is there', () => {
  it('is an hour after it was asked last, by whichever way', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const authentik = await controlledMock()
    const send = (path = '/api/v3/root/config/') => authentik.fetch(path, { headers: { [HEADER]: 'one' } })
    await send()
    const space = authentik.namespace('one')
    await space.world.users.update(2, { name: 'Changed' })
    const nameNow = () => authentik.namespace('one').world.users.get(2)?.name
    vi.advanceTimersByTime(3_599_000)
    await send()
    vi.advanceTimersByTime(3_599_000)
    // A program that holds its mock asks it, too.
    await space.fetch('/api/v3/root/config/')
    vi.advanceTimersByTime(3_599_000)
    expect(authentik.namespaces()).toHaveLength(1)
    expect(nameNow()).toBe('Changed')
    vi.advanceTimersByTime(3_601_000)
    expect(nameNow()).not.toBe('Changed')
    vi.advanceTimersByTime(3_601_000)
    expect(authentik.namespaces()).toEqual([])
    await authentik.fetch('/-/mock/ns/one/api/v3/root/config/')
    expect(authentik.namespaces()).toMatchObject([{ requests: 1 }])
  })

  it('is longer while somebody listens to it', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const authentik = await controlledMock()
    const stop = authentik.namespace('one').on('journal', () => {})
    vi.advanceTimersByTime(7_200_000)
    expect(authentik.namespaces()).toHaveLength(1)
    stop()
    expect(authentik.namespaces()).toEqual([])
  })

  it('ends when it is deleted', async () => {
    const authentik = await controlledMock()
    await authentik.namespace('one').world.users.delete(2)
    expect([authentik.deleteNamespace('one'), authentik.deleteNamespace('one')]).toEqual([true, false])
    expect(authentik.namespace('one').world.users.has(2)).toBe(true)
  })
})

it('32 workers and as many worlds: of what one does, no other sees anything', async () => {
  const authentik = await controlledMock({ now: NOW })
  const operations = isWhole ? 20_000 : 128
  const token = authentik.tokens().superuser!
  const work = async (worker: number) => {
    const name = `worker-${worker}`
    const way = worker % 2 ? 'path' : 'header'
    const target = ways[way]!(authentik, name)
    const client = clientOf((path, init) => target.fetch(`http://authentik.test${path}`, init), { token })
    const prefix = way === 'path' ? `/-/mock/ns/${name}` : ''
    const ask: ReturnType<typeof askerIn> = (method, path, body) =>
      askerIn(authentik, prefix)(method, path, body, way === 'path' ? {} : { [HEADER]: name })
    const slugs = new Set<string>()
    let [requests, moved, seed] = [0, 0, worker + 1]
    let slug = ''
    const steps: (() => Promise<unknown>)[] = [
      async () => {
        expect((await client.post('/core/applications/', { name: slug, slug })).status).toBe(201)
        slugs.add(slug)
        requests++
      },
      async () => {
        const { json } = await client.get('/core/applications/', { query: { page_size: '1000', search: 'worker-' } })
        expect(new Set(json.results.map((row: { slug: string }) => row.slug))).toEqual(slugs)
        requests++
      },
      async () => {
        await ask('PATCH', 'clock/', { moveBy: 1000 })
        moved += 1000
      },
      async () => {
        const now = new Date(Date.parse(NOW) + moved).toISOString().replace('.000', '')
        expect((await ask('GET', 'clock/')).json['now']).toBe(now)
      },
      async () => {
        await ask('POST', 'scenarios/', { status: 418, once: true, path: '/api/v3/core/users/me/' })
        expect((await client.get('/core/users/me/')).status).toBe(418)
        expect((await client.get('/core/users/me/')).status).toBe(200)
        requests += 2
      },
      async () => {
        expect((await ask('GET', 'status/')).json['namespace']).toBe(name)
        expect(authentik.namespace(name).journal.size).toBe(Math.min(requests, 1000))
      },
      async () => {
        if (seed % 3) return
        await ask('POST', 'reset/')
        slugs.clear()
        ;[requests, moved] = [0, 0]
      },
    ]
    for (let step = 0; step < operations / 32; step++) {
      seed = (seed * 48_271) % 2_147_483_647
      slug = `${name}-${step}`
      await steps[seed % 7]!()
    }
  }
  await Promise.all(Array.from({ length: 32 }, (_, worker) => work(worker)))
  expect(authentik.namespaces()).toHaveLength(32)
  expect([authentik.journal.size, authentik.clock.now()]).toEqual([0, Date.parse(NOW)])
  expect(worldOf(authentik as never)).toEqual(worldOf((await controlledMock({ now: NOW })) as never))
}, 300_000)

it('whatever a path or a name is, it is answered, and never by another namespace', async () => {
  const authentik = await controlledMock()
  await authentik.namespace('secret').world.users.update(2, { name: 'Of the secret one' })
  const token = authentik.tokens().superuser!
  const piece = constantFrom(
    '-',
    'mock',
    'ns',
    'secre',
    '..',
    '.',
    '',
    '%2d',
    '%2F',
    'api',
    'v3',
    'core',
    'users',
    '2',
    '%',
    'x',
  )
  await assert(
    asyncProperty(array(piece, { maxLength: 9 }), async (pieces) => {
      const call = {
        method: 'GET',
        path: `/${pieces.join('/')}`,
        query: '',
        header: (name: string) =>
          name === 'authorization' ? `Bearer ${token}` : name === 'host' ? 'localhost' : undefined,
        body: async () => '',
      }
      const { status, body } = await authentik.answer(call)
      expect(status).toBeLessThan(500)
      expect(body).not.toContain('Of the secret one')
    }),
    { numRuns: isWhole ? 2000 : 40 },
  )
})

describe('a namespace with options of its own', () => {
  it('is of another release, with another login, token and clock, and the rest is as the mock was given it', async () => {
    const authentik = control(mock({ codes: 3, token: 'shared-key' }))
    const options = { release: '2025.12', login: 'auto', now: NOW, token: 'own-key' } as const
    const space = await authentik.createNamespace('newer', options)
    expect([space.release, authentik.release]).toEqual(['2025.12.6', '2024.8.3'])
    expect(space.clock.now()).toBe(Date.parse(NOW))
    expect([space.world.authorization_codes.size, authentik.world.authorization_codes.size]).toEqual([3, 3])
    expect([space.tokens().superuser, authentik.tokens().superuser]).toEqual(['own-key', 'shared-key'])
    const client = new OAuthClient(authentik as never)
    const path = `/-/mock/ns/newer/application/o/authorize/?${client.query({ scope: 'openid' })}`
    const redirected = await sendIn(authentik)(path)
    expect(new URL(redirected.headers.get('Location') ?? '').searchParams.get('code')).toMatch(/^\w+$/)
  })

  it('is seeded anew where a seed is given, though the mock was given a world, and is reset to that', async () => {
    const authentik = control(mock({ world: (await readyMock()).world.toJSON() }))
    const space = await authentik.createNamespace('seeded', { seed: 7, codes: 2 })
    await space.world.authorization_codes.delete(1)
    await space.reset()
    expect([space.seed, space.world.authorization_codes.size]).toEqual([7, 2])
  })

  it('is made by HTTP, with a world, and begins as the mock began without options', async () => {
    const authentik = await controlledMock()
    const ask = askerIn(authentik)
    const world = { ...authentik.world.toJSON(), authorization_codes: [] }
    const answer = await ask('POST', 'namespaces/', { name: 'empty', options: { world } })
    expect([answer.status, answer.json]).toEqual([201, { name: 'empty', used: expect.any(String), requests: 0 }])
    expect((await ask('POST', 'namespaces/', { name: 'plain' })).status).toBe(201)
    expect(authentik.namespace('empty').world.authorization_codes.size).toBe(0)
    expect(authentik.namespace('plain').world.authorization_codes.size).toBe(20)
  })

  it('is refused with what is wrong, and then there is none', async () => {
    const authentik = await controlledMock()
    const ask = askerIn(authentik)
    authentik.namespace('taken')
    const faults: [object, string][] = [
      [{ name: 'taken' }, 'the namespace "taken" is there already'],
      [{ name: 'a/b' }, 'Failed to find the namespace "a/b"'],
      [{ name: 'new', options: { relase: '2025.12' } }, 'there is no option "relase". The nearest is release'],
      [{ name: 'new', options: { basePath: '/auth/' } }, 'options.basePath: is that of the whole mock'],
      [{ name: 'new', options: { world: { users: 1 } } }, 'Failed to load the world'],
    ]
    for (const [body, detail] of faults) {
      const { status, json } = await ask('POST', 'namespaces/', body)
      expect([status, json['detail']]).toEqual([400, expect.stringContaining(detail)])
    }
    expect(authentik.namespaces().map(({ name }) => name)).toEqual(['taken'])
  })
})
