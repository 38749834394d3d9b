/** Objects whose members are result when they are first read, so that what is not asked for costs nothing. */

/**
 * An object like another, in which what the other has getters for is read once, and kept.
 * @example const { filters } = readOnce({ get filters() { return makeFilters() } })
 */
export function readOnce<T extends object>(object: T): T {
  const copy = {} as T
  for (const [key, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(object)))
    Object.defineProperty(copy, key, descriptor.get ? toReadOnce(copy, key, () => object[key as keyof T]) : descriptor)
  return copy
}

const toReadOnce = (owner: object, key: string, read: () => unknown): PropertyDescriptor => ({
  enumerable: true,
  configurable: true,
  get() {
    const value = read()
    Object.defineProperty(owner, key, { value, enumerable: true, configurable: true, writable: true })
    return value
  },
})

/** A function that makes something when it is first called, and gives the same after that. */
export function once<T>(make: () => T): () => T {
  let result: { value: T } | undefined
  return () => (result ??= { value: make() }).value
}
