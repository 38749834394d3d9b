/** An index of rows in an order is what a sorted array is, and looks at few rows for it. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SortedIndex, type Comparable, type SortStep } from '../../src/store/sorted-index.ts'
import { isWhole } from '../support/tier.ts'

interface Entry {
  pk: number
  user: number
  expires: string | null
}

const sortBy = (field: keyof Entry, descending = false): SortStep<Entry> => ({
  sortKey: (row) => row[field],
  descending,
})

const compareValues = (a: Comparable, b: Comparable) => {
  if (a === b) return 0
  if (a === null || b === null) return a === null ? 1 : -1
  return a < b ? -1 : 1
}

/** The same order, as an array is sorted. */
const sorted = (rows: readonly Entry[], steps: readonly SortStep<Entry>[]) =>
  rows.toSorted(
    (a, b) =>
      steps
        .map(({ sortKey, descending }) => compareValues(sortKey(a), sortKey(b)) * (descending ? -1 : 1))
        .find((difference) => difference !== 0) ?? 0,
  )

const NAMES = ['a', 'b', 'c', null] as const
const entryOf = (pk: number, [user, name]: readonly [number, number]): Entry => ({
  pk,
  user,
  expires: NAMES[name] ?? null,
})

const values = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 3 }))
const action = fc.oneof(
  fc.record({ add: values }),
  fc.record({ remove: fc.nat() }),
  fc.record({ removeFrom: fc.nat(), count: fc.integer({ min: 1, max: 900 }) }),
  fc.record({ change: fc.nat(), into: values }),
  fc.record({ page: fc.nat(), size: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ user: fc.integer({ min: 0, max: 5 }), size: fc.integer({ min: 1, max: 400 }) }),
  fc.record({ multipleOf: fc.integer({ min: 2, max: 9 }), user: fc.option(fc.integer({ min: 0, max: 4 })) }),
)
/** By the name that a counterexample is told by. */
const ORDERS = {
  'user,pk': [sortBy('user'), sortBy('pk')],
  'user,expires,pk': [sortBy('user'), sortBy('expires'), sortBy('pk')],
  'user,-expires,-user,pk': [sortBy('user'), sortBy('expires', true), sortBy('user', true), sortBy('pk')],
}
const orders = fc.constantFrom(...(Object.keys(ORDERS) as (keyof typeof ORDERS)[]))

/** Numbers that follow from a number, and look like chance. */
const scatter = (number: number): readonly [number, number] => {
  const mixed = Math.imul(number ^ (number >>> 5), 0x9e3779b1) >>> 0
  return [mixed % 5, (mixed >>> 8) % 4]
}

describe('an index of rows', () => {
  it('reads as a sorted array does, after any additions, removals and changes of what it is sorted by', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3000 }),
        orders,
        fc.array(action, { maxLength: 60 }),
        (count, order, list) => {
          const steps = ORDERS[order]
          let rows = Array.from({ length: count }, (_, number) => entryOf(number, scatter(number)))
          let next = count
          const index = new SortedIndex(rows, steps)
          const answers: unknown[] = []
          const expected: unknown[] = []
          const remove = (position: number) => {
            const row = rows[position % rows.length]
            if (!row) return undefined
            index.remove(row)
            rows = rows.filter((candidate) => candidate !== row)
            return row
          }
          const add = (row: Entry) => {
            index.add(row)
            rows = [...rows, row]
          }
          for (const step of list) {
            if ('add' in step) add(entryOf(next++, step.add))
            else if ('remove' in step) remove(step.remove)
            else if ('removeFrom' in step) {
              const start = step.removeFrom % (rows.length + 1)
              const removed = new Set(index.list([]).slice(start, start + step.count))
              for (const row of removed) index.remove(row)
              rows = rows.filter((row) => !removed.has(row))
            } else if ('change' in step) {
              const row = remove(step.change)
              if (row) add(entryOf(row.pk, step.into))
            } else if ('page' in step) {
              const start = step.page % (rows.length + 1)
              answers.push(index.list([]).slice(start, start + step.size))
              expected.push(sorted(rows, steps).slice(start, start + step.size))
            } else if ('size' in step) {
              const selected = index.list([step.user])
              const matching = sorted(rows, steps).filter(({ user }) => user === step.user)
              answers.push(selected.length, selected.slice(3, 3 + step.size))
              expected.push(matching.length, matching.slice(3, 3 + step.size))
            } else {
              const test = ({ pk }: Entry) => pk % step.multipleOf === 0
              const matching = sorted(rows, steps).filter(({ user }) => step.user === null || user === step.user)
              answers.push(index.list(step.user === null ? [] : [step.user]).filter(test))
              expected.push(matching.filter(test))
            }
          }
          answers.push([...index.list([])], index.list([]).length)
          expected.push(sorted(rows, steps), rows.length)
          expect(answers).toEqual(expected)
        },
      ),
      { numRuns: isWhole ? 60 : 15 },
    )
  })

  it('can be emptied and filled again', () => {
    const rows = Array.from({ length: 2000 }, (_, number) => entryOf(number, scatter(number)))
    const index = new SortedIndex(rows, [sortBy('expires'), sortBy('pk')])
    index.list([]).slice(1000, 1020)
    for (const row of rows) index.remove(row)
    expect([...index.list([])]).toEqual([])
    for (const row of rows) index.add(row)
    expect([...index.list([])]).toEqual(sorted(rows, [sortBy('expires'), sortBy('pk')]))
  })

  it('is of rows that are all equal but for their key', () => {
    const rows = Array.from({ length: 5000 }, (_, pk) => ({ pk, user: 1, expires: null }))
    const index = new SortedIndex(rows.toReversed(), [sortBy('user'), sortBy('expires', true), sortBy('pk')])
    expect(index.list([1, null]).slice(4000, 4003)).toEqual(rows.slice(4000, 4003))
  })
})

