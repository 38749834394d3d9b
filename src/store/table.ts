/** The rows of one resource: an @msw/data collection, read through indexes that its hooks keep. */
import { Collection } from '@msw/data'
import { Ordered, type Listing } from './sorted-index.ts'
import type { Schema } from '../schema/words.ts'

/** How many orders are kept of one resource's rows. */
const ORDERS = 64

/** What identifies a row. */
export type Key = number | string

/**
 * Rows of one kind. Created, changed and deleted through @msw/data; read by key in constant time, because the
 * library's own queries visit every row.
 */
export class Rows<Row extends object> {
  readonly model: Schema<Row>
  readonly key: keyof Row
  #collection: Collection<Schema<Row>>
  #byKey = new Map<Key, Row>()
  #indexes = new Map<keyof Row, Map<unknown, Row>>()
  #ordered = new Map<string, Ordered<Row>>()
  #changed: () => void
  #letGo: (key: Key) => Promise<void> | undefined
  #highest = 0

  /**
   * @param model what a row must be
   * @param key the field that identifies a row
   * @param unique other fields that no two rows share, to `find` by
   * @param changed told of every change
   * @param letGo makes what points at a row do without it, before the row is deleted
   */
  constructor(
    model: Schema<Row>,
    key: keyof Row,
    unique: readonly (keyof Row)[] = [],
    changed: () => void = () => {},
    letGo: (key: Key) => Promise<void> | undefined = () => undefined,
  ) {
    this.model = model
    this.key = key
    this.#changed = changed
    this.#letGo = letGo
    for (const field of unique) this.#indexes.set(field, new Map())
    this.#collection = this.#open()
  }

  get size(): number {
    return this.#byKey.size
  }

  /** In the order of creation. */
  all(): IterableIterator<Row> {
    return this.#byKey.values()
  }

  get(key: Key): Row | undefined {
    return this.#byKey.get(key)
  }

  has(key: Key): boolean {
    return this.#byKey.has(key)
  }

  /** The row with this value in a unique field. */
  find<Field extends keyof Row>(field: Field, value: Row[Field]): Row | undefined {
    return this.#indexes.get(field)?.get(value)
  }

  /** Rows in an order, which is kept for the next time. */
  list(listing: Listing<Row>): readonly Row[] {
    const name = JSON.stringify([listing.where, listing.order.map(({ by, down }) => [by, down])])
    let kept = this.#ordered.get(name)
    if (!kept) {
      if (this.#ordered.size >= ORDERS) this.#ordered.clear()
      kept = new Ordered(this.all(), listing, (row) => row[this.key] as Key)
      this.#ordered.set(name, kept)
    }
    return kept.rows
  }

  /** A whole number above every key that there ever was, as a database's sequence gives it. */
  next(): number {
    return this.#highest + 1
  }

  /** @throws OperationError of @msw/data when the row does not fit the model. */
  async create(row: Row): Promise<Row> {
    return this.#collection.create(row)
  }

  /**
   * Changes a row, which is otherwise not to be written to.
   * @param change writes to a draft of the row
   * @throws RangeError when there is no such row, InvariantError of @msw/data when the outcome does not fit the model
   */
  async update(key: Key, change: (draft: Row) => void): Promise<Row> {
    const before = this.#byKey.get(key)
    if (!before)
      throw new RangeError(`Failed to change a row: none has the ${String(this.key)} ${JSON.stringify(key)}.`)
    const after = (await this.#collection.update(before as never, { data: change as never, strict: true })) as Row
    this.#unindex(before)
    if (after[this.key] !== key) this.#byKey.delete(key)
    this.#index(after)
    return after
  }

  /**
   * Deletes a row, after what points at it: at once when nothing can.
   * @returns whether there was such a row
   */
  async delete(key: Key): Promise<boolean> {
    if (!this.#byKey.has(key)) return false
    const pending = this.#letGo(key)
    if (pending) await pending
    const row = this.#byKey.get(key)
    if (row) this.#collection.delete(row as Parameters<Collection<Schema<Row>>['delete']>[0])
    return row !== undefined
  }

  /** Forgets every row. (@msw/data's own `clear` takes quadratic time.) */
  clear(): void {
    this.#collection = this.#open()
    this.#changed()
    this.#byKey.clear()
    this.#highest = 0
    this.#ordered.clear()
    for (const index of this.#indexes.values()) index.clear()
  }

  #open(): Collection<Schema<Row>> {
    const collection = new Collection({ schema: this.model })
    collection.hooks.on('create', (event) => this.#index(event.data.record))
    collection.hooks.on('delete', (event) => this.#forget(event.data.deletedRecord))
    return collection
  }

  #index(row: Row): void {
    this.#changed()
    freeze(row)
    const key = row[this.key] as Key
    this.#byKey.set(key, row)
    if (typeof key === 'number' && key > this.#highest) this.#highest = key
    for (const [field, index] of this.#indexes) index.set(row[field], row)
    for (const ordered of this.#ordered.values()) ordered.add(row)
  }

  #forget(row: Row): void {
    this.#changed()
    this.#byKey.delete(row[this.key] as Key)
    this.#unindex(row)
  }

  #unindex(row: Row): void {
    for (const [field, index] of this.#indexes) index.delete(row[field])
    for (const ordered of this.#ordered.values()) ordered.remove(row)
  }
}

/** Makes a value unchangeable, all the way down. */
export function freeze<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(freeze)
  }
  return value
}
