/** JSON that somebody wrote by hand loses nothing without a word. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUniqueKeys } from '../../src/schema/unique-keys.ts'

describe('a key that stands twice in one object', () => {
  it.each([
    ['{"users": [1],\n "users": [2]}', '"users"', 'line 2, column 2'],
    ['{"a": {"b": 1, "c": [1, {}], "b": 2}}', '"b"', 'line 1, column 30'],
    ['[1, {"a": 1, "\\u0061": 2}]', '"\\u0061"', 'line 1, column 14'],
    ['{"a\\"": "}", "a\\"": 1}', '"a\\""', 'line 1, column 14'],
  ])('is refused in %s, with its place', (text, key, place) => {
    expect(() => parseUniqueKeys(text)).toThrow(`the key ${key} stands twice in one object, in ${place}`)
  })

  it.each(['[{"a": 1}, {"a": 2}]', '{"a": {"a": "a"}}', '{"a": ["b", "b"], "b": "a,\\"a\\":"}', '7', '"a"'])(
    'is none in %s',
    (text) => {
      expect(parseUniqueKeys(text)).toEqual(JSON.parse(text))
    },
  )
})

it('any other JSON is read as it is', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom(undefined, 2), (text, indent) => {
      const value: unknown = JSON.parse(text)
      expect(parseUniqueKeys(JSON.stringify(value, null, indent))).toEqual(value)
    }),
  )
})

it('what is no JSON is refused as by JSON.parse', () => {
  expect(() => parseUniqueKeys('{"a": 1, "a": }')).toThrow(SyntaxError)
})
