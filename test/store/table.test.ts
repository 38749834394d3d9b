/** A table is what a plain list of rows is, whatever is done to it, and visits few rows for it. */
import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod/mini'
import type { SortStep } from '../../src/store/sorted-index.ts'
import { Table, type TableSnapshot } from '../../src/store/table.ts'
import { clientOf, readyMock } from '../support/client.ts'
import { isWhole } from '../support/tier.ts'

interface Grant {
  pk: number
  user: number
  groups: number[]
  expires: string | null
}

const model = z.strictObject({
  pk: z.int(),
  user: z.int(),
  groups: z.array(z.int()),
  expires: z.nullable(z.string()),
})
const createTable = () => new Table<Grant>({ name: 'grants', model, key: 'pk' })

const orderBy = (field: 'pk' | 'user' | 'expires', descending: boolean): SortStep<Grant> & { field: string } => ({
  field,
  descending,
  sortKey: (row) => row[field],
})

const compareRows = (a: Grant, b: Grant, { field, descending }: { field: string; descending: boolean }): number => {
  const [first, second] = [Reflect.get(a, field), Reflect.get(b, field)]
  if (first === second) return 0
  const isAfter = first === null || (second !== null && first > second)
  return isAfter === descending ? -1 : 1
}

const values = fc.record({
  user: fc.integer({ min: 1, max: 4 }),
  groups: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
  expires: fc.option(fc.constantFrom('a', 'b', 'c')),
})
const action = fc.oneof(
  fc.record({ create: values }),
  fc.record({ update: fc.nat(), into: values }),
  fc.record({ delete: fc.nat() }),
  fc.constant({ snapshot: true }),
  fc.constant({ restore: true }),
  fc.record({ pointing: fc.constantFrom('user', 'groups'), key: fc.integer({ min: 1, max: 5 }) }),
  fc.record({
    order: fc.array(fc.tuple(fc.constantFrom('pk', 'user', 'expires'), fc.boolean()), { maxLength: 3 }),
    user: fc.option(fc.integer({ min: 1, max: 5 })),
    start: fc.integer({ min: 0, max: 120 }),
  }),
)

describe('a table', () => {
  it('is what a plain list of rows is, after any changes, with snapshots and restores between', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 150 }), fc.array(action, { maxLength: 40 }), async (count, steps) => {
        const table = createTable()
        let rows: Grant[] = []
        const answers: unknown[] = []
        const expected: unknown[] = []
        const create = async (row: Omit<Grant, 'pk'>) => {
          const grant = { pk: table.next(), ...row }
          rows = [...rows, grant]
          answers.push(await table.create(grant))
          expected.push(grant)
        }
        for (let pk = 1; pk <= count; pk++)
          await create({ user: 1 + (pk % 3), groups: [1 + (pk % 4)], expires: pk % 2 ? null : 'b' })
        let state: { snapshot: TableSnapshot<Grant>; rows: Grant[] } = { snapshot: table.snapshot(), rows }
        for (const step of steps) {
          if ('create' in step) await create(step.create)
          else if ('update' in step) {
            const row = rows[step.update % rows.length]
            if (!row) continue
            await table.update(row.pk, (draft) => void Object.assign(draft, step.into))
            rows = rows.map((candidate) => (candidate === row ? { pk: row.pk, ...step.into } : candidate))
          } else if ('delete' in step) {
            const row = rows[step.delete % rows.length]
            answers.push(await table.delete(row?.pk ?? 0))
            expected.push(row !== undefined)
            rows = rows.filter((candidate) => candidate !== row)
          } else if ('snapshot' in step) state = { snapshot: table.snapshot(), rows }
          else if ('restore' in step) {
            table.restore(state.snapshot)
            ;({ rows } = state)
          } else if ('pointing' in step) {
            const holds = (row: Grant) =>
              step.pointing === 'user' ? row.user === step.key : row.groups.includes(step.key)
            const pks = table.pointing(step.pointing as 'user' | 'groups', step.key).map(({ pk }) => pk)
            answers.push(pks.toSorted((a, b) => a - b))
            expected.push(rows.filter(holds).map(({ pk }) => pk))
          } else {
            const order = step.order.map(([field, descending]) => orderBy(field as 'pk', descending))
            const where = step.user === null ? {} : { user: step.user }
            const listed = table.list({ where, order })
            const sorted = rows
              .filter(({ user }) => step.user === null || user === step.user)
              .toSorted(
                (a, b) => order.map((part) => compareRows(a, b, part)).find((part) => part !== 0) ?? a.pk - b.pk,
              )
            answers.push(listed.length, listed.slice(step.start, step.start + 20))
            expected.push(sorted.length, sorted.slice(step.start, step.start + 20))
          }
          answers.push([...table.values()])
          expected.push(rows)
        }
        expect(answers).toEqual(expected)
      }),
      { numRuns: isWhole ? 60 : 15 },
    )
  })

  it('refuses a change that does not fit, and has the row as it was, also one that came by a snapshot', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const table = createTable()
    const row = await table.create({ pk: 1, user: 1, groups: [], expires: null })
    table.restore(table.snapshot())
    for (let attempt = 0; attempt < 2; attempt++)
      await expect(table.update(1, (draft) => void Object.assign(draft, { user: 'x' }))).rejects.toThrow(
        'does not match',
      )
    expect(table.get(1)).toBe(row)
    expect(await table.update(1, (draft) => void (draft.user = 2))).toMatchObject({ pk: 1, user: 2 })
    expect([table.size, table.pointing('user', 1), table.pointing('user', 2)]).toEqual([1, [], [table.get(1)]])
    expect(Object.isFrozen(table.get(1))).toBe(true)
  })

  it('has its rows in the order in which they came to point at a row; another change keeps their places', async () => {
    const table = createTable()
    for (const pk of [1, 2, 3]) await table.create({ pk, user: 1, groups: [], expires: null })
    const pks = () => table.pointing('user', 1).map(({ pk }) => pk)
    expect(pks()).toEqual([1, 2, 3])
    await table.update(1, (draft) => void (draft.expires = 'a'))
    expect(pks()).toEqual([1, 2, 3])
    await table.update(1, (draft) => void (draft.user = 2))
    await table.update(1, (draft) => void (draft.user = 1))
    expect(pks()).toEqual([2, 3, 1])
  })
})

