/** Rows in an order, kept as rows come and go, so that a page costs the same however many there are. */
import { SortedTree } from './sorted-tree.ts'

/** What rows are compared by; null stands after all else, as PostgreSQL has it. */
export type Comparable = string | number | boolean | null

/** Reads from a row what it is ordered by. */
export type SortKey<Row> = (row: Row) => Comparable

/** What rows are ordered by, before what comes next decides. */
export interface SortStep<Row> {
  sortKey: SortKey<Row>
  descending: boolean
}

/** What a list holds and in which order. */
export interface Listing<Row> {
  /** Fields that must have these values. */
  where: Readonly<Record<string, unknown>>
  /** The first that tells two rows apart decides. */
  order: readonly (SortStep<Row> & { field: string })[]
}

/** Rows in an order, of which only those are looked at that are read. An array is such a list. */
export interface RowList<Row> extends Iterable<Row> {
  readonly length: number
  /** The rows from one position to before another, as an array has it. */
  slice(start: number, end: number): readonly Row[]
  filter(test: (row: Row) => boolean): readonly Row[]
}

type Rank = readonly Comparable[]

/** Rows in one order. */
export class SortedIndex<Row extends object> {
  readonly #tree: SortedTree<Row, Rank>

  /** @param steps the last of them tells any two rows apart */
  constructor(rows: Iterable<Row>, steps: readonly SortStep<Row>[]) {
    const sortKeys = steps.map(({ sortKey }) => sortKey)
    const descending = steps.map((step) => step.descending)
    this.#tree = new SortedTree([...rows], {
      rankOf: (row) => sortKeys.map((sortKey) => sortKey(row)),
      compare: (a, b) => compareRanks(a, b, descending),
    })
  }

  add(row: Row): void {
    this.#tree.add(row)
  }

  remove(row: Row): void {
    this.#tree.remove(row)
  }

  /** The rows for which the first steps give these values, as they are now: the next change makes the list invalid. */
  list(values: Rank): RowList<Row> {
    const tree = this.#tree
    const start = values.length ? tree.countBefore(values, false) : 0
    const end = values.length ? tree.countBefore(values, true) : tree.size
    return {
      length: end - start,
      slice: (first, last) => tree.slice(start + first, Math.min(start + last, end)),
      filter: (test) => tree.filter(start, end, test),
      [Symbol.iterator]: () => tree.slice(start, end).values(),
    }
  }
}

/** Compares as far as both go: a rank is the same as what it begins with. */
function compareRanks(a: Rank, b: Rank, descending: readonly boolean[]): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const difference = compare(a[index] ?? null, b[index] ?? null)
    if (difference !== 0) return descending[index] ? -difference : difference
  }
  return 0
}

function compare(a: Comparable, b: Comparable): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  if (a < b) return -1
  return a === b ? 0 : 1
}
