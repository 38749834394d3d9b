/** Texts of the journal: each is told as it was kept, for as long as it is there. */
import { array, assert, constantFrom, integer, oneof, property, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TextStore } from '../../src/control/text-store.ts'
import { runsOf } from '../support/tier.ts'

const MAX_SIZE = 8 * 1024 * 1024
const textOf = (length: number, sign: string, number: number) => `${number}:`.padEnd(length, sign).toWellFormed()

describe('a text', () => {
  const size = oneof(
    { weight: 4, arbitrary: integer({ min: 0, max: 20_000 }) },
    { weight: 2, arbitrary: integer({ min: 60_000, max: 400_000 }) },
    { weight: 1, arbitrary: integer({ min: 600_000, max: 3_000_000 }) },
  )
  const sign = constantFrom('a', 'é', '漢', '💡')

  it('is what it was, or is said to be gone: of many sizes, in any order, the oldest goes first', () => {
    assert(
      property(array(tuple(size, sign), { minLength: 1, maxLength: 25 }), (sizes) => {
        const store = new TextStore()
        const texts = sizes.map(([length, letter], number) => {
          const text = textOf(length, letter, number)
          return { text, place: store.keep(text) }
        })
        const present = texts.map(({ place }) => store.has(place))
        texts.forEach(({ text, place }, index) => {
          if (present[index] && store.read(place) !== text) throw new Error(`text ${index} became another`)
        })
        // Of those that are kept as bytes, what is gone came before what is there.
        const bytes = present.filter((_, index) => typeof texts[index]?.place !== 'string')
        expect(bytes.indexOf(true)).toBe(bytes.lastIndexOf(false) + 1 || (bytes.length ? 0 : -1))
        expect(present.at(-1)).toBe(true)
      }),
      {
        numRuns: runsOf(200),
        // The block is nearly full when a text comes that is longer than what it has room for, and then grows.
        examples: [[[...Array.from({ length: 46 }, () => [20_000, 'a']), [500_000, 'a'], [20_000, 'a']] as never]],
      },
    )
  })

  it('that is longer than a third of the block stays as it is', () => {
    const store = new TextStore()
    const text = 'x'.repeat(Math.floor(MAX_SIZE / 3) + 1)
    expect(store.keep(text)).toBe(text)
    expect(store.keep('x'.repeat(4096))).toEqual({ start: 0, length: 4096 })
  })

  it('is forgotten by clear, after which the block begins anew', () => {
    const store = new TextStore()
    const text = 'x'.repeat(5000)
    store.keep(text)
    store.clear()
    expect(store.read(store.keep(text))).toBe(text)
  })
})
