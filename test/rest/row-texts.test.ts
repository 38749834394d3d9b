/** The texts of rows are kept until a row changes, and never grow beyond their bounds. */
import { expect, it } from 'vitest'
import { RowTexts, type TextsByRow } from '../../src/rest/row-texts.ts'

/** Asks for the text of a row, and counts how often it had to be written. */
function createReader(text = 'text') {
  const texts = new RowTexts()
  const group: TextsByRow = new Map()
  let written = 0
  const read = (row: object, changes = 1) =>
    texts.get(group, row, changes, () => {
      written++
      return text
    })
  return { group, read, written: () => written }
}

it('a row is written once for as long as no row changes', () => {
  const { read, written } = createReader()
  const row = {}
  expect([read(row), read(row), written()]).toEqual(['text', 'text', 1])
  read(row, 2)
  expect(written()).toBe(2)
})

it('a change drops the texts of rows that are never asked for again', () => {
  const { group, read } = createReader()
  for (let i = 0; i < 100; i++) read({})
  read({}, 2)
  expect(group.size).toBe(1)
})

it('at most 4,096 texts are kept', () => {
  const { group, read } = createReader()
  let most = 0
  for (let i = 0; i < 10_000; i++) {
    read({})
    most = Math.max(most, group.size)
  }
  expect(most).toBe(4096)
})

it('at most four million characters are kept, and no text of more than a quarter of them', () => {
  const large = createReader('x'.repeat(1_000_000))
  let most = 0
  for (let i = 0; i < 20; i++) {
    large.read({})
    most = Math.max(most, large.group.size)
  }
  expect(most).toBe(4)
  const huge = createReader('x'.repeat(2_000_000))
  huge.read({})
  expect(huge.group.size).toBe(0)
})
