/** Keeps texts as bytes in one block of memory, which they take in turns. */

/** How large the block is at first, and at most, in bytes. */
const FIRST_SIZE = 4 * 1024
const MAX_SIZE = 8 * 1024 * 1024
/** The bytes that a character takes at most in UTF-8, a surrogate counting as one character. */
const MOST_BYTES = 3

/** Where a text is kept. */
export interface StoredText {
  /** The number of the first byte, counted from the beginning of all that was ever kept. */
  start: number
  length: number
}

/**
 * Texts of the last requests. As JavaScript has them they would outlive the garbage collector's quick round, so that a
 * server under load would take three times the memory, and collect it more often.
 */
export class TextStore {
  #bytes = new Uint8Array(0)
  /** How many bytes were ever kept. */
  #end = 0
  readonly #encoder = new TextEncoder()

  /** Keeps a text. @returns where; the text itself when it may be longer than the whole block */
  keep(text: string): StoredText | string {
    const room = text.length * MOST_BYTES
    if (room > MAX_SIZE) return text
    this.#grow(room)
    const size = this.#bytes.length
    let place = this.#end % size
    // A text stands in one piece.
    if (place + room > size) {
      this.#end += size - place
      place = 0
    }
    const { written } = this.#encoder.encodeInto(text, this.#bytes.subarray(place, place + room))
    const start = this.#end
    this.#end += written
    return { start, length: written }
  }

  /** Whether a text is there: others may have taken its place. */
  has(text: StoredText | string): boolean {
    return typeof text === 'string' || this.#end - text.start <= this.#bytes.length
  }

  /** A text that is there. */
  read(text: StoredText | string): string {
    if (typeof text === 'string') return text
    const { start, length } = text
    const place = start % this.#bytes.length
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.#bytes.subarray(place, place + length))
  }

  /** Forgets all texts, and gives the memory back. */
  clear(): void {
    this.#bytes = new Uint8Array(0)
    this.#end = 0
  }

  /** Makes the block larger, until it may be no larger: before that no text takes the place of another. */
  #grow(room: number): void {
    const size = this.#bytes.length
    if (size === MAX_SIZE || this.#end + room <= size) return
    const needed = 2 ** Math.ceil(Math.log2(this.#end + room))
    const larger = new Uint8Array(Math.min(Math.max(size * 2, FIRST_SIZE, needed), MAX_SIZE))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
