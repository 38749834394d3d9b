/** The rows of one resource: written through @msw/data, and read through our own indexes. */
import type { Collection } from '@msw/data'
import { quote } from '../schema/json.ts'
import { once } from '../schema/lazily.ts'
import { checkTexts } from './data-error.ts'
import type { Key } from './key.ts'
import { MockError } from './mock-error.ts'
import type { Model } from '../schema/words.ts'
import { PointerIndex } from './pointer-index.ts'
import { SortedIndex, type Comparable, type Listing, type RowList } from './sorted-index.ts'

/** How many orders are kept of one resource's rows, and how many rows they may have together. */
const MAX_ORDERS = 64
const MAX_SORTED_ROWS = 8_000_000
/** How many rows @msw/data has at a time. */
const MAX_BATCH = 64

/** Loads @msw/data when a row is first written: a mock that is only read does without, and starts sooner. */
const loadLibrary = once(() => import('./collection.ts'))

export type { Key }

/** The largest number that a key can be: a PostgreSQL integer. */
export const MAX_KEY = 2_147_483_647

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

/** What becomes of a row. */
export type RowAction = 'create' | 'update' | 'delete'

/** What a table is of. */
export interface TableOptions<Row extends object> {
  name: string
  /** What a row must be. */
  model: Model<Row>
  /** The field that identifies a row. */
  key: keyof Row & string
  /** Other fields that no two rows share, to `find` by. */
  unique?: readonly (keyof Row & string)[] | undefined
  /** It is called after every change: of a row, with what it was before, or of all that there are. */
  onChange?(action: RowAction | 'restore', row?: Row, previous?: Row): void
  /** Makes what points at a row do without it, before the row is deleted. */
  cascade?(key: Key): Promise<void> | undefined
}

/** The rows that @msw/data has in hand, each by ours. */
interface Batch<Row extends object> {
  collection: Collection<Model<Row>>
  records: Map<Row, Row>
}

/**
 * Rows of one kind. @msw/data checks and completes every row that is created or changed, but for those with which a world
 * begins, which were checked before; it keeps the last of them,
 * because it looks for a row by visiting all that it has, and takes 600 bytes for each. Ours are frozen copies, read
 * through our own indexes.
 */
export class Table<Row extends object> implements ReadableTable<Row> {
  readonly #options: TableOptions<Row>
  /** Made when a row is first written. */
  #batch: Batch<Row> | undefined
  #byKey = new Map<Key, Row>()
  /** By field; made when the first row is kept. */
  #unique: Map<keyof Row, Map<unknown, Row>> | undefined
  /** By fields and directions, the one that was read last at the end. */
  #sorted = new Map<string, SortedIndex<Row>>()
  /** By field; made when a row is first asked for by what it points at. */
  #pointers = new Map<keyof Row, PointerIndex<Row>>()
  #highest = 0

  constructor(options: TableOptions<Row>) {
    this.#options = options
  }

  get size(): number {
    return this.#byKey.size
  }

  /** The highest number that a key ever was; 0 for none. */
  get highest(): number {
    return this.#highest
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
    return this.#unique?.get(field)?.get(value)
  }

  /** Rows in an order, which is kept for the next time, whatever the values. The next change makes the list invalid. */
  list({ where, order }: Listing<Row>): RowList<Row> {
    const fields = Object.keys(where).sort()
    const name = JSON.stringify([fields, order.map(({ field, descending }) => [field, descending])])
    const index = this.#sorted.get(name) ?? this.#sort(fields, order)
    this.#sorted.delete(name)
    this.#sorted.set(name, index)
    return index.list(fields.map((field) => toComparable(where[field])))
  }

