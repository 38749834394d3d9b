/** What events bring while the page waits for an answer, which may be from before them. */

/** The events of one kind. */
export class Arrivals<Item> {
  readonly #waiting = new Set<Item[]>()

  /** Notes what an event brought. */
  note(...items: readonly Item[]): void {
    for (const list of this.#waiting) list.push(...items)
  }

  /** Waits for an answer. @returns it, and what events brought meanwhile, the oldest first */
  async during<Answer>(answer: Promise<Answer>): Promise<[answer: Answer, late: Item[]]> {
    const late: Item[] = []
    this.#waiting.add(late)
    try {
      return [await answer, late]
    } finally {
      this.#waiting.delete(late)
    }
  }
}
