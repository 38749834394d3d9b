/** What the parsers that authentik used say of a text that is no JSON. */
import type { Behaviour } from './behaviour.ts'

/** Says what is wrong and where, in the words of Python's own parser or of orjson. */
export function explainJson(text: string, parser: Behaviour['jsonParser']): string {
  const { offset, expectation } = findEnd(text)
  const lines = text.slice(0, offset).split('\n')
  const orjson = offset < text.length ? 'unexpected character' : 'unexpected end of data'
  const column = (lines.at(-1) ?? '').length + 1
  return `${parser === 'python' ? expectation : orjson}: line ${lines.length} column ${column} (char ${offset})`
}

/** Up to where a text can be the beginning of JSON, and what Python would want there. */
function findEnd(text: string): { offset: number; expectation: string } {
  let offset = 0
  let expectation = 'Expecting value'
  const take = (pattern: RegExp, otherwise = expectation): boolean => {
    pattern.lastIndex = offset
    const match = pattern.exec(text)
    if (match) offset += match[0].length
    else expectation = otherwise
    return match !== null
  }
  const items = (end: string, item: () => boolean): boolean => {
    offset++
    take(SPACE)
    if (text[offset] === end) return take(SIGN)
    while (item()) {
      take(SPACE)
      if (text[offset] === end) return take(SIGN)
      if (!take(/,/y, "Expecting ',' delimiter")) return false
    }
    return false
  }
  const member = () =>
    take(SPACE) &&
    take(STRING, 'Expecting property name enclosed in double quotes') &&
    take(SPACE) &&
    take(/:/y, "Expecting ':' delimiter") &&
    value()
  const value = (): boolean => {
    take(SPACE)
    if (text[offset] === '{') return items('}', member)
    if (text[offset] === '[') return items(']', value)
    const isString = text[offset] === '"'
    return take(isString ? STRING : SCALAR, isString ? 'Unterminated string starting at' : 'Expecting value')
  }
  if (value()) {
    take(SPACE)
    expectation = 'Extra data'
  }
  return { offset, expectation }
}

const SPACE = /[ \t\n\r]*/y
const SIGN = /./y
// A text in JSON has none of them unescaped.
// oxlint-disable-next-line no-control-regex
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-f]{4}))*"/iy
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null/y
