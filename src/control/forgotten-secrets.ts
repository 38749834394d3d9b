/** Secrets that a world had: a code that was exchanged is no row any more, and stands in the journal still. */
import type { World } from '../store/world.ts'
import { secretsOf } from './mask.ts'

/** How many are remembered: more than a full journal can have. */
const MAX_SECRETS = 10_000

/** Remembers the secrets of rows that are made, changed, deleted, or replaced. */
export class ForgottenSecrets {
  readonly #words = new Set<string>()

  has(word: string): boolean {
    return this.#words.has(word)
  }

  /** Notes the secrets of a row. @param name that of its resource */
  note(name: string, row: object): void {
    for (const word of secretsOf(name, row)) {
      this.#words.add(word)
      if (this.#words.size > MAX_SECRETS) this.#words.delete(this.#words.values().next().value ?? '')
    }
  }

  /** Notes the secrets of all rows, before they are replaced. */
  noteAll(world: World): void {
    for (const { name } of world.resources) for (const row of world.tableNamed(name).values()) this.note(name, row)
  }

  /** Forgets them: nothing tells of them any more. */
  clear(): void {
    this.#words.clear()
  }
}
