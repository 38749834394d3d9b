/** The nearest of several names is the one that was meant. */
import { expect, it } from 'vitest'
import { findNear, nearestTo, unlikeness } from '../../src/schema/nearest.ts'

const NAMES = ['release', 'fidelity', 'front', 'seed']

it.each([
  ['relase', 'release'],
  ['fidel', 'fidelity'],
  ['', 'release'],
  ['e', 'release'],
])('"%s" is nearest to "%s", the first of those that are as near', (name, nearest) => {
  expect(nearestTo(name, NAMES)).toBe(nearest)
})

it('names nothing where there is no name', () => {
  expect([nearestTo('seed', []), findNear('seed', [], 4)]).toEqual(['', undefined])
})

it('is asked for what is near enough', () => {
  expect([findNear('sed', NAMES, 1), findNear('sd', NAMES, 1)]).toEqual(['seed', undefined])
})

it('takes no name for a slip that has what was written in it', () => {
  expect([findNear('s', NAMES, 1), findNear('', NAMES, 3)]).toEqual([undefined, undefined])
})

it('compares no more of a long name than tells it from others', () => {
  expect(unlikeness('seed', 'x'.repeat(10_000_000))).toBe(100)
})
