/** Keeps texts as bytes in one block of memory, which they take in turns. */

/** How large the block is at first, and at most, in bytes. */
const FIRST_SIZE = 4 * 1024
const MAX_SIZE = 8 * 1024 * 1024
/** The bytes that a character takes at most in UTF-8, a surrogate counting as one character. */
const MOST_BYTES = 3
/** What stands before a pair: how many bytes each of its texts has, in four bytes. */
const LENGTHS = 8
const ENCODER = new TextEncoder()
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true })

/** Two texts that belong together. */
export interface TextPair {
  head: string
  body: string
}

/**
 * Where a pair is kept: the number of its first byte, counted from the beginning of all that was ever kept. A pair that may
 * be longer than the whole block is kept as it is.
 */
export type PairPlace = number | TextPair

/**
 * Texts of the last requests. As JavaScript has them they would outlive the garbage collector's quick round, so that a
 * server under load would take three times the memory, and collect it more often.
 */
export class TextStore {
  #bytes = new Uint8Array(0)
  #view = new DataView(this.#bytes.buffer)
  /** How many bytes were ever kept. */
  #end = 0

  /** Keeps two texts. */
  keep(head: string, body: string): PairPlace {
    const room = LENGTHS + (head.length + body.length) * MOST_BYTES
    if (room > MAX_SIZE) return { head, body }
    this.#grow(room)
    const size = this.#bytes.length
    // A pair stands in one piece.
    if ((this.#end % size) + room > size) this.#end += size - (this.#end % size)
    const start = this.#end
    const place = start % size
    const headLength = this.#write(head, place + LENGTHS)
    const bodyLength = this.#write(body, place + LENGTHS + headLength)
    this.#view.setUint32(place, headLength)
    this.#view.setUint32(place + 4, bodyLength)
    this.#end += LENGTHS + headLength + bodyLength
    return start
  }

  /** Whether a pair is there: others may have taken its place. */
  has(place: PairPlace): boolean {
    return typeof place !== 'number' || this.#end - place <= this.#bytes.length
  }

  /** The first text of a pair that is there. */
  headOf(place: PairPlace): string {
    if (typeof place !== 'number') return place.head
    const [start, headLength] = this.#find(place)
    return this.#read(start, headLength)
  }

  /** The second. */
  bodyOf(place: PairPlace): string {
    if (typeof place !== 'number') return place.body
    const [start, headLength, bodyLength] = this.#find(place)
    return this.#read(start + headLength, bodyLength)
  }

  /** Forgets all texts, and gives the memory back. */
  clear(): void {
    this.#use(new Uint8Array(0))
    this.#end = 0
  }

  /** Where a pair begins in the block, and how long its texts are. */
  #find(pair: number): [start: number, headLength: number, bodyLength: number] {
    const place = pair % this.#bytes.length
    return [place + LENGTHS, this.#view.getUint32(place), this.#view.getUint32(place + 4)]
  }

  /** Writes a text. To write both in one call would copy them first. @returns how many bytes it has */
  #write(text: string, place: number): number {
    return ENCODER.encodeInto(text, this.#bytes.subarray(place)).written
  }

  #read(start: number, length: number): string {
    return DECODER.decode(this.#bytes.subarray(start, start + length))
  }

  /** Makes the block larger, until it may be no larger: before that no pair takes the place of another. */
  #grow(room: number): void {
    const size = this.#bytes.length
    if (size === MAX_SIZE || this.#end + room <= size) return
    const needed = 2 ** Math.ceil(Math.log2(this.#end + room))
    const larger = new Uint8Array(Math.min(Math.max(size * 2, FIRST_SIZE, needed), MAX_SIZE))
    larger.set(this.#bytes)
    this.#use(larger)
  }

  #use(bytes: Uint8Array<ArrayBuffer>): void {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer)
  }
}
