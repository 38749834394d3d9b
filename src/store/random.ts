/** Chance that can be repeated: the same seed draws the same numbers on every machine. */

import { toHexByte } from './hex.ts'

/** A source of chance. */
export interface Random {
  /** A number from 0 to below 1. */
  next(): number
  /** Starts again, so that what follows depends on these parts alone. */
  seed(...parts: (number | string)[]): void
  /** So many lower-case hexadecimal digits. */
  hex(digits: number): string
  /** A version 4 UUID, without its hyphens if not wanted. */
  uuid(hyphens?: boolean): string
  /** So many letters and digits, as authentik makes keys and secrets of. */
  key(characters: number): string
  /** Where it stands; `restore` goes back there. */
  state(): RandomState
  restore(state: RandomState): void
}

/** Where a source of chance stands. */
export type RandomState = readonly [number, number, number, number]

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** 32 bits as eight digits. */
const hexOf = (bits: number) =>
  toHexByte(bits >>> 24) + toHexByte(bits >>> 16) + toHexByte(bits >>> 8) + toHexByte(bits)

/** A generator by sfc32, which is small, fast and of good quality. */
export function createRandom(...parts: (number | string)[]): Random {
  let a = 0
  let b = 0
  let c = 0
  let counter = 1
  const draw = () => {
    const sum = (a + b + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }
  const random: Random = {
    next: () => draw() / 0x1_0000_0000,
    seed(...seeds) {
      const text = seeds.join('\0')
      a = hash(text, 0x811c9dc5)
      b = hash(text, 0x9e3779b9)
      c = a ^ Math.imul(b, 0x85ebca6b)
      counter = 1
      for (let i = 0; i < 12; i++) draw()
    },
    hex(digits) {
      let text = ''
      while (text.length < digits) text += hexOf(draw())
      return text.slice(0, digits)
    },
    uuid(hyphens = true) {
      // The version is the 13th digit, the variant the 17th (RFC 9562 5.4).
      const [first, second] = [hexOf(draw()), hexOf((draw() & 0xffff0fff) | 0x4000)]
      const [third, fourth] = [hexOf((draw() & 0x0fffffff) | 0xa0000000), hexOf(draw())]
      if (!hyphens) return first + second + third + fourth
      const middle = `${second.slice(0, 4)}-${second.slice(4)}-${third.slice(0, 4)}-${third.slice(4)}`
      return `${first}-${middle}${fourth}`
    },
    key(characters) {
      let text = ''
      while (text.length < characters) text += ALPHABET.charAt(Math.floor(random.next() * ALPHABET.length))
      return text
    },
    state: () => [a, b, c, counter],
    restore(state) {
      ;[a, b, c, counter] = state
    },
  }
  random.seed(...parts)
  return random
}

/** FNV-1a of a text, 32 bits, from a basis. */
function hash(text: string, basis: number): number {
  let value = basis
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value
}
