/** Whatever writes waits its turn: a hundred requests at once are answered as a hundred in a row. */
import { setupServer } from 'msw/node'
import { describe, expect, it } from 'vitest'
import { handlers } from '../../src/entries/msw.ts'
import type { Mock } from '../../src/entries/index.ts'
import { clientOf, readyMock, type Client } from '../support/client.ts'
import { pipeline } from '../support/pipeline.ts'

const NOW = '2024-09-27T14:26:18.306Z'
const HUNDRED = Array.from({ length: 100 }, (_, index) => index)

/** A write: its method, path below /api/v3 and body. */
type Write = readonly [method: string, path: string, body?: object]
/** The status of an answer, and its body as JSON. */
type Outcome = readonly [status: number, json: Record<string, unknown> | undefined]
/** Sends writes to a mock so that none waits for another's answer. @returns what is answered, in their order */
type SendAtOnce = (authentik: Mock, writes: readonly Write[]) => Promise<Outcome[]>

const sendThrough = (client: Client, writes: readonly Write[]): Promise<Outcome[]> =>
  Promise.all(
    writes.map(async (write) => {
      const { status, json } = await client.send(...write)
      return [status, json]
    }),
  )

const inProcess: SendAtOnce = (authentik, writes) => sendThrough(clientOf(authentik, { token: 'key' }), writes)

async function throughMsw(authentik: Mock, writes: readonly Write[]): Promise<Outcome[]> {
  const server = setupServer(...handlers(authentik))
  server.listen({ onUnhandledFrame: 'error' })
  try {
    return await sendThrough(clientOf('http://authentik.test', { token: 'key' }), writes)
  } finally {
    server.close()
  }
}

const pipelined: SendAtOnce = async (authentik, writes) => {
  const headers = { Authorization: 'Bearer key', 'Content-Type': 'application/json' }
  const requests = writes.map(([method, path, body]) => ({
    method,
    path: `/api/v3${path}`,
    headers,
    body: body ? JSON.stringify(body) : '',
  }))
  const answers = await pipeline(authentik, requests)
  return answers.map(({ status, text }) => [status, text.startsWith('{') ? JSON.parse(text) : undefined])
}

const startMock = () => readyMock({ token: 'key', now: NOW })
const countOf = (outcomes: readonly Outcome[], status: number) => outcomes.filter(([code]) => code === status).length

