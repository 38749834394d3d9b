/** Lists of grants: pages, order, filters, and who sees what (FACTS 3). */
import { Configuration, Oauth2Api } from '@goauthentik/api'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mock } from '../../src/entries/index.ts'
import { ExpiringBaseGrantModel } from '../../src/authentik/resources/authorization-codes.ts'

const NOW = '2024-09-27T14:26:18.306Z'
const made = async (codes: number, seed = 1) => {
  const own = mock({ now: NOW, codes, seed, token: 'key' })
  await own.ready
  return own
}
const list = async (own: Awaited<ReturnType<typeof made>>, query = '', key = 'key') => {
  const response = await own.fetch(
    new Request(`http://localhost/api/v3/oauth2/authorization_codes/${query}`, {
      headers: { Authorization: `Bearer ${key}` },
    }),
  )
  return { status: response.status, body: await response.json() }
}

describe('a list of authorization codes', () => {
  it('counts, and names its pages by number; 0 is none', async () => {
    const own = await made(7)
    expect((await list(own, '?page_size=3&page=2')).body.pagination).toEqual({
      next: 3,
      previous: 1,
      count: 7,
      current: 2,
      total_pages: 3,
      start_index: 4,
      end_index: 6,
    })
    expect((await list(own, '?page_size=3&page=last')).body.pagination).toEqual({
      next: 0,
      previous: 2,
      count: 7,
      current: 3,
      total_pages: 3,
      start_index: 7,
      end_index: 7,
    })
    expect((await list(await made(0))).body).toEqual({
      pagination: { next: 0, previous: 0, count: 0, current: 1, total_pages: 1, start_index: 0, end_index: 0 },
      results: [],
    })
  })

  it('puts codes without expiry last upwards, and first downwards', async () => {
    const own = await made(9)
    const expiries = async (query: string) => (await list(own, query)).body.results.map((code: any) => code.expires)
    const up = await expiries('?ordering=expires')
    expect(up.indexOf(null)).toBe(up.filter((expires: unknown) => expires !== null).length)
    expect((await expiries('?ordering=-expires'))[0]).toBeNull()
  })

  it('shows an ordinary user their own, also when they ask for those of another', async () => {
    const own = await made(40)
    const key = own.tokens().user!
    const mine = (await list(own, '', key)).body
    expect(new Set(mine.results.map((code: any) => code.user.pk))).toEqual(new Set([2]))
    expect((await list(own, '?user=1', key)).body.pagination.count).toBe(0)
    expect((await list(own, '?user=2')).body.results).toEqual(mine.results)
  })

  it('forgets a destroyed code, everywhere', async () => {
    const own = await made(6)
    await list(own, '?ordering=pk')
    await own.fetch(
      new Request('http://localhost/api/v3/oauth2/authorization_codes/3/', {
        method: 'DELETE',
        headers: { Authorization: 'Bearer key' },
      }),
    )
    const { results, pagination } = (await list(own, '?ordering=pk')).body
    expect([results.map((code: any) => code.pk), pagination.count]).toEqual([[1, 2, 4, 5, 6], 5])
  })

  it('is what its codes are, in the order and on the page that was asked for, whatever came before', async () => {
    const fields = ['pk', 'provider', 'user', 'expires'] as const
    const ordering = fc.array(fc.tuple(fc.constantFrom(...fields), fc.boolean()), { minLength: 1, maxLength: 3 })
    const step = fc.oneof(
      fc.record({
        ordering,
        size: fc.integer({ min: 1, max: 12 }),
        page: fc.integer({ min: 1, max: 4 }),
        user: fc.option(fc.integer({ min: 1, max: 8 })),
      }),
      fc.record({ destroy: fc.integer({ min: 1, max: 25 }) }),
      fc.record({ expire: fc.integer({ min: 1, max: 25 }) }),
    )
    const valueOf = (code: any, field: (typeof fields)[number]) =>
      field === 'provider' || field === 'user'
        ? code[field].pk
        : field === 'expires'
          ? code.expires?.slice(0, -1)
          : code[field]
    const compare = (a: any, b: any) => (a === b ? 0 : a === undefined ? 1 : b === undefined ? -1 : a < b ? -1 : 1)
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), fc.array(step, { maxLength: 12 }), async (seed, steps) => {
        const own = await made(25, seed)
        const codes = own.world.named('authorization_codes')
        const found: unknown[] = []
        const wanted: unknown[] = []
        for (const one of steps) {
          if ('destroy' in one) await codes.delete(one.destroy)
          else if ('expire' in one)
            await codes.update(
              codes.has(one.expire) ? one.expire : [...codes.all()][0].pk,
              (code: any) => void (code.expires = '2024-01-01T00:00:00Z'),
            )
          else {
            const asked = one.ordering.map(([field, down]) => (down ? '-' : '') + field).join(',')
            const all = (await list(own, '?page_size=1000&ordering=pk')).body.results.filter(
              (code: any) => one.user === null || code.user.pk === one.user,
            )
            const sorted = all.toSorted(
              (a: any, b: any) =>
                one.ordering
                  .map(([field, down]) => compare(valueOf(a, field), valueOf(b, field)) * (down ? -1 : 1))
                  .find((order) => order !== 0) ?? a.pk - b.pk,
            )
            const answer = await list(
              own,
              `?ordering=${asked}&page_size=${one.size}&page=${one.page}${one.user === null ? '' : `&user=${one.user}`}`,
            )
            const page = sorted.slice((one.page - 1) * one.size, one.page * one.size)
            found.push(answer.body.results?.map((code: any) => code.pk) ?? answer.status)
            wanted.push(page.length || one.page === 1 ? page.map((code: any) => code.pk) : 404)
          }
        }
        expect(found).toEqual(wanted)
      }),
      { numRuns: 120 },
    )
  })
})

describe('the whole family', () => {
  const FAMILY = [
    ['AuthorizationCodes', 12],
    ['AccessTokens', 12],
    ['RefreshTokens', 6],
  ] as const

  it.each(FAMILY)(
    'is read by the client of authentik: every page of %s, each row, deleted, and gone',
    async (name, count) => {
      const own = await made(12)
      const api = new Oauth2Api(
        new Configuration({
          basePath: 'http://localhost/api/v3',
          accessToken: 'key',
          fetchApi: (input, init) => own.fetch(new Request(input as string, init)),
        }),
      )
      const call = (method: string, parameters: object): Promise<any> =>
        (api as any)[`oauth2${name}${method}`](parameters)
      const seen = []
      for (let page = 1; page !== 0;) {
        const { pagination, results } = await call('List', { page, pageSize: 5, ordering: 'pk' })
        seen.push(...results)
        page = pagination.next
      }
      expect(seen.map((one) => one.pk)).toEqual(Array.from({ length: count }, (_, at) => at + 1))
      for (const one of seen) {
        expect(await call('Retrieve', { id: one.pk })).toEqual(one)
        expect(await call('UsedByList', { id: one.pk })).toEqual([])
        await call('Destroy', { id: one.pk })
        await expect(call('Retrieve', { id: one.pk })).rejects.toMatchObject({ response: { status: 404 } })
      }
      expect((await call('List', {})).pagination.count).toBe(0)
    },
  )

  it('is answered as documented', async () => {
    const { results } = (await list(await made(30))).body
    for (const code of results) expect(ExpiringBaseGrantModel.parse(code)).toEqual(code)
  })
})
