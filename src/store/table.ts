/** The rows of one resource: an @msw/data collection, read through indexes that its hooks keep. */
import { Collection } from '@msw/data'
import { MockError } from './mock-error.ts'
import type { Schema } from '../schema/words.ts'
import { SortedIndex, type Listing } from './sorted-index.ts'

/** How many orders are kept of one resource's rows. */
const MAX_ORDERS = 64

/** What identifies a row. */
export type Key = number | string

/** Rows to read: a world's, or those of a file that is being checked. */
export interface ReadableTable<Row extends object> {
  readonly size: number
  get(key: Key): Row | undefined
  /** The row that a reference names, which is there as long as the world is whole. @throws MockError ERR_WORLD */
  require(key: Key): Row
  has(key: Key): boolean
  /** The row with this value in a unique field, or in the one that identifies it. */
  find<Field extends keyof Row>(field: Field, value: Row[Field]): Row | undefined
  /** All rows, in the order of their creation. */
  values(): IterableIterator<Row>
}

/** What a table is of. */
export interface TableOptions<Row extends object> {
  name: string
  /** What a row must be. */
  model: Schema<Row>
  /** The field that identifies a row. */
  key: keyof Row & string
  /** Other fields that no two rows share, to `find` by. */
  unique?: readonly (keyof Row & string)[] | undefined
  /** It is called after every change. */
  onChange?(): void
  /** Makes what points at a row do without it, before the row is deleted. */
  cascade?(key: Key): Promise<void> | undefined
}

/**
 * Rows of one kind. Created, changed and deleted through @msw/data; read by key in constant time, because the
 * library's own queries visit every row.
 */
export class Table<Row extends object> implements ReadableTable<Row> {
  readonly #options: TableOptions<Row>
  #collection: Collection<Schema<Row>>
  /** The rows that the collection has; those of a snapshot are given to it when they first change. */
  #collected = new WeakSet<Row>()
  #byKey = new Map<Key, Row>()
  #indexes = new Map<keyof Row, Map<unknown, Row>>()
  #sorted = new Map<string, SortedIndex<Row>>()
  #highest = 0

  constructor(options: TableOptions<Row>) {
    this.#options = options
    for (const field of options.unique ?? []) this.#indexes.set(field, new Map())
    this.#collection = this.#open()
  }

  get size(): number {
    return this.#byKey.size
  }

  values(): IterableIterator<Row> {
    return this.#byKey.values()
  }

  get(key: Key): Row | undefined {
    return this.#byKey.get(key)
  }

  require(key: Key): Row {
    const row = this.#byKey.get(key)
    if (!row) throw missingRow(this.#options.name, this.#options.key, key)
    return row
  }

  has(key: Key): boolean {
    return this.#byKey.has(key)
  }

  find<Field extends keyof Row>(field: Field, value: Row[Field]): Row | undefined {
    if (field === this.#options.key) return this.#byKey.get(value as Key)
    return this.#indexes.get(field)?.get(value)
  }

  /** Rows in an order, which is kept for the next time. */
  list(listing: Listing<Row>): readonly Row[] {
    const name = JSON.stringify([listing.where, listing.order.map(({ field, descending }) => [field, descending])])
    let index = this.#sorted.get(name)
    if (!index) {
      if (this.#sorted.size >= MAX_ORDERS) this.#sorted.clear()
      index = new SortedIndex(this.values(), listing, (row) => this.#keyOf(row))
      this.#sorted.set(name, index)
    }
    return index.rows
  }

  /** A whole number above every key that there ever was, as a database's sequence gives it. */
  next(): number {
    return this.#highest + 1
  }

  /**
   * Makes a row; what it leaves out is as the model has it by default.
   * @throws OperationError of @msw/data when the row does not fit the model
   */
  async create(row: Partial<Row>): Promise<Row> {
    const created = await this.#collection.create(row)
    this.#collected.add(created)
    return created
  }

  /**
   * Changes a row, which is otherwise not to be written to.
   * @param change writes to a draft of the row
   * @throws MockError ERR_WORLD when there is no such row, InvariantError of @msw/data when the outcome does not fit
   */
  async update(key: Key, change: (draft: Row) => void): Promise<Row> {
    const current = await this.#collect(this.require(key))
    const updated = (await this.#collection.update(current as never, { data: change as never, strict: true })) as Row
    this.#collected.add(updated)
    this.#unindex(current)
    if (this.#keyOf(updated) !== key) this.#byKey.delete(key)
    this.#index(updated)
    return updated
  }

  /**
   * Deletes a row, after what points at it: at once when nothing can.
   * @returns whether there was such a row
   */
  async delete(key: Key): Promise<boolean> {
    if (!this.#byKey.has(key)) return false
    const pending = this.#options.cascade?.(key)
    if (pending) await pending
    const row = this.#byKey.get(key)
    if (!row) return false
    if (this.#collected.has(row)) this.#collection.delete(row as never)
    else this.#forget(row)
    return true
  }

  /** Forgets every row. (@msw/data's own `clear` takes quadratic time.) */
  clear(): void {
    this.restore({ rows: [], highest: 0 })
  }

  /** The rows as they are; they are frozen, and shared. */
  snapshot(): TableSnapshot<Row> {
    return { rows: [...this.values()], highest: this.#highest }
  }

  /** Has these rows and no others. */
  restore({ rows, highest }: TableSnapshot<Row>): void {
    this.#collection = this.#open()
    this.#collected = new WeakSet()
    this.#byKey.clear()
    this.#sorted.clear()
    for (const index of this.#indexes.values()) index.clear()
    this.#highest = highest
    this.#options.onChange?.()
    for (const row of rows) this.#index(row)
  }

  #open(): Collection<Schema<Row>> {
    const collection = new Collection({ schema: this.#options.model })
    collection.hooks.on('create', (event) => this.#index(event.data.record))
    collection.hooks.on('delete', (event) => this.#forget(event.data.deletedRecord))
    return collection
  }

  /** The row as the collection has it; one that came by a snapshot is given to it first. */
  async #collect(row: Row): Promise<Row> {
    if (this.#collected.has(row)) return row
    this.#unindex(row)
    return this.create(row)
  }

  #keyOf(row: Row): Key {
    return row[this.#options.key] as Key
  }

  #index(row: Row): void {
    this.#options.onChange?.()
    freeze(row)
    const key = this.#keyOf(row)
    this.#byKey.set(key, row)
    if (typeof key === 'number' && key > this.#highest) this.#highest = key
    for (const [field, index] of this.#indexes) index.set(row[field], row)
    for (const index of this.#sorted.values()) index.add(row)
  }

  #forget(row: Row): void {
    this.#options.onChange?.()
    this.#byKey.delete(this.#keyOf(row))
    this.#unindex(row)
  }

  #unindex(row: Row): void {
    for (const [field, index] of this.#indexes) index.delete(row[field])
    for (const index of this.#sorted.values()) index.remove(row)
  }
}

/** The rows of a table at some time. */
export interface TableSnapshot<Row extends object> {
  rows: readonly Row[]
  highest: number
}

/** A row that is asked for by its key is not there. */
export const missingRow = (table: string, field: string, key: Key) =>
  new MockError(
    'ERR_WORLD',
    `Failed to find a row: ${table} has none with the ${field} ${JSON.stringify(key)}. See which there are: world.${table}.values().`,
  )

/** Makes a value unchangeable, all the way down. */
export function freeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(freeze)
  }
  return value
}