describe.each<[string, SendAtOnce]>([
  ['in process', inProcess],
  ['through MSW', throughMsw],
  ['on one socket, before any answer is read', pipelined],
])('a hundred requests at once, sent %s:', (_, sendAtOnce) => {
  it('each new provider gets a pk of its own', async () => {
    const authentik = await startMock()
    const { authorization_flow } = authentik.world.providers.get(1) ?? {}
    const { size } = authentik.world.providers
    const outcomes = await sendAtOnce(
      authentik,
      HUNDRED.map((number) => ['POST', '/providers/oauth2/', { name: `provider ${number}`, authorization_flow }]),
    )
    expect(countOf(outcomes, 201)).toBe(100)
    expect(new Set(outcomes.map(([, json]) => json?.['pk'])).size).toBe(100)
    expect(authentik.world.providers.size).toBe(size + 100)
  })

  it('of a hundred new applications with one slug, one is made', async () => {
    const authentik = await startMock()
    const outcomes = await sendAtOnce(
      authentik,
      HUNDRED.map((number) => ['POST', '/core/applications/', { name: `application ${number}`, slug: 'same' }]),
    )
    expect([countOf(outcomes, 201), countOf(outcomes, 400)]).toEqual([1, 99])
    expect(outcomes.find(([status]) => status === 400)?.[1]).toEqual({
      slug: ['Application with this slug already exists.'],
    })
    const [, created] = outcomes.find(([status]) => status === 201) ?? []
    expect(authentik.world.applications.find('slug', 'same')?.name).toBe(created?.['name'])
  })

  it('a user is deleted once', async () => {
    const authentik = await startMock()
    const outcomes = await sendAtOnce(
      authentik,
      HUNDRED.map(() => ['DELETE', '/core/users/3/']),
    )
    expect([countOf(outcomes, 204), countOf(outcomes, 404)]).toEqual([1, 99])
  })

  it('what points at rows that go together is left whole', async () => {
    const authentik = await startMock()
    const groups = [...authentik.world.groups.values()].filter((group) => !group.is_superuser)
    const keys = groups.map(({ pk }) => pk)
    const outcomes = await sendAtOnce(
      authentik,
      HUNDRED.map((number) => ['DELETE', `/core/groups/${keys[number % keys.length]}/`]),
    )
    expect([countOf(outcomes, 204), countOf(outcomes, 404)]).toEqual([keys.length, 100 - keys.length])
    const client = clientOf(authentik, { token: 'key' })
    const lists = ['/core/users/', '/oauth2/authorization_codes/', '/oauth2/authorization_codes/1/']
    expect(await Promise.all(lists.map(async (path) => (await client.get(path)).status))).toEqual([200, 200, 200])
    const memberships = [...authentik.world.users.values()].flatMap((user) => user.groups)
    expect(memberships.filter((key) => keys.includes(key))).toEqual([])
  })

  it('no change of one field undoes that of another', async () => {
    const authentik = await startMock()
    const [application] = authentik.world.applications.values()
    const fields = ['name', 'meta_description', 'meta_publisher', 'group'] as const
    const outcomes = await sendAtOnce(
      authentik,
      HUNDRED.map((number) => [
        'PATCH',
        `/core/applications/${application?.slug}/`,
        { [fields[number % fields.length] ?? '']: `${number}` },
      ]),
    )
    expect(countOf(outcomes, 200)).toBe(100)
    const changed = authentik.world.applications.get(application?.pk ?? '')
    expect(fields.map((field) => changed?.[field])).toEqual(['96', '97', '98', '99'])
  })

  it('changes beside a deletion are answered before and after it', async () => {
    const authentik = await startMock()
    const [application] = authentik.world.applications.values()
    const path = `/core/applications/${application?.slug}/`
    const outcomes = await sendAtOnce(
      authentik,
      HUNDRED.map((number) => (number === 50 ? ['DELETE', path] : ['PATCH', path, { group: `${number}` }])),
    )
    expect(countOf(outcomes, 204)).toBe(1)
    expect(countOf(outcomes, 200) + countOf(outcomes, 404)).toBe(99)
    expect(authentik.world.applications.has(application?.pk ?? '')).toBe(false)
  })
})

describe('a write', () => {
  it('whose body never ends holds up no other', async () => {
    const authentik = await startMock()
    const endless = authentik.fetch(
      new Request('http://authentik.test/api/v3/core/applications/', {
        method: 'POST',
        headers: { Authorization: 'Bearer key', 'Content-Type': 'application/json' },
        body: new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{')) }),
        duplex: 'half',
      } as RequestInit),
    )
    endless.catch(() => {})
    const outcomes = await inProcess(authentik, [
      ['POST', '/core/applications/', { name: 'New', slug: 'new' }],
      ['DELETE', '/core/users/3/'],
    ])
    expect(outcomes.map(([status]) => status)).toEqual([201, 204])
  })

  it('that fails lets the next one pass', async () => {
    const authentik = await startMock()
    const { users } = authentik.world
    const [failure, change] = await Promise.allSettled([
      users.update(99, { name: 'nobody' }),
      users.update(3, { name: 'Changed' }),
    ])
    expect([failure.status, change.status, users.get(3)?.name]).toEqual(['rejected', 'fulfilled', 'Changed'])
  })

  it('by a program takes its turn with those by request', async () => {
    const authentik = await startMock()
    const { authorization_flow = '' } = authentik.world.providers.get(1) ?? {}
    const [rows, outcomes] = await Promise.all([
      Promise.all(
        HUNDRED.map((number) => authentik.world.providers.create({ name: `program ${number}`, authorization_flow })),
      ),
      inProcess(
        authentik,
        HUNDRED.map((number) => ['POST', '/providers/oauth2/', { name: `request ${number}`, authorization_flow }]),
      ),
    ])
    expect(new Set([...rows.map(({ pk }) => pk), ...outcomes.map(([, json]) => json?.['pk'])]).size).toBe(200)
  })
})
