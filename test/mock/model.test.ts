/** Any sequence of requests has the same results on a mock and on a simple model of it, whatever the seed. */
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serve, type Server } from '../../src/http/node/server.ts'
import { mock, type Mock } from '../../src/entries/index.ts'
import { clientOf, readyMock, rowsOf, worldOf, type Client, type Row, type WorldJson } from '../support/client.ts'
import { runsOf } from '../support/tier.ts'

const NOW = Date.parse('2024-09-27T14:26:18.306Z')

interface Code {
  pk: number
  user: number
  provider: number
  expires: string | null
  expiring: boolean
}

/** What a mock with these operations has to know, as plain lists. */
class Model {
  codes: Code[]
  users: number[]
  providers: number[]
  now = NOW

  constructor({ authorization_codes, users, providers }: WorldJson) {
    this.codes = authorization_codes.map(({ pk, user, provider, expires, expiring }) => ({
      pk,
      user,
      provider,
      expires,
      expiring,
    }))
    this.users = users.map(({ pk }) => pk)
    this.providers = providers.map(({ pk }) => pk)
  }

  read(pk: number) {
    const row = this.codes.find((code) => code.pk === pk)
    return row
      ? { status: 200, pk, user: row.user, provider: row.provider, is_expired: this.#isExpired(row) }
      : { status: 404 }
  }

  list({ user, ordering, size, page }: Listing) {
    if (user !== undefined && !this.users.includes(user)) return { status: 400 }
    const rows = this.codes.filter((code) => user === undefined || code.user === user)
    const order = ordering.length ? ordering : (['provider', 'expires'] as const)
    rows.sort(
      (first, second) =>
        order.map((field) => compare(first, second, field)).find((difference) => difference !== 0) ??
        first.pk - second.pk,
    )
    const pages = Math.max(1, Math.ceil(rows.length / size))
    if (page > pages) return { status: 404 }
    return {
      status: 200,
      count: rows.length,
      pages,
      pks: rows.slice((page - 1) * size, page * size).map((code) => code.pk),
    }
  }

  delete(kind: Kind, pk: number) {
    const keys =
      kind === 'users' ? this.users : kind === 'providers' ? this.providers : this.codes.map((code) => code.pk)
    if (!keys.includes(pk)) return { status: 404 }
    const field = kind === 'users' ? 'user' : kind === 'providers' ? 'provider' : 'pk'
    this.codes = this.codes.filter((code) => code[field] !== pk)
    this.users = kind === 'users' ? this.users.filter((user) => user !== pk) : this.users
    this.providers = kind === 'providers' ? this.providers.filter((provider) => provider !== pk) : this.providers
    return { status: 204 }
  }

  #isExpired = ({ expires, expiring }: Code) => expiring && expires !== null && Date.parse(expires) < this.now
}

/** Null is greater than every value. Instants are compared as texts, because Date.parse drops microseconds. */
function compare(first: Code, second: Code, field: Field): number {
  const valueOf = (code: Code) => (field === 'expires' ? code.expires?.replace('Z', '') : code[field]) ?? Infinity
  const [lower, upper] = [valueOf(first), valueOf(second)]
  if (lower === upper) return 0
  if (lower === Infinity) return 1
  return upper === Infinity || lower < upper ? -1 : 1
}

type Kind = 'codes' | 'users' | 'providers'
type Field = 'pk' | 'user' | 'provider' | 'expires'
interface Listing {
  user?: number | undefined
  ordering: readonly Field[]
  size: number
  page: number
}

/** One action on a mock. None deletes user 1, whose token sends every request. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), pk: fc.integer({ min: 1, max: 14 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('list' as const),
      user: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
      ordering: fc.uniqueArray(fc.constantFrom<Field>('pk', 'user', 'provider', 'expires'), { maxLength: 2 }),
      size: fc.integer({ min: 1, max: 6 }),
      page: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('delete' as const),
      kind: fc.constantFrom<Kind>('codes', 'users', 'providers'),
      pk: fc.integer({ min: 2, max: 12 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('create' as const),
      owner: fc.nat(),
      expires: fc.option(fc.integer({ min: -3_600_000, max: 3_600_000 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('move' as const), by: fc.integer({ min: -3_600_000, max: 3_600_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reset' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer Action> ? Action : never

/**
 * Does one action on the mock and on the model.
 * @returns what the mock answers, and what the model expects
 */
async function take(
  action: Step,
  authentik: Mock,
  model: Model,
  client: Client,
): Promise<[reply: unknown, model: unknown]> {
  const codes = '/oauth2/authorization_codes/'
  switch (action.do) {
    case 'read': {
      const { status, json } = await client.get(`${codes}${action.pk}/`)
      return [
        status === 200
          ? { status, pk: json.pk, user: json.user.pk, provider: json.provider.pk, is_expired: json.is_expired }
          : { status },
        model.read(action.pk),
      ]
    }
    case 'list': {
      const { user, ordering, size, page } = action
      const query = {
        ordering: ordering.join(),
        page_size: String(size),
        page: String(page),
        ...(user !== undefined && { user: String(user) }),
      }
      const { status, json } = await client.get(codes, { query })
      if (status !== 200) return [{ status }, model.list(action)]
      const { count, total_pages: pages } = json.pagination
      return [{ status, count, pages, pks: json.results.map((code: Row) => code.pk) }, model.list(action)]
    }
    case 'delete': {
      const path = { codes, users: '/core/users/', providers: '/providers/oauth2/' }[action.kind]
      const { status } = await client.delete(`${path}${action.pk}/`)
      return [{ status }, model.delete(action.kind, action.pk)]
    }
    case 'create': {
      const rows = rowsOf(authentik, 'authorization_codes')
      const [user, provider] = [model.users, model.providers].map((pks) => pks[action.owner % pks.length])
      if (user === undefined || provider === undefined) return [undefined, undefined]
      const expires =
        action.expires === null ? null : new Date(model.now + action.expires).toISOString().replace('Z', '000Z')
      const code = { pk: rows.nextKey(), user, provider, expires, expiring: expires !== null }
      await rows.create({
        ...code,
        code: `code ${code.pk}`,
        scope: 'openid',
        auth_time: null,
        nonce: null,
        code_challenge: null,
        code_challenge_method: null,
      })
      model.codes.push(code)
      return [rows.get(code.pk).user, user]
    }
    case 'move':
      authentik.clock.move(action.by)
      model.now += action.by
      return [authentik.clock.now(), model.now]
    case 'reset': {
      await authentik.reset()
      Object.assign(model, new Model(worldOf(authentik)), { now: NOW })
      return [authentik.clock.now(), NOW]
    }
  }
}

function describeSequences(way: string, runs: number, toClient: (authentik: Mock) => Client): void {
  it(`any sequence of create, read, list, delete, move the clock and reset, ${way}`, { timeout: 600_000 }, async () => {
    let steps = 0
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.array(step, { minLength: 1, maxLength: 10 }), async (seed, sequence) => {
        const authentik = await readyMock({ seed, codes: 8, now: NOW, token: 'key' })
        const model = new Model(worldOf(authentik))
        const client = toClient(authentik)
        for (const action of sequence) {
          const [reply, expected] = await take(action, authentik, model, client)
          expect(reply).toEqual(expected)
          steps++
        }
      }),
      { numRuns: runs },
    )
    expect(steps).toBeGreaterThan(runs)
  })
}

describe('a mock and its model agree on', () => {
  describeSequences('in process', runsOf(5000), (authentik) => clientOf(authentik, { token: 'key' }))

  describe('over HTTP', () => {
    let server: Server
    let current: Mock
    beforeAll(async () => {
      current = mock({ codes: 0 })
      await current.ready
      server = await serve({ ...current, answer: (call) => current.answer(call) }, { port: 0 })
    })
    afterAll(() => server.close())

    describeSequences('on a socket', runsOf(300), (authentik) => {
      current = authentik
      return clientOf(server.url, { token: 'key' })
    })
  })
})
