/** One writer at a time: whatever takes its time on a world is waited for before anything else looks at it. */

/** Tasks that never overlap. What is done at once is done at once; what is not holds up all that comes after it. */
export class WriteQueue {
  #tail: Promise<unknown> | undefined
  #listeners = new Set<() => void>()

  /** Runs a task when its turn comes: at once, when nothing is in the way. */
  run<T>(task: () => T | Promise<T>): T | Promise<T> {
    const result = this.#tail ? this.#tail.then(task) : task()
    if (result instanceof Promise) this.#holdUntil(result)
    else this.#tell()
    return result
  }

  /** Calls a listener, which may not throw, after each task and before the next. @returns what stops that */
  afterEach(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Holds up what comes after a result. Whoever asked for it hears of its failure; the queue goes on. */
  #holdUntil(result: Promise<unknown>): void {
    const release = (): void => this.#release(tail)
    const tail: Promise<unknown> = result.then(release, release)
    this.#tail = tail
  }

  #release(tail: Promise<unknown>): void {
    if (this.#tail === tail) this.#tail = undefined
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
