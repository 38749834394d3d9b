/** Long bodies of the journal: each is told as it was kept, for as long as it is there. */
import { array, assert, constantFrom, integer, oneof, property, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BodyStore } from '../../src/control/body-store.ts'
import { runsOf } from '../support/tier.ts'

const MAX_SIZE = 8 * 1024 * 1024
const bodyOf = (length: number, sign: string, number: number) => `${number}:`.padEnd(length, sign).toWellFormed()

describe('a body', () => {
  const size = oneof(
    { weight: 4, arbitrary: integer({ min: 0, max: 20_000 }) },
    { weight: 2, arbitrary: integer({ min: 60_000, max: 400_000 }) },
    { weight: 1, arbitrary: integer({ min: 600_000, max: 3_000_000 }) },
  )
  const sign = constantFrom('a', 'é', '漢', '💡')

  it('is what it was, or is said to be gone: of many sizes, in any order, the oldest goes first', () => {
    assert(
      property(array(tuple(size, sign), { minLength: 1, maxLength: 25 }), (sizes) => {
        const store = new BodyStore()
        const bodies = sizes.map(([length, letter], number) => {
          const body = bodyOf(length, letter, number)
          return { body, place: store.keep(body) }
        })
        const present = bodies.map(({ place }) => store.has(place))
        bodies.forEach(({ body, place }, index) => {
          if (present[index] && store.read(place) !== body) throw new Error(`body ${index} became another`)
        })
        // Of those that are kept as bytes, what is gone came before what is there.
        const bytes = present.filter((_, index) => typeof bodies[index]?.place !== 'string')
        expect(bytes.indexOf(true)).toBe(bytes.lastIndexOf(false) + 1 || (bytes.length ? 0 : -1))
        expect(present.at(-1)).toBe(true)
      }),
      {
        numRuns: runsOf(200),
        // The block is nearly full when a body comes that is longer than what it has room for, and then grows.
        examples: [[[...Array.from({ length: 46 }, () => [20_000, 'a']), [500_000, 'a'], [20_000, 'a']] as never]],
      },
    )
  })

  it('that is short, or longer than a third of the block, stays a text', () => {
    const store = new BodyStore()
    for (const length of [0, 1, 4095, Math.floor(MAX_SIZE / 3) + 1]) {
      const body = 'x'.repeat(length)
      expect(store.keep(body)).toBe(body)
    }
    expect(store.keep('x'.repeat(4096))).toEqual({ start: 0, length: 4096 })
  })

  it('is forgotten by clear, after which the block begins anew', () => {
    const store = new BodyStore()
    const body = 'x'.repeat(5000)
    store.keep(body)
    store.clear()
    expect(store.read(store.keep(body))).toBe(body)
  })
})
