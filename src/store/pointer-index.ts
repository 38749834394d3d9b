/** Which rows point at which, so that what a deletion concerns is found without a visit to the others. */
import { keysIn, type Key } from './key.ts'

/** The keys of rows by a key that one of their fields holds. */
export class PointerIndex<Row extends object> {
  readonly #field: keyof Row
  readonly #keyOf: (row: Row) => Key
  #pointing = new Map<Key, Set<Key>>()

  /** @param field holds a key, a list of keys, or null */
  constructor(rows: Iterable<Row>, field: keyof Row, keyOf: (row: Row) => Key) {
    this.#field = field
    this.#keyOf = keyOf
    for (const row of rows) this.add(row)
  }

  /** The keys of the rows that hold a key, in the order in which they came to hold it. */
  get(target: Key): Iterable<Key> {
    return this.#pointing.get(target) ?? []
  }

  /** Takes a row for another; what points where it did keeps its place. */
  replace(current: Row, updated: Row): void {
    const isSame = this.#keyOf(current) === this.#keyOf(updated)
    const [targets, updatedTargets] = [current, updated].map((row) => JSON.stringify(keysIn(row[this.#field])))
    if (isSame && targets === updatedTargets) return
    this.remove(current)
    this.add(updated)
  }

  add(row: Row): void {
    const key = this.#keyOf(row)
    for (const target of keysIn(row[this.#field])) {
      const keys = this.#pointing.get(target)
      if (keys) keys.add(key)
      else this.#pointing.set(target, new Set([key]))
    }
  }

  remove(row: Row): void {
    const key = this.#keyOf(row)
    for (const target of keysIn(row[this.#field])) {
      const keys = this.#pointing.get(target)
      keys?.delete(key)
      if (keys?.size === 0) this.#pointing.delete(target)
    }
  }
}