describe('a deletion in a world of 3,000 codes', () => {
  afterEach(() => void vi.restoreAllMocks())

  it('visits what points at the row, and none of the other codes', async () => {
    const authentik = await readyMock({ codes: 3000, token: 'key' })
    const client = clientOf(authentik, { token: 'key' })
    const codes = authentik.world.authorization_codes
    const codesOf = (user: number) => [...codes.values()].filter((code) => code.user === user).map(({ pk }) => pk)
    await client.get('/oauth2/authorization_codes/?ordering=expires')
    await client.get('/oauth2/authorization_codes/?user=2&ordering=-provider')
    // The first deletion of a user makes the index of the codes that point at users.
    await client.delete('/core/users/4/')
    const count = codesOf(2).length
    const remaining = [1, 3, 5, 6].flatMap(codesOf)
    expect(count).toBeGreaterThan(500)

    const walks = vi.spyOn(Table.prototype, 'values')
    const required = vi.spyOn(Table.prototype, 'require')
    const deleted = vi.spyOn(Table.prototype, 'delete')
    expect((await client.delete('/core/users/2/')).status).toBe(204)
    const walked = walks.mock.contexts.map((table) => (table as Table<object>).size)
    expect(Math.max(0, ...walked)).toBeLessThan(100)
    const lookups = required.mock.calls.length
    const deletions = deleted.mock.calls.length
    vi.restoreAllMocks()
    expect(lookups).toBeLessThan(count + 100)
    expect(deletions).toBeLessThan(count + 100)
    expect(new Set(Array.from(codes.values(), ({ pk }) => pk))).toEqual(new Set(remaining))
  })

  it('of a provider leaves its application without one', async () => {
    const authentik = await readyMock({ codes: 300, token: 'key' })
    const { applications, authorization_codes: codes, providers } = authentik.world
    const application = [...applications.values()].find(({ provider }) => provider === 1)
    expect(application).toBeDefined()
    await providers.delete(1)
    expect(application && applications.get(application.pk)?.provider).toBeNull()
    expect([...codes.values()].filter(({ provider }) => provider === 1)).toEqual([])
    expect(codes.size).toBeGreaterThan(0)
  })

  it('of a group takes it from the lists of its members', async () => {
    const authentik = await readyMock({ token: 'key' })
    const { groups, users } = authentik.world
    const group = groups.find('name', 'developers')
    const members = [...users.values()].filter((user) => group && user.groups.includes(group.pk))
    expect(members.length).toBeGreaterThan(1)
    await groups.delete(group?.pk ?? '')
    for (const member of members)
      expect(users.get(member.pk)?.groups).toEqual(member.groups.filter((key) => key !== group?.pk))
  })
})
