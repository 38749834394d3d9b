/** What the parsers of authentik say of a text that they do not take for JSON. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeText } from '../../src/http/body.ts'
import { explainJson } from '../../src/rest/json-error.ts'
import { MAX_DEPTH } from '../../src/schema/json.ts'
import { runsOf } from '../support/tier.ts'

const PARSERS = ['python', 'orjson'] as const
const OK = undefined
const explain = (text: string, parser: (typeof PARSERS)[number]) => explainJson(text, parser, MAX_DEPTH)
const bytes = (...values: (number | string)[]) =>
  decodeText(Buffer.concat(values.map((value) => (typeof value === 'string' ? Buffer.from(value) : Buffer.of(value)))))

/** Words, signs and halves of them, separated by a space. */
const WORDS = String.raw`{ } [ ] , : "a" " \ 0 12 - . e E+ true null nul "\u00e9" "\ud83d\ude00" \u12 \x 😀 x 01 -0 1.5e3 {"a":1} [1]`

describe('the parser of a release', () => {
  // As orjson 3.10.7 and Python 3.11 said it.
  it.each([
    ['[1,]', 'trailing comma is not allowed: line 1 column 3 (char 2)', 'Expecting value: line 1 column 4 (char 3)'],
    ['{} x', 'unexpected content after document: line 1 column 4 (char 3)', 'Extra data: line 1 column 4 (char 3)'],
    ['{"a"', 'unexpected end of data: line 1 column 5 (char 4)', "Expecting ':' delimiter: line 1 column 5 (char 4)"],
    ['nul', 'unexpected end of data: line 1 column 4 (char 3)', 'Expecting value: line 1 column 1 (char 0)'],
    ['[tru]', 'invalid literal: line 1 column 2 (char 1)', 'Expecting value: line 1 column 2 (char 1)'],
    [' ', 'input data is empty: line 1 column 1 (char 0)', 'Expecting value: line 1 column 2 (char 1)'],
    ['[-]', 'no digit after minus sign: line 1 column 3 (char 2)', 'Expecting value: line 1 column 2 (char 1)'],
    [
      '[1.]',
      'no digit after decimal point: line 1 column 4 (char 3)',
      "Expecting ',' delimiter: line 1 column 3 (char 2)",
    ],
    [
      '[1e]',
      'no digit after exponent sign: line 1 column 4 (char 3)',
      "Expecting ',' delimiter: line 1 column 3 (char 2)",
    ],
    [
      '[01]',
      'number with leading zero is not allowed: line 1 column 2 (char 1)',
      "Expecting ',' delimiter: line 1 column 3 (char 2)",
    ],
    [
      '["\\x"]',
      'invalid escaped character in string: line 1 column 4 (char 3)',
      'Invalid \\escape: line 1 column 3 (char 2)',
    ],
    [
      '["\\u12"]',
      'invalid escaped sequence in string: line 1 column 3 (char 2)',
      'Invalid \\uXXXX escape: line 1 column 4 (char 3)',
    ],
    [
      '["\n"]',
      'unexpected control character in string: line 1 column 3 (char 2)',
      'Invalid control character at: line 1 column 3 (char 2)',
    ],
    [
      '["a',
      'unexpected end of data: line 1 column 4 (char 3)',
      'Unterminated string starting at: line 1 column 2 (char 1)',
    ],
    [
      '\n\n["😀" x]',
      'unexpected character: line 3 column 6 (char 7)',
      "Expecting ',' delimiter: line 3 column 6 (char 7)",
    ],
    [
      '\ufeff{}',
      'unexpected character: line 1 column 1 (char 0)',
      'Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)',
    ],
    [
      'NaN',
      'unexpected character: line 1 column 1 (char 0)',
      "Out of range float values are not JSON compliant: 'NaN'",
    ],
    ['1e400', 'number is infinity when parsed as double: line 1 column 1 (char 0)', OK],
    ['["\\ud800"]', 'no low surrogate in string: line 1 column 9 (char 8)', OK],
    ['["\\ud800\\ud800"]', 'invalid low surrogate in string: line 1 column 9 (char 8)', OK],
    ['["a\\udc00"]', 'invalid high surrogate in string: line 1 column 4 (char 3)', OK],
    [
      bytes('["', 0xff, '"]'),
      'str is not valid UTF-8: surrogates not allowed: line 1 column 1 (char 0)',
      "'utf-8' codec can't decode byte 0xff in position 2: invalid start byte",
    ],
    [
      bytes('["é', 0xc3, '"]'),
      'str is not valid UTF-8: surrogates not allowed: line 1 column 1 (char 0)',
      "'utf-8' codec can't decode byte 0xc3 in position 4: invalid continuation byte",
    ],
  ])('says of %j: %s, or: %s', (text, orjson, python) => {
    expect([explain(text, 'orjson'), explain(text, 'python')]).toEqual([orjson, python])
  })

  it.each([
    ['lists', '[', ']', 'array and object recursion depth exceeded: line 1 column 102 (char 101)', 'array'],
    ['objects', '{"a":', '}', 'array and object recursion depth exceeded: line 1 column 502 (char 501)', 'object'],
  ])(
    'takes %s in one another to a depth of 100, and says at the next what it says itself at 1025',
    (_, open, close, orjson, kind) => {
      const nested = (depth: number) => open.repeat(depth) + (kind === 'object' ? '1' : '') + close.repeat(depth)
      const python = `maximum recursion depth exceeded while decoding a JSON ${kind} from a unicode string`
      expect(PARSERS.map((parser) => explain(nested(100), parser))).toEqual([OK, OK])
      for (const text of [nested(101), nested(10_000), open.repeat(10_000)])
        expect(PARSERS.map((parser) => explain(text, parser))).toEqual([python, orjson])
    },
  )

  it('takes what JavaScript takes, and nothing else; orjson no number that is too great either', () => {
    const part = fc.constantFrom(' ', '\n', '\t', '\ufeff', ...WORDS.split(' '))
    const broken = fc.array(part, { minLength: 1, maxLength: 9 }).map((parts) => parts.join(''))
    const cut = fc.tuple(fc.json(), fc.nat(), fc.nat(2)).map(([text, position, count]) => {
      const offset = position % (text.length + 1)
      return text.slice(0, offset) + text.slice(offset + count)
    })
    const isJson = (text: string, parser: (typeof PARSERS)[number]) => {
      let isFinite = true
      try {
        JSON.parse(text, (_, value: unknown) => void (isFinite &&= typeof value !== 'number' || Number.isFinite(value)))
      } catch {
        return false
      }
      return isFinite || parser === 'python'
    }
    fc.assert(
      fc.property(fc.oneof(broken, cut, fc.json()), (text) => {
        fc.pre(text !== '' && text.isWellFormed())
        for (const parser of PARSERS) expect(explain(text, parser) === undefined).toBe(isJson(text, parser))
      }),
      { numRuns: runsOf(20_000) },
    )
  })
})
