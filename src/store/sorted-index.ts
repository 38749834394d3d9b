/** Rows in an order, kept as rows come and go, so that a page costs the same however many there are. */

/** What rows are compared by; null stands after all else, as PostgreSQL has it. */
export type Comparable = string | number | boolean | null

/** Reads from a row what it is ordered by. */
export type SortKey<Row> = (row: Row) => Comparable

/** What a list holds and in which order. */
export interface Listing<Row> {
  /** Fields that must have these values. */
  where: Readonly<Record<string, unknown>>
  /** The first that tells two rows apart decides. */
  order: readonly { field: string; sortKey: SortKey<Row>; descending: boolean }[]
}

/** Rows of one listing, in its order. */
export class SortedIndex<Row extends object> {
  readonly rows: Row[]
  #where: [string, unknown][]
  #compare: (a: Row, b: Row) => number

  /** @param identity tells any two rows apart, where the order does not */
  constructor(rows: Iterable<Row>, { where, order }: Listing<Row>, identity: SortKey<Row>) {
    const steps = [...order, { sortKey: identity, descending: false }]
    this.#where = Object.entries(where)
    this.#compare = (a, b) => {
      for (const { sortKey, descending } of steps) {
        const difference = compare(sortKey(a), sortKey(b))
        if (difference !== 0) return descending ? -difference : difference
      }
      return 0
    }
    this.rows = [...rows].filter((row) => this.#holds(row)).sort(this.#compare)
  }

  add(row: Row): void {
    if (this.#holds(row)) this.rows.splice(this.#positionOf(row), 0, row)
  }

  remove(row: Row): void {
    if (this.#holds(row)) this.rows.splice(this.#positionOf(row), 1)
  }

  #holds(row: Row): boolean {
    return this.#where.every(([field, value]) => row[field as keyof Row] === value)
  }

  /** Where a row stands, or would. */
  #positionOf(row: Row): number {
    let [low, high] = [0, this.rows.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      const candidate = this.rows[middle]
      if (candidate && this.#compare(candidate, row) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

function compare(a: Comparable, b: Comparable): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  return a < b ? -1 : 1
}
