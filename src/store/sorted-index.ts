/** Rows in an order, kept as rows come and go, so that a page costs the same however many there are. */

/** What rows are compared by; null stands after all else, as PostgreSQL has it. */
export type Comparable = string | number | boolean | null

export type Extract<Row> = (row: Row) => Comparable

/** What a list holds and in which order. */
export interface Listing<Row> {
  /** Fields that must have these values. */
  where: Partial<Row>
  /** The first that tells two rows apart decides. */
  order: readonly { by: string; value: Extract<Row>; down: boolean }[]
}

export class Ordered<Row extends object> {
  readonly rows: Row[]
  #where: [string, unknown][]
  #compare: (a: Row, b: Row) => number

  /** @param last tells any two rows apart */
  constructor(all: Iterable<Row>, { where, order }: Listing<Row>, last: Extract<Row>) {
    const steps = [...order, { value: last, down: false }]
    this.#where = Object.entries(where)
    this.#compare = (a, b) => {
      for (const { value, down } of steps) {
        const difference = compare(value(a), value(b))
        if (difference !== 0) return down ? -difference : difference
      }
      return 0
    }
    this.rows = [...all].filter((row) => this.#holds(row)).sort(this.#compare)
  }

  add(row: Row): void {
    if (this.#holds(row)) this.rows.splice(this.#find(row), 0, row)
  }

  remove(row: Row): void {
    if (this.#holds(row)) this.rows.splice(this.#find(row), 1)
  }

  #holds(row: Row): boolean {
    return this.#where.every(([field, value]) => row[field as keyof Row] === value)
  }

  /** Where a row stands, or would. */
  #find(row: Row): number {
    let [low, high] = [0, this.rows.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#compare(this.rows[middle]!, row) < 0) low = middle + 1
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