describe('an index of 100,000 rows', () => {
  const COUNT = 100_000
  /** As many as a binary search compares, a leaf whose rows are looked at, and some more. */
  const FEW = 300
  let reads = 0
  const counted: SortStep<Entry>[] = [
    {
      sortKey(row) {
        reads++
        return row.expires
      },
      descending: false,
    },
    sortBy('pk'),
  ]
  const rows = Array.from({ length: COUNT }, (_, number): Entry => {
    const [user] = scatter(number)
    return { pk: number, user, expires: number % 4 ? String(Math.imul(number, 0x9e3779b1) >>> 0) : null }
  })
  /** How many rows are looked at. */
  const readsOf = (run: () => void) => {
    reads = 0
    run()
    return reads
  }

  it('looks at each row about once for its first page, and at none for the next', () => {
    const index = new SortedIndex(rows, counted)
    expect(readsOf(() => index.list([]).slice(0, 20))).toBeLessThan(1.2 * COUNT)
    expect(readsOf(() => index.list([]).slice(20, 40))).toBe(0)
  })

  it('looks at few rows to add, to remove and to read a page anywhere, however many there are', () => {
    const index = new SortedIndex(rows, counted)
    for (let start = 0; start < COUNT; start += 100) index.list([]).slice(start, start + 100)
    const worst = { add: 0, remove: 0, page: 0, count: 0 }
    for (let number = 0; number < COUNT; number += 997) {
      const row = rows[number]
      if (!row) continue
      worst.remove = Math.max(
        worst.remove,
        readsOf(() => index.remove(row)),
      )
      worst.page = Math.max(
        worst.page,
        readsOf(() => index.list([]).slice(number, number + 20)),
      )
      worst.add = Math.max(
        worst.add,
        readsOf(() => index.add(row)),
      )
      worst.count = Math.max(
        worst.count,
        readsOf(() => index.list([row.expires])),
      )
    }
    expect(worst).toEqual({ add: expect.any(Number), remove: 1, page: 0, count: expect.any(Number) })
    expect(worst.add).toBeLessThan(12)
    expect(worst.count).toBeLessThan(24)
  })

  it('looks at no more than a part of its rows where it was never read', () => {
    const index = new SortedIndex(rows, counted)
    index.list([]).slice(0, 20)
    const [row] = rows.slice(4711)
    expect(row && readsOf(() => index.remove(row))).toBe(1)
    expect(row && readsOf(() => index.add(row))).toBe(1)
    expect(readsOf(() => index.list([]).slice(COUNT / 2, COUNT / 2 + 20))).toBeLessThan(COUNT / 8 + FEW)
  })
})
