/** The journal: what was asked and answered, kept as it was, found, counted, waited for. */
import { connect } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ControlledMock, JournalEntry } from '../../src/entries/control.ts'
import { handlers } from '../../src/entries/msw.ts'
import { setupServer } from 'msw/node'
import { clientOf } from '../support/client.ts'
import { askerIn, controlledMock, onSocket } from '../support/control.ts'

afterEach(() => void vi.useRealTimers())

async function open() {
  const authentik = await controlledMock({ now: '2024-09-27T14:26:18Z' })
  return { authentik, admin: clientOf(authentik as never, { token: authentik.tokens().superuser! }) }
}

describe('an entry says', () => {
  it('what was asked and answered, who asked, and why it was answered so', async () => {
    const { authentik, admin } = await open()
    await admin.get('/core/users/?search=ak', { headers: { 'X-Custom': 'mine' } })
    const [entry] = authentik.journal.find()
    expect(entry).toMatchObject({
      id: 1,
      time: '2024-09-27T14:26:18Z',
      kind: 'api',
      operationId: 'core_users_list',
      user: 'akadmin',
      outcome: 'answered',
      scenario: null,
      request: { method: 'GET', path: '/api/v3/core/users/', query: 'search=ak', body: '' },
      reasons: [
        'The caller is akadmin, a superuser, by the header Authorization: Bearer.',
        'The filters of the query decided which rows: search=ak.',
      ],
      changes: [],
    })
    expect(entry!.request.headers).toContainEqual({ name: 'x-custom', value: 'mine' })
    expect(JSON.parse(entry!.response!.body).results.length).toBeGreaterThan(0)
    expect(entry!.milliseconds).toBeGreaterThan(0)
  })

  it.each<[what: string, ask: (parts: Awaited<ReturnType<typeof open>>) => Promise<unknown>, expected: object]>([
    [
      'nobody asked',
      ({ admin }) => admin.get('/core/users/', { token: 'x' }),
      { user: null, reasons: [expect.stringContaining('The caller is nobody: the header'), expect.anything()] },
    ],
    [
      'a row is not there',
      ({ admin }) => admin.get('/core/users/999/'),
      { reasons: [expect.anything(), 'There is no row 999.'] },
    ],
    [
      'a row may not be seen',
      ({ admin, authentik }) => admin.get('/core/users/1/', { token: authentik.tokens().user! }),
      {
        reasons: [
          expect.stringContaining('an ordinary user'),
          expect.stringContaining('authentik says: '),
          'It takes the permission view_user, or a superuser.',
        ],
      },
    ],
    [
      'a permission lacks',
      ({ admin, authentik }) => admin.post('/core/groups/', { name: 'x' }, { token: authentik.tokens().user! }),
      {
        reasons: [
          expect.anything(),
          'authentik says: You do not have permission to perform this action.',
          'It takes the permission add_group, or a superuser.',
        ],
      },
    ],
    [
      'a slash lacks',
      ({ admin }) => admin.get('/core/users'),
      { reasons: [expect.stringMatching(/^GET \/api\/v3\/core\/users has no final slash, .* add the slash, /)] },
    ],
    [
      'the mock has it not',
      ({ admin }) => admin.get('/events/rules/'),
      {
        outcome: 'not-emulated',
        reasons: [expect.stringMatching(/^GET \/api\/v3\/events\/rules\/ is not emulated\. Nearest: GET /)],
      },
    ],
    [
      'authentik has it not',
      ({ admin }) => admin.get('/no/such/thing/'),
      {
        kind: 'api',
        operationId: null,
        reasons: [expect.stringMatching(/^GET \/api\/v3\/no\/such\/thing\/ is no path of authentik 2024\.8\.3\. /)],
      },
    ],
    [
      'a row was made, and what authentik wrote of it',
      ({ admin }) => admin.post('/core/applications/', { name: 'x', slug: 'x' }),
      {
        changes: ['applications', 'events'].map((resource) => ({
          resource,
          action: 'create',
          key: expect.any(String),
        })),
      },
    ],
    [
      'rows were deleted',
      ({ admin }) => admin.delete('/core/users/2/'),
      { changes: expect.arrayContaining([{ resource: 'users', action: 'delete', key: 2 }]) },
    ],
  ])('that %s', async (_name, ask, expected) => {
    const parts = await open()
    await ask(parts)
    expect(parts.authentik.journal.find()).toEqual([expect.objectContaining(expected)])
  })

  it('that the mock itself failed', async () => {
    const { authentik } = await open()
    authentik.scenario({ status: 500 })
    const call = {
      method: 'GET',
      path: '/x',
      query: '',
      header: () => {
        throw new Error('broken')
      },
      body: async () => '',
    }
    await expect((async () => authentik.answer(call))()).rejects.toThrow('broken')
    expect(authentik.journal.count({ outcome: 'failed' })).toBeLessThanOrEqual(1)
  })
})

