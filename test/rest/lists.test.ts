/** Lists of grants have pages, an order, filters, and for a user only their own grants. */
import { Configuration, Oauth2Api } from '@goauthentik/api'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Mock } from '../../src/entries/index.ts'
import { authorizationCodes } from '../../src/authentik/resources/authorization-codes.ts'
import { clientOf, readyMock, rowsOf, type Client, type RequestOptions, type Row } from '../support/client.ts'
import { isWhole } from '../support/tier.ts'

const CODES = '/oauth2/authorization_codes/'
const startMock = (codes: number, seed = 1) => readyMock({ now: '2024-09-27T14:26:18.306Z', codes, seed, token: 'key' })
const superuserOf = (authentik: Mock) => clientOf(authentik, { token: 'key' })
/** The superuser of a mock with a number of authorization codes. */
const clientFor = async (codes: number) => superuserOf(await startMock(codes))
const list = (client: Client, query = '', options?: RequestOptions) => client.get(CODES + query, options)

describe('a list of authorization codes', () => {
  it('counts its rows and pages, and names the next and the previous page, or 0 where there is none', async () => {
    const client = await clientFor(7)
    expect((await list(client, '?page_size=3&page=2')).json.pagination).toEqual({
      next: 3,
      previous: 1,
      count: 7,
      current: 2,
      total_pages: 3,
      start_index: 4,
      end_index: 6,
    })
    expect((await list(client, '?page_size=3&page=last')).json.pagination).toEqual({
      next: 0,
      previous: 2,
      count: 7,
      current: 3,
      total_pages: 3,
      start_index: 7,
      end_index: 7,
    })
    expect((await list(await clientFor(0))).json).toEqual({
      pagination: { next: 0, previous: 0, count: 0, current: 1, total_pages: 1, start_index: 0, end_index: 0 },
      results: [],
    })
  })

  it('ordered by expiry has codes without expiry at the end, and at the beginning of the reverse order', async () => {
    const client = await clientFor(9)
    const expiries = async (query: string) => (await list(client, query)).json.results.map((code: Row) => code.expires)
    const up = await expiries('?ordering=expires')
    expect(up.indexOf(null)).toBe(up.filter((expires: unknown) => expires !== null).length)
    expect((await expiries('?ordering=-expires'))[0]).toBeNull()
  })

  it('has for an ordinary user their own codes, also when they filter for those of another', async () => {
    const client = await clientFor(40)
    const user = { as: 'user-api' }
    const codesOfUser = (await list(client, '', user)).json
    expect(new Set(codesOfUser.results.map((code: Row) => code.user.pk))).toEqual(new Set([2]))
    expect((await list(client, '?user=1', user)).json.pagination.count).toBe(0)
    expect((await list(client, '?user=2')).json.results).toEqual(codesOfUser.results)
  })

  it('is without a deleted code, and counts one less', async () => {
    const client = await clientFor(6)
    await list(client, '?ordering=pk')
    await client.delete(`${CODES}3/`)
    const { results, pagination } = (await list(client, '?ordering=pk')).json
    expect([results.map((code: Row) => code.pk), pagination.count]).toEqual([[1, 2, 4, 5, 6], 5])
  })

  it('has the right codes for any order, page and user, after any changes', async () => {
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
    type Value = number | string | undefined
    const valueOf = (code: Row, field: (typeof fields)[number]): Value => {
      if (field === 'expires') return code.expires?.slice(0, -1)
      return field === 'pk' ? code.pk : code[field].pk
    }
    const compare = (first: Value, second: Value) => {
      if (first === second) return 0
      if (first === undefined) return 1
      if (second === undefined) return -1
      return first < second ? -1 : 1
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(1000), fc.array(step, { maxLength: 12 }), async (seed, steps) => {
        const authentik = await startMock(25, seed)
        const client = superuserOf(authentik)
        const codes = rowsOf(authentik, 'authorization_codes')
        const answers: unknown[] = []
        const expected: unknown[] = []
        for (const action of steps) {
          if ('destroy' in action) await codes.delete(action.destroy)
          else if ('expire' in action) {
            const pk = codes.has(action.expire) ? action.expire : codes.list()[0]?.pk
            await codes.update(pk, { expires: '2024-01-01T00:00:00Z' })
          } else {
            const { ordering: order, size, page, user } = action
            const { results } = (await list(client, '?page_size=1000&ordering=pk')).json
            const sorted = results
              .filter((code: Row) => user === null || code.user.pk === user)
              .toSorted(
                (first: Row, second: Row) =>
                  order
                    .map(([field, down]) => compare(valueOf(first, field), valueOf(second, field)) * (down ? -1 : 1))
                    .find((difference) => difference !== 0) ?? first.pk - second.pk,
              )
            const pks = sorted.slice((page - 1) * size, page * size).map((code: Row) => code.pk)
            const names = order.map(([field, down]) => (down ? '-' : '') + field).join(',')
            const { status, json } = await list(
              client,
              `?ordering=${names}&page_size=${size}&page=${page}${user === null ? '' : `&user=${user}`}`,
            )
            answers.push(json.results?.map((code: Row) => code.pk) ?? status)
            expected.push(pks.length || page === 1 ? pks : 404)
          }
        }
        expect(answers).toEqual(expected)
      }),
      { numRuns: isWhole ? 120 : 15 },
    )
  })
})

describe('the lists of grants', () => {
  const FAMILY = [
    ['AuthorizationCodes', 12],
    ['AccessTokens', 12],
    ['RefreshTokens', 6],
  ] as const

  it.each(FAMILY)('can be read and emptied by the client of authentik: %s', async (name, count) => {
    const authentik = await startMock(12)
    const api = new Oauth2Api(
      new Configuration({
        basePath: 'http://localhost/api/v3',
        accessToken: 'key',
        fetchApi: (input, init) => authentik.fetch(new Request(input, init)),
      }),
    )
    const operations: Row = api
    const call = (method: string, parameters: object): Promise<Row> => operations[`oauth2${name}${method}`](parameters)
    const rows: Row[] = []
    for (let page = 1; page !== 0;) {
      const { pagination, results } = await call('List', { page, pageSize: 5, ordering: 'pk' })
      rows.push(...results)
      page = pagination.next
    }
    expect(rows.map((row) => row.pk)).toEqual(Array.from({ length: count }, (_, index) => index + 1))
    for (const row of rows) {
      expect(await call('Retrieve', { id: row.pk })).toEqual(row)
      expect(await call('UsedByList', { id: row.pk })).toEqual([])
      await call('Destroy', { id: row.pk })
      await expect(call('Retrieve', { id: row.pk })).rejects.toMatchObject({ response: { status: 404 } })
    }
    expect((await call('List', {})).pagination.count).toBe(0)
  })

  it('have rows in the documented form', async () => {
    const { results } = (await list(await clientFor(30))).json
    for (const code of results) expect(authorizationCodes.component.parse(code)).toEqual(code)
  })
})
