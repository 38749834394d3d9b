/** Keeps long bodies as bytes in one block of memory, which they take in turns. */

/** From how many characters on a body is long. Short ones cost less as they are. */
const LONG = 4096
/** How large the block is at first, and at most, in bytes. */
const FIRST_SIZE = 256 * 1024
const MAX_SIZE = 8 * 1024 * 1024

/** Where a body is kept. */
export interface StoredBody {
  /** The number of the first byte, counted from the beginning of all that was ever kept. */
  start: number
  length: number
}

/**
 * Long bodies of the last requests. As texts they would outlive the garbage collector's quick round, so that a server under
 * load would take three times the memory.
 */
export class BodyStore {
  #bytes = new Uint8Array(0)
  /** How many bytes were ever kept. */
  #end = 0
  readonly #encoder = new TextEncoder()

  /** Keeps a body. @returns where; the body itself when it is short, or longer than the whole block */
  keep(body: string): StoredBody | string {
    if (body.length < LONG || body.length * 3 > MAX_SIZE) return body
    const room = body.length * 3
    this.#grow(room)
    const size = this.#bytes.length
    let place = this.#end % size
    // A body stands in one piece.
    if (place + room > size) {
      this.#end += size - place
      place = 0
    }
    const { written } = this.#encoder.encodeInto(body, this.#bytes.subarray(place, place + room))
    const start = this.#end
    this.#end += written
    return { start, length: written }
  }

  /** Whether a body is there: others may have taken its place. */
  has(body: StoredBody | string): boolean {
    return typeof body === 'string' || this.#end - body.start <= this.#bytes.length
  }

  /** A body that is there. */
  read(body: StoredBody | string): string {
    if (typeof body === 'string') return body
    const { start, length } = body
    const place = start % this.#bytes.length
    return new TextDecoder().decode(this.#bytes.subarray(place, place + length))
  }

  /** Forgets all bodies, and gives the memory back. */
  clear(): void {
    this.#bytes = new Uint8Array(0)
    this.#end = 0
  }

  /** Makes the block larger, until it may be no larger: before that no body takes the place of another. */
  #grow(room: number): void {
    const size = this.#bytes.length
    if (size === MAX_SIZE || this.#end + room <= size) return
    const needed = 2 ** Math.ceil(Math.log2(this.#end + room))
    const larger = new Uint8Array(Math.min(Math.max(size * 2, FIRST_SIZE, needed), MAX_SIZE))
    larger.set(this.#bytes)
    this.#bytes = larger
  }
}
