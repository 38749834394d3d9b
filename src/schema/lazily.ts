/** Objects whose members are result when they are first read, so that what is not asked for costs nothing. */

/**
 * Has an object read once, and keep, what it has getters for. It is the object itself: a copy of each operation and
 * resource takes a twentieth of a start.
 * @example const { filters } = readOnce({ get filters() { return makeFilters() } })
 */
export function readOnce<T extends object>(object: T): T {
  for (const key of Object.keys(object)) {
    const read = Object.getOwnPropertyDescriptor(object, key)?.get
    if (read) Object.defineProperty(object, key, toReadOnce(object, key, read))
  }
  return object
}

const toReadOnce = (owner: object, key: string, read: () => unknown): PropertyDescriptor => ({
  enumerable: true,
  configurable: true,
  get() {
    const value = read.call(owner)
    Object.defineProperty(owner, key, { value, enumerable: true, configurable: true, writable: true })
    return value
  },
})

/** A function that makes something when it is first called, and gives the same after that. */
export function once<T>(make: () => T): () => T {
  let result: { value: T } | undefined
  return () => (result ??= { value: make() }).value
}
