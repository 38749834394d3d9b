/** Texts of the journal: each is told as it was kept, for as long as it is there. */
import { array, assert, constantFrom, integer, oneof, property, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TextStore } from '../../src/control/text-store.ts'
import { runsOf } from '../support/tier.ts'

const MAX_SIZE = 8 * 1024 * 1024
const textOf = (length: number, sign: string, number: number) => `${number}:`.padEnd(length, sign).toWellFormed()

describe('a pair of texts', () => {
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
        const pairs = sizes.map(([length, letter], number) => {
          const head = textOf(length % 3000, letter, number)
          const body = textOf(length, letter, -number)
          return { head, body, place: store.keep(head, body) }
        })
        const present = pairs.map(({ place }) => store.has(place))
        pairs.forEach(({ head, body, place }, index) => {
          if (present[index] && (store.headOf(place) !== head || store.bodyOf(place) !== body))
            throw new Error(`pair ${index} became another`)
        })
        // Of those that are kept as bytes, what is gone came before what is there.
        const bytes = present.filter((_, index) => typeof pairs[index]?.place === 'number')
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
    const body = 'x'.repeat(Math.floor(MAX_SIZE / 3))
    expect(store.keep('head', body)).toEqual({ head: 'head', body })
    expect(store.keep('head', 'x'.repeat(4096))).toBe(0)
  })

  it('is forgotten by clear, after which the block begins anew', () => {
    const store = new TextStore()
    const body = 'x'.repeat(5000)
    store.keep('', body)
    store.clear()
    const place = store.keep('', body)
    expect([place, store.headOf(place), store.bodyOf(place)]).toEqual([0, '', body])
  })
})
