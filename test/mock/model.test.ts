/** Any sequence of calls agrees with a model kept beside the mock, whatever the seed. */
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serve, type Server } from '../../src/http/node/server.ts'
import { mock, type Mock } from '../../src/entries/index.ts'

const NOW = Date.parse('2024-09-27T14:26:18.306Z')

// ---- the model: what is known, as plain lists

interface Code {
  pk: number
  user: number
  provider: number
  expires: string | null
  expiring: boolean
}

class Model {
  codes: Code[]
  users: number[]
  providers: number[]
  now = NOW

  constructor({ authorization_codes, users, providers }: any) {
    this.codes = authorization_codes.map(({ pk, user, provider, expires, expiring }: Code) => ({
      pk,
      user,
      provider,
      expires,
      expiring,
    }))
    this.users = users.map(({ pk }: { pk: number }) => pk)
    this.providers = providers.map(({ pk }: { pk: number }) => pk)
  }

  read(pk: number) {
    const found = this.codes.find((code) => code.pk === pk)
    return found
      ? { status: 200, pk, user: found.user, provider: found.provider, is_expired: this.#isExpired(found) }
      : { status: 404 }
  }

  list({ user, ordering, size, page }: Listing) {
    if (user !== undefined && !this.users.includes(user)) return { status: 400 }
    const rows = this.codes.filter((code) => user === undefined || code.user === user)
    const order = ordering.length ? ordering : (['provider', 'expires'] as const)
    rows.sort(
      (a, b) => order.map((field) => compare(a, b, field)).find((difference) => difference !== 0) ?? a.pk - b.pk,
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
    this.users = kind === 'users' ? this.users.filter((one) => one !== pk) : this.users
    this.providers = kind === 'providers' ? this.providers.filter((one) => one !== pk) : this.providers
    return { status: 204 }
  }

  #isExpired = ({ expires, expiring }: Code) => expiring && expires !== null && Date.parse(expires) < this.now
}

/** Null stands last; a fraction of a second counts, which Date.parse drops beyond milliseconds. */
function compare(a: Code, b: Code, field: Field): number {
  const [one, other] = [a, b].map((code) => (field === 'expires' ? code.expires?.replace('Z', '') : code[field]))
  if (one === other) return 0
  if (one === undefined) return 1
  if (other === undefined) return -1
  return one! < other! ? -1 : 1
}

// ---- what can be done

type Kind = 'codes' | 'users' | 'providers'
type Field = 'pk' | 'user' | 'provider' | 'expires'
interface Listing {
  user?: number | undefined
  ordering: readonly Field[]
  size: number
  page: number
}

/** Of user 1 is the token with which all is asked. */
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
      at: fc.nat(),
      expires: fc.option(fc.integer({ min: -3_600_000, max: 3_600_000 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('move' as const), by: fc.integer({ min: -3_600_000, max: 3_600_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reset' as const) }) },
)
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

type Send = (method: string, path: string) => Promise<{ status: number; body: any }>

/** Does one step to both. @returns what the mock said, and what the model did */
async function take(one: Step, own: Mock, model: Model, send: Send): Promise<[mocked: unknown, modelled: unknown]> {
  const codes = '/api/v3/oauth2/authorization_codes/'
  switch (one.do) {
    case 'read': {
      const { status, body } = await send('GET', `${codes}${one.pk}/`)
      return [
        status === 200
          ? { status, pk: body.pk, user: body.user.pk, provider: body.provider.pk, is_expired: body.is_expired }
          : { status },
        model.read(one.pk),
      ]
    }
    case 'list': {
      const user = one.user === undefined ? '' : `&user=${one.user}`
      const { status, body } = await send(
        'GET',
        `${codes}?ordering=${one.ordering.join()}&page_size=${one.size}&page=${one.page}${user}`,
      )
      const seen = () => ({
        status,
        count: body.pagination.count,
        pages: body.pagination.total_pages,
        pks: body.results.map((code: any) => code.pk),
      })
      return [status === 200 ? seen() : { status }, model.list(one)]
    }
    case 'delete': {
      const path = { codes, users: '/api/v3/core/users/', providers: '/api/v3/providers/oauth2/' }[one.kind]
      const { status } = await send('DELETE', `${path}${one.pk}/`)
      return [{ status }, model.delete(one.kind, one.pk)]
    }
    case 'create': {
      const rows = own.world.named('authorization_codes')
      const [user, provider] = [
        model.users[one.at % model.users.length]!,
        model.providers[one.at % model.providers.length],
      ]
      if (provider === undefined) return [undefined, undefined]
      const expires = one.expires === null ? null : new Date(model.now + one.expires).toISOString().replace('Z', '000Z')
      const code = { pk: rows.next(), user, provider, expires, expiring: expires !== null }
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
      own.clock.move(one.by)
      model.now += one.by
      return [own.clock.now(), model.now]
    case 'reset': {
      await own.reset()
      Object.assign(model, new Model(JSON.parse(JSON.stringify(own.world))), { now: NOW })
      return [own.clock.now(), NOW]
    }
  }
}

function describeSequences(way: string, runs: number, toSend: (own: Mock) => Send): void {
  it(`any sequence of create, read, list, delete, move the clock and reset, ${way}`, { timeout: 180_000 }, async () => {
    let steps = 0
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.array(step, { minLength: 1, maxLength: 10 }), async (seed, sequence) => {
        const own = mock({ seed, codes: 8, now: NOW, token: 'key' })
        await own.ready
        const model = new Model(JSON.parse(JSON.stringify(own.world)))
        const send = toSend(own)
        for (const one of sequence) {
          const [mocked, modelled] = await take(one, own, model, send)
          expect(mocked).toEqual(modelled)
          steps++
        }
      }),
      { numRuns: runs },
    )
    expect(steps).toBeGreaterThan(runs)
  })
}

describe('a mock and its model agree on', () => {
  describeSequences('in process', 5000, (own) => async (method, path) => {
    const [pathname, query = ''] = path.split('?')
    const { status, body } = await own.answer({
      method,
      path: pathname!,
      query,
      header: (name) => (name === 'authorization' ? 'Bearer key' : undefined),
      body: async () => '',
    })
    return { status, body: body === '' ? '' : JSON.parse(body) }
  })

  describe('over HTTP', () => {
    let server: Server
    let current: Mock
    beforeAll(async () => {
      current = mock({ codes: 0 })
      await current.ready
      server = await serve({ ...current, answer: (call) => current.answer(call) }, { port: 0 })
    })
    afterAll(() => server.close())

    describeSequences('on a socket', 300, (own) => {
      current = own
      return async (method, path) => {
        const response = await fetch(server.url + path, { method, headers: { Authorization: 'Bearer key' } })
        const text = await response.text()
        return { status: response.status, body: text === '' ? '' : JSON.parse(text) }
      }
    })
  })
})
