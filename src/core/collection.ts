/** The rows of one resource: an @msw/data collection, read through indexes that its hooks keep. */
import { Collection } from '@msw/data'
import type { Schema } from './schema.ts'

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

  /**
   * @param model what a row must be
   * @param key the field that identifies a row
   * @param unique other fields that no two rows share, to `find` by
   */
  constructor(model: Schema<Row>, key: keyof Row, unique: readonly (keyof Row)[] = []) {
    this.model = model
    this.key = key
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

  /** @throws OperationError of @msw/data when the row does not fit the model. */
  async create(row: Row): Promise<Row> {
    return this.#collection.create(row)
  }

  /** @returns whether there was such a row. */
  delete(key: Key): boolean {
    const row = this.#byKey.get(key)
    if (row) this.#collection.delete(row as Parameters<Collection<Schema<Row>>['delete']>[0])
    return row !== undefined
  }

  /** Forgets every row. (@msw/data's own `clear` takes quadratic time.) */
  clear(): void {
    this.#collection = this.#open()
    this.#byKey.clear()
    for (const index of this.#indexes.values()) index.clear()
  }

  #open(): Collection<Schema<Row>> {
    const collection = new Collection({ schema: this.model })
    collection.hooks.on('create', (event) => this.#index(event.data.record))
    collection.hooks.on('delete', (event) => this.#forget(event.data.deletedRecord))
    return collection
  }

  #index(row: Row): void {
    this.#byKey.set(row[this.key] as Key, row)
    for (const [field, index] of this.#indexes) index.set(row[field], row)
  }

  #forget(row: Row): void {
    this.#byKey.delete(row[this.key] as Key)
    for (const [field, index] of this.#indexes) index.delete(row[field])
  }
}
