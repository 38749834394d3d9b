/** Values that several parts of the page show, and who is told when they change. */
import { useEffect, useState } from 'preact/hooks'

/** A value that tells of its changes. */
export interface Store<Value> {
  get(): Value
  set(value: Value): void
  /** @returns ends the subscription */
  subscribe(listener: () => void): () => void
}

/** Creates a store. */
export function createStore<Value>(start: Value): Store<Value> {
  let current = start
  const listeners = new Set<() => void>()
  return {
    get: () => current,
    set(value) {
      current = value
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The value of a store, in a component, which is drawn again when it changes. */
export function useStore<Value>(store: Store<Value>): Value {
  const [value, setValue] = useState(() => store.get())
  useEffect(() => {
    const update = () => setValue(() => store.get())
    update()
    return store.subscribe(update)
  }, [store])
  return value
}
