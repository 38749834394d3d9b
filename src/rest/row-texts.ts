/** The JSON of rows that stand in many answers, such as the provider of ten thousand codes: kept until a row changes. */

/** How many texts are kept, and of how many characters together. */
const MAX_TEXTS = 4096
const MAX_CHARACTERS = 4 * 1024 * 1024

/** Texts of one component in one variant, by row. */
export type TextsByRow = Map<object, string>

/** Texts of rows; all are dropped when a row changes, or when there are too many. */
export class RowTexts {
  #changes = 0
  #count = 0
  #characters = 0
  #groups = new Set<TextsByRow>()

  /** The text of a row, written when it is not there. @param changes another number after every change of a row */
  get(group: TextsByRow, row: object, changes: number, write: () => string): string {
    if (changes !== this.#changes) this.#clear()
    this.#changes = changes
    const cached = group.get(row)
    if (cached !== undefined) return cached
    const text = write()
    // A very long text is not kept: it would push out everything else.
    if (text.length <= MAX_CHARACTERS / 4) this.#keep(group, row, text)
    return text
  }

  #keep(group: TextsByRow, row: object, text: string): void {
    if (this.#count >= MAX_TEXTS || this.#characters + text.length > MAX_CHARACTERS) this.#clear()
    this.#groups.add(group)
    group.set(row, text)
    this.#count++
    this.#characters += text.length
  }

  #clear(): void {
    for (const group of this.#groups) group.clear()
    this.#groups.clear()
    this.#count = 0
    this.#characters = 0
  }
}