  /** The rows that hold a key in a field, in the order in which they came to hold it. */
  pointing(field: keyof Row, target: Key): Row[] {
    let index = this.#pointers.get(field)
    if (!index) {
      index = new PointerIndex(this.values(), field, (row) => this.#keyOf(row))
      this.#pointers.set(field, index)
    }
    return Array.from(index.get(target), (key) => this.require(key))
  }

  /**
   * A whole number above every key that there ever was, as a database's sequence gives it; the highest that is free,
   * where a row has the last that there is.
   */
  next(): number {
    let key = this.#highest + 1
    while (key > MAX_KEY || this.#byKey.has(key)) key--
    return key
  }

  /** Gives no row a number up to this one. */
  reserve(highest: number): void {
    if (highest > this.#highest) this.#highest = highest
  }

  /**
   * Makes a row; what it leaves out is as the model has it by default.
   * @throws OperationError of @msw/data when the row does not fit the model
   * @throws DataError when PostgreSQL would not keep it
   */
  async create(row: Partial<Row>): Promise<Row> {
    const { batch, record } = await this.#hand(row)
    const created = this.#copyInto(batch, record)
    this.take(created)
    return created
  }

  /** Takes a row that is whole and right, such as one of a file that was checked; @msw/data has it when it is changed. */
  take(row: Row): void {
    const taken = freeze(row)
    this.#index(taken)
    for (const index of this.#pointers.values()) index.add(taken)
    this.#options.onChange?.('create', taken)
  }

  /**
   * Changes a row, which is otherwise not to be written to.
   * @param change writes to a draft of the row
   * @throws MockError ERR_WORLD when there is no such row, InvariantError of @msw/data when the outcome does not fit
   * @throws DataError when PostgreSQL would not keep it
   */
  async update(key: Key, change: (draft: Row) => void): Promise<Row> {
    const current = this.require(key)
    const { batch, record } = this.#handed(current) ?? (await this.#hand(current))
    const changed = await batch.collection.update(record as never, { data: change as never, strict: true })
    batch.records.delete(current)
    const updated = this.#copyInto(batch, changed as Row)
    this.#unindex(current)
    if (this.#keyOf(updated) !== key) this.#byKey.delete(key)
    this.#index(updated)
    for (const index of this.#pointers.values()) index.replace(current, updated)
    this.#options.onChange?.('update', updated, current)
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
    const handed = this.#handed(row)
    if (handed) handed.batch.collection.delete(handed.record as never)
    handed?.batch.records.delete(row)
    this.#byKey.delete(key)
    this.#unindex(row)
    for (const index of this.#pointers.values()) index.remove(row)
    this.#options.onChange?.('delete', row)
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
    this.#batch = undefined
    this.#byKey.clear()
    this.#sorted.clear()
    this.#pointers.clear()
    this.#unique = undefined
    this.#highest = highest
    this.#options.onChange?.('restore')
    for (const row of rows) this.#index(row)
  }

  /** What @msw/data has of a row, if it has it in hand. */
  #handed(row: Row): { batch: Batch<Row>; record: Row } | undefined {
    const record = this.#batch?.records.get(row)
    return this.#batch && record && { batch: this.#batch, record }
  }

  /** Hands a row to @msw/data, with an empty collection where the last is full. */
  async #hand(row: Partial<Row>): Promise<{ batch: Batch<Row>; record: Row }> {
    const { createCollection } = await loadLibrary()
    if (!this.#batch || this.#batch.collection.count() >= MAX_BATCH)
      this.#batch = { collection: createCollection(this.#options.model), records: new Map() }
    const batch = this.#batch
    const record = await batch.collection.create(withIdentifier(row))
    return { batch, record }
  }

  /** Makes our copy of a record, frozen and without what @msw/data keeps in it. */
  #copyInto({ records }: Batch<Row>, record: Row): Row {
    const row = { ...record }
    checkTexts(row, this.#options.name)
    records.set(freeze(row), record)
    return row
  }

  #sort(fields: readonly string[], order: Listing<Row>['order']): SortedIndex<Row> {
    const limit = Math.min(MAX_ORDERS, MAX_SORTED_ROWS / Math.max(this.size, 1))
    for (const name of this.#sorted.keys()) if (this.#sorted.size + 1 > limit) this.#sorted.delete(name)
    const byField = fields.map((field) => ({
      sortKey: (row: Row) => toComparable(row[field as keyof Row]),
      descending: false,
    }))
    const identity = { sortKey: (row: Row) => this.#keyOf(row), descending: false }
    return new SortedIndex(this.values(), [...byField, ...order, identity])
  }

  #keyOf(row: Row): Key {
    return row[this.#options.key] as Key
  }

  #index(row: Row): void {
    const key = this.#keyOf(row)
    this.#byKey.set(key, row)
    if (typeof key === 'number' && key > this.#highest) this.#highest = key
    this.#unique ??= new Map((this.#options.unique ?? []).map((name) => [name, new Map()]))
    for (const [field, index] of this.#unique) index.set(row[field], row)
    for (const index of this.#sorted.values()) index.add(row)
  }

  #unindex(row: Row): void {
    for (const [field, index] of this.#unique ?? []) index.delete(row[field])
    for (const index of this.#sorted.values()) index.remove(row)
  }
}

/**
 * Gives @msw/data the identifier that it keeps with a record under a symbol of its own. It would make one by
 * `crypto.randomUUID`, which pages of an insecure origin have not, such as `http://app.test`.
 */
function withIdentifier<Row extends object>(row: Row): Row {
  if (typeof globalThis.crypto?.randomUUID === 'function') return row
  const identifier = ++identifiers
  return new Proxy(row, {
    get: (target, key) => (key.toString() === 'Symbol(kPrimaryKey)' ? identifier : Reflect.get(target, key)),
  })
}

let identifiers = 0

const toComparable = (value: unknown): Comparable =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null

/** The rows of a table at some time. */
export interface TableSnapshot<Row extends object> {
  rows: readonly Row[]
  highest: number
}

/** A row that is asked for by its key is not there. */
export const missingRow = (table: string, field: string, key: Key) =>
  new MockError(
    'ERR_WORLD',
    `Failed to find a row: ${table} has none with the ${field} ${quote(key)}. See which there are: world.${table}.values().`,
  )

/** Makes a value unchangeable, all the way down. */
export function freeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(freeze)
  }
  return value
}
