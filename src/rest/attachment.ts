/** A file, which is answered in the place of JSON. */
import type { Header } from '../http/message.ts'

/** A file, as the value of an operation that hands one out. */
export class Attachment {
  readonly #name: string
  readonly #type: string
  readonly text: string
  constructor(name: string, type: string, text: string) {
    this.#name = name
    this.#type = type
    this.text = text
  }

  /** What is said of it. A header has no room for what is not ASCII, nor for the end of a line. */
  headers(): Header[] {
    const name = this.#name.replace(/[^\x20-\x7e]/g, '_')
    return [
      ['Content-Type', this.#type],
      ['Content-Disposition', `attachment; filename="${name}"`],
    ]
  }
}