describe('what was refused stands in it too:', () => {
  it('a foreign Host, a body that is too long, an expectation, a tunnel; and --verbose would say so', async () => {
    const { authentik } = await open()
    const socket = await onSocket(authentik)
    const send = (text: string) =>
      new Promise<void>((resolve) => {
        const connection = connect(socket.port, '127.0.0.1', () => connection.write(text))
        connection
          .on('data', () => connection.destroy())
          .on('close', () => resolve())
          .on('error', () => {})
      })
    await send('GET /api/v3/ HTTP/1.1\r\nHost: evil.example\r\n\r\n')
    await send('GET /api/v3/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n')
    await send('POST /api/v3/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n')
    await send('POST /api/v3/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n')
    await send('GET /api/v3/ HTTP/1.1\r\nHost: localhost\r\nExpect: the-impossible\r\n\r\n')
    await send('CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await socket.close()
    const refused = authentik.journal.find({ outcome: 'refused' })
    expect(refused.map(({ response }) => response?.status)).toEqual([421, 400, 413, 413, 417, 405])
    expect(refused[0]?.reasons[0]).toMatch(
      /^It was refused before the mock saw it: authentik-mock: The host "evil\.example"/,
    )
  })

  it('a namespace that cannot be, and what MSW has answered with 501', async () => {
    const { authentik } = await open()
    const response = await authentik.fetch('/api/v3/root/config/', { headers: { 'X-Authentik-Mock-Namespace': 'a b' } })
    expect(response.status).toBe(400)
    const server = setupServer(...handlers(authentik, { unhandled: '501' }))
    server.listen()
    const path = '/api/v3/no/such/thing/'
    expect((await fetch(`http://authentik.test${path}`)).status).toBe(501)
    await fetch(`http://authentik.test${path}`, { headers: { 'X-Authentik-Mock-Namespace': 'one' }, method: 'POST' })
    server.close()
    expect(authentik.journal.find().map(({ outcome }) => outcome)).toEqual(['refused', 'not-emulated'])
    expect(authentik.namespace('one').journal.count({ path, method: 'POST', outcome: 'not-emulated' })).toBe(1)
  })
})

describe('it keeps', () => {
  it('the last thousand requests, whose numbers go on', async () => {
    const { authentik } = await open()
    const header = () => undefined
    for (let request = 0; request < 1203; request++)
      await authentik.answer({ method: 'GET', path: '/-/health/live/', query: '', header, body: async () => '' })
    const entries = authentik.journal.find()
    expect([entries.length, entries[0]?.id, entries.at(-1)?.id]).toEqual([1000, 204, 1203])
    expect(authentik.journal.get(203)).toBeUndefined()
    authentik.journal.clear()
    await authentik.fetch('/-/health/live/')
    expect(authentik.journal.find().map(({ id }) => id)).toEqual([1204])
  })

  it('8 MiB, be they of requests or of answers, and each as it was', async () => {
    const { authentik, admin } = await open()
    const text = 'x'.repeat(100_000)
    for (let request = 0; request < 48; request++)
      await admin.patch('/core/applications/spa/', { meta_description: `${request} ${text}` })
    const { journal } = authentik
    expect(journal.size).toBeLessThan(48)
    expect(journal.size).toBeGreaterThan(15)
    for (const { id, request, response } of journal.find({}, { clear: true })) {
      expect(request.body).toBe(JSON.stringify({ meta_description: `${id - 1} ${text}` }))
      expect(JSON.parse(response!.body).meta_description).toBe(`${id - 1} ${text}`)
    }
  })
})

describe('it finds', () => {
  it('by operation, method, path, status, kind, outcome, user, scenario, what came after, and writes', async () => {
    const { authentik, admin } = await open()
    await admin.get('/core/users/')
    await admin.post('/core/applications/', { name: 'x', slug: 'x' })
    await admin.get('/core/users/999/', { token: authentik.tokens().user! })
    await authentik.fetch('/application/o/userinfo/')
    authentik.scenario({ name: 'rate-limited', once: true })
    await admin.delete('/core/users/2/')
    const ids = (filter: object) => authentik.journal.find(filter).map(({ id }) => id)
    expect(ids({ operationId: 'core_users_list' })).toEqual([1])
    expect(ids({ method: 'post' })).toEqual([2])
    expect(ids({ path: '/api/v3/core/users/*' })).toEqual([1, 3, 5])
    expect(ids({ path: '/api/v3/core/users/' })).toEqual([1])
    expect(ids({ status: 429 })).toEqual([5])
    expect(ids({ kind: 'oauth' })).toEqual([4])
    expect(ids({ user: 'akadmin' })).toEqual([1, 2, 5])
    expect(ids({ outcome: 'scenario' })).toEqual([5])
    expect(ids({ scenario: 'rate-limited' })).toEqual([5])
    expect(ids({ after: 3 })).toEqual([4, 5])
    expect(authentik.journal.writes().map(({ id }) => id)).toEqual([2, 5])
    expect(authentik.journal.writes({ after: 5 })).toEqual([])
    expect(authentik.journal.count({ kind: 'api' })).toBe(4)
  })

  it('what has not come yet, for as long as it is patient', async () => {
    const { authentik } = await open()
    const { journal } = authentik
    const waiting = journal.waitFor({ path: '/-/health/live/' })
    await authentik.fetch('/api/v3/root/config/')
    await authentik.fetch('/-/health/live/')
    expect((await waiting).id).toBe(2)
    expect((await journal.waitFor({ status: 200 })).id).toBe(1)
    vi.useFakeTimers()
    const late = journal.waitFor({ status: 599 }).catch((error: unknown) => error)
    await vi.advanceTimersByTimeAsync(4000)
    expect(await late).toMatchObject({
      code: 'ERR_JOURNAL',
      message: expect.stringContaining('none like {"status":599} came within 4000 ms'),
    })
    const giveUp = new AbortController()
    const stopped = journal.waitFor({ status: 599 }, { signal: giveUp.signal })
    giveUp.abort(new Error('enough'))
    await expect(stopped).rejects.toThrow('enough')
  })
})

describe('an HTTP archive', () => {
  it('has what HAR 1.2 asks of each entry', async () => {
    const { authentik, admin } = await open()
    await admin.post('/core/applications/?a=b&a=c', { name: 'x' })
    await authentik.fetch('/', { redirect: 'manual' })
    authentik.scenario({ reset: true })
    await authentik.fetch('/api/v3/root/config/').catch(() => {})
    const { json } = await askerIn(authentik)('GET', 'journal/har/')
    const { log } = json
    expect(log).toMatchObject({ version: '1.2', creator: { name: 'authentik-mock', version: expect.any(String) } })
    expect(log.entries).toHaveLength(3)
    const pair = expect.objectContaining({ name: expect.any(String), value: expect.any(String) })
    for (const entry of log.entries) {
      expect(new Date(entry.startedDateTime).getTime()).toBeGreaterThan(Date.now() - 60_000)
      expect(entry).toMatchObject({
        time: expect.any(Number),
        cache: {},
        timings: { send: 0, wait: expect.any(Number), receive: 0 },
      })
      expect(URL.canParse(entry.request.url)).toBe(true)
      for (const part of [entry.request, entry.response]) {
        expect(part).toMatchObject({ httpVersion: 'HTTP/1.1', cookies: [], headersSize: -1, bodySize: -1 })
        for (const header of part.headers) expect(header).toEqual(pair)
      }
      expect(entry.response).toMatchObject({
        status: expect.any(Number),
        statusText: expect.any(String),
        redirectURL: expect.any(String),
        content: { size: expect.any(Number), mimeType: expect.any(String) },
      })
    }
    const [created, redirect, reset] = log.entries
    expect(created.request).toMatchObject({
      method: 'POST',
      queryString: [
        { name: 'a', value: 'b' },
        { name: 'a', value: 'c' },
      ],
      postData: { mimeType: 'application/json', text: '{"name":"x"}' },
    })
    expect(redirect.response.redirectURL).toBe('/flows/-/default/authentication/?next=/')
    expect(reset.response.status).toBe(0)
  })
})

it('what is asked of the control API itself stands in no journal', async () => {
  const { authentik } = await open()
  await askerIn(authentik)('GET', 'status/')
  await authentik.fetch('/-/mock/')
  expect(authentik.journal.find()).toEqual([] satisfies JournalEntry[])
  await (authentik satisfies ControlledMock).fetch('/-/health/live/')
  expect(authentik.journal.size).toBe(1)
})
