/** Writes of any kind that come at once act as the same one by one, in the order of their turns. */
import { AsyncLocalStorage } from 'node:async_hooks'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Mock, MockError } from '../../src/entries/index.ts'
import { WriteQueue } from '../../src/store/write-queue.ts'
import { clientOf, readyMock, worldOf, type Client } from '../support/client.ts'
import { runsOf } from '../support/tier.ts'

const NOW = '2024-09-27T14:26:18.306Z'

/** Something that is done to a mock: what it answers, and the name that a counterexample tells it by. */
type Deed = ((authentik: Mock, client: Client) => Promise<unknown>) & fc.WithToStringMethod
const deed = (name: string, run: (authentik: Mock, client: Client) => Promise<unknown>): Deed =>
  Object.assign(run, { [fc.toStringMethod]: () => name })

/** A write by request. */
const request = (method: string, path: string, body?: object): Deed =>
  deed([method, path, body && JSON.stringify(body)].join(' ').trimEnd(), async (_, client) => {
    const { status, json } = await client.send(method, path, body)
    return [status, json]
  })

/** A write by a program, whose refusal is an answer too. */
const program = (name: string, run: (world: Mock['world'], authentik: Mock) => Promise<unknown>): Deed =>
  deed(name, (authentik) => run(authentik.world, authentik).catch((error: MockError) => [error.code, error.problems]))

/** Every kind of write that there is, on rows that get into each other's way. */
function deeds({ world }: Mock): fc.Arbitrary<Deed> {
  const pick = <T>(rows: Iterable<T>, count: number) => fc.constantFrom(...[...rows].slice(0, count))
  const slug = fc.constantFrom('new', 'newer', [...world.applications.values()][0]?.slug ?? '')
  const group = pick(world.groups.values(), 3)
  const user = fc.constantFrom(2, 3, 4)
  const provider = fc.constantFrom(1, 2, 999)
  const flow = [...world.flows.values()][0]?.pk ?? ''
  const name = fc.constantFrom('same', 'same too')
  const grants = ['authorization_codes', 'access_tokens', 'refresh_tokens'] as const
  const applications = '/core/applications/'
  return fc.oneof(
    fc
      .record({ slug, name }, { requiredKeys: ['slug', 'name'] })
      .chain((body) => provider.map((pk) => request('POST', applications, { ...body, provider: pk }))),
    fc.tuple(slug, name).map(([old, value]) => request('PATCH', `${applications}${old}/`, { name: value })),
    fc.tuple(slug, slug).map(([old, value]) => request('PATCH', `${applications}${old}/`, { slug: value })),
    fc.tuple(slug, slug).map(([old, value]) => request('PUT', `${applications}${old}/`, { name: 'put', slug: value })),
    slug.map((value) => request('DELETE', `${applications}${value}/`)),
    name.map((value) => request('POST', '/providers/oauth2/', { name: value, authorization_flow: flow })),
    fc.tuple(provider, name).map(([pk, value]) => request('PATCH', `/providers/oauth2/${pk}/`, { name: value })),
    provider.map((pk) => request('PATCH', `/providers/oauth2/${pk}/`, { redirect_uris: `http://${pk}.test` })),
    provider.map((pk) => request('DELETE', `/providers/oauth2/${pk}/`)),
    user.map((pk) => request('DELETE', `/core/users/${pk}/`)),
    group.map(({ pk }) => request('DELETE', `/core/groups/${pk}/`)),
    fc.tuple(fc.constantFrom(...grants), fc.nat(4)).map(([kind, pk]) => request('DELETE', `/oauth2/${kind}/${pk}/`)),
    fc.tuple(user, fc.uniqueArray(group, { selector: ({ pk }) => pk })).map(([pk, groups]) => {
      const keys = groups.map((row) => row.pk)
      return program(`users.update(${pk}, groups ${keys})`, ({ users }) => users.update(pk, { groups: keys }))
    }),
    fc
      .tuple(user, name)
      .map(([pk, value]) =>
        program(`users.update(${pk}, ${value})`, ({ users }) => users.update(pk, { username: value })),
      ),
    name.map((value) => program(`groups.create(${value})`, ({ groups }) => groups.create({ name: value }))),
    fc
      .tuple(user, provider)
      .map(([pk, target]) =>
        program(`authorization_codes.create(${pk}, ${target})`, (tables) =>
          tables.authorization_codes.create({ user: pk, provider: target, scope: 'openid', expires: null }),
        ),
      ),
    user.map((pk) => program(`users.delete(${pk})`, ({ users }) => users.delete(pk))),
    fc.constant(program('logIn', (_, authentik) => authentik.logIn('akadmin'))),
    fc.constant(program('reset', (_, authentik) => authentik.reset())),
  )
}

/** Notes in which order the tasks of a queue begin, by the number that runs around them. */
function watchTurns() {
  const numbers = new AsyncLocalStorage<number>()
  const order: number[] = []
  const { run } = WriteQueue.prototype
  vi.spyOn(WriteQueue.prototype, 'run').mockImplementation(function (this: WriteQueue, task) {
    const number = numbers.getStore()
    return run.call(this, () => {
      if (number !== undefined) order.push(number)
      return task()
    })
  })
  return { order, numbered: <T>(number: number, task: () => T) => numbers.run(number, task) }
}

describe.each(['2024.8.3', '2026.2.2'])('up to five writes at once, of any kind, on %s', (release) => {
  afterEach(() => vi.restoreAllMocks())

  it('give the answers and the world of the same one by one in the order of their turns', async () => {
    const options = { release, token: 'key', now: NOW, codes: 8 }
    const authentik = await readyMock(options)
    const start = authentik.snapshot()
    const client = clientOf(authentik, { token: 'key' })
    const { order, numbered } = watchTurns()
    const runs = fc.asyncProperty(fc.array(deeds(authentik), { minLength: 2, maxLength: 5 }), async (writes) => {
      await authentik.restore(start)
      order.length = 0
      const answers = await Promise.all(writes.map((write, number) => numbered(number, () => write(authentik, client))))
      const turns = [...order]
      const world = worldOf(authentik)
      await authentik.restore(start)
      const expected: unknown[] = []
      for (const turn of turns) expected[turn] = await writes[turn]?.(authentik, client)
      expect(turns.toSorted()).toEqual(writes.map((_, number) => number))
      expect(answers).toEqual(expected)
      expect(world).toEqual(worldOf(authentik))
      expect(worldOf(await readyMock({ release, now: NOW, world }))).toEqual(world)
    })
    await fc.assert(runs, { numRuns: runsOf(200) })
  })
})
