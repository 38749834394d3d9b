/** Gathers what arrives in one turn of the event loop, so that each step of its work is done for all of it in a row. */

// Whoever fakes timers in a test does not mean those of the server that the test asks.
const { setImmediate } = globalThis

/** Items that wait for the end of the turn in which they arrived. */
export interface Batch<Item> {
  add(item: Item): void
  /** Handles at once what waits. */
  flush(): void
}

/**
 * Creates a batch.
 * @param handle is called with the items in the order in which they arrived, and must not throw
 */
export function createBatch<Item>(handle: (items: readonly Item[]) => void): Batch<Item> {
  let items: Item[] = []
  const flush = () => {
    const arrived = items
    items = []
    if (arrived.length > 0) handle(arrived)
  }
  return {
    add(item) {
      if (items.push(item) === 1) setImmediate(flush)
    },
    flush,
  }
}
