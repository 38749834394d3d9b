/** What the parsers that authentik used say of a text that they do not take for JSON (docs/authentik.md#bodies). */
import type { Behaviour } from './behaviour.ts'

type Parser = Behaviour['jsonParser']

/**
 * Says what is wrong with a text and where, in the words of Python's own parser or of orjson. It takes time in
 * proportion to the text, whatever the text: it keeps its place in a list, and calls itself for nothing.
 *
 * @param maxDepth how deep lists and objects may stand in one another
 * @returns undefined for a text that the parser takes, which is then JSON to JavaScript too
 */
export function explainJson(text: string, parser: Parser, maxDepth: number): string | undefined {
  if (!text.isWellFormed()) return explainBytes(text, parser)
  try {
    new Scanner(text, parser, maxDepth).scan()
    return undefined
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return error.offset === undefined ? error.message : `${error.message}: ${locate(text, error.offset)}`
  }
}

/** A byte that is no UTF-8 stands in the text as half a surrogate pair (`decodeText` in src/http/body.ts). */
function explainBytes(text: string, parser: Parser): string {
  if (parser === 'orjson') return 'str is not valid UTF-8: surrogates not allowed: line 1 column 1 (char 0)'
  const index = text.search(/\p{Cs}/u)
  const byte = text.charCodeAt(index) & 0xff
  const position = new TextEncoder().encode(text.slice(0, index)).length
  const reason = byte < 0xc2 || byte > 0xf4 ? 'invalid start byte' : 'invalid continuation byte'
  return `'utf-8' codec can't decode byte 0x${byte.toString(16)} in position ${position}: ${reason}`
}

/** Both parsers count characters, not the halves of surrogate pairs. */
function locate(text: string, offset: number): string {
  const start = text.slice(0, offset)
  const line = start.split('\n').length
  const column = lengthOf(start.slice(start.lastIndexOf('\n') + 1)) + 1
  return `line ${line} column ${column} (char ${lengthOf(start)})`
}

const lengthOf = (text: string) => text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0)

/** Why a parser refuses a text. */
class Fault extends Error {
  override readonly name = 'Fault'
  /** Undefined where the parser does not say where. */
  readonly offset: number | undefined
  constructor(reason: string, offset: number | undefined) {
    super(reason)
    this.offset = offset
  }
}

/** What a parser says, and at which offset when that is not where the scanner stands. */
type Remark = readonly [reason: string, offset?: number]

/** Reads a text as far as a parser takes it. */
class Scanner {
  readonly #text: string
  readonly #parser: Parser
  readonly #maxDepth: number
  #offset = 0
  /** What closes the lists and objects that are open, the innermost last. */
  readonly #closings: string[] = []

  constructor(text: string, parser: Parser, maxDepth: number) {
    this.#text = text
    this.#parser = parser
    this.#maxDepth = maxDepth
  }

  /** @throws Fault where the parser stops */
  scan(): void {
    this.#skipSpace()
    if (this.#offset === this.#text.length) this.#fail(NO_VALUE, ['input data is empty', 0])
    do this.#readValue()
    while (this.#hasNext())
  }

  /** Reads a value, or the beginning of one that holds others, up to the first of those that holds none. */
  #readValue(): void {
    for (;;) {
      this.#skipSpace()
      const closing = closingOf(this.#sign)
      if (closing === undefined) return this.#readScalar()
      this.#enter(closing)
      this.#skipSpace()
      if (this.#sign === closing) return
      if (closing === '}') this.#readKey()
    }
  }

  #enter(closing: string): void {
    this.#offset++
    if (this.#closings.push(closing) <= this.#maxDepth) return
    const kind = closing === ']' ? 'array' : 'object'
    const reason = `maximum recursion depth exceeded while decoding a JSON ${kind} from a unicode string`
    if (this.#parser === 'python') throw new Fault(reason, undefined)
    throw new Fault('array and object recursion depth exceeded', this.#offset)
  }

  /** Goes on behind a value. @returns whether another has to follow */
  #hasNext(): boolean {
    for (;;) {
      this.#skipSpace()
      const closing = this.#closings.at(-1)
      if (closing === undefined) {
        if (this.#sign !== '') this.#fail(['Extra data'], ['unexpected content after document'])
        return false
      }
      if (this.#sign !== closing) {
        this.#readComma(closing)
        return true
      }
      this.#closings.pop()
      this.#offset++
    }
  }

  #readComma(closing: string): void {
    const comma = this.#offset
    this.#take(',')
    this.#skipSpace()
    if (this.#sign === closing)
      this.#fail(closing === ']' ? NO_VALUE : NO_KEY, ['trailing comma is not allowed', comma])
    if (closing === '}') this.#readKey()
  }

  #readKey(): void {
    if (this.#sign !== '"') this.#fail(NO_KEY)
    this.#readString()
    this.#skipSpace()
    this.#take(':')
  }

  #readScalar(): void {
    const sign = this.#sign
    if (sign === '"') return this.#readString()
    if (sign === '-' || (sign >= '0' && sign <= '9')) return this.#readNumber()
    const word = WORDS.find((candidate) => candidate.startsWith(sign || ' '))
    if (word === undefined) return this.#failAtSign()
    if (!this.#text.startsWith(word, this.#offset)) {
      const isCut = word.startsWith(this.#text.slice(this.#offset))
      this.#fail(NO_VALUE, isCut ? [CUT, this.#text.length] : ['invalid literal'])
    }
    this.#offset += word.length
  }

  /** Python takes some words for numbers, which REST framework refuses in words of its own. */
  #failAtSign(): never {
    const constant = this.#match(CONSTANT)
    if (this.#parser === 'python' && constant !== '')
      throw new Fault(`Out of range float values are not JSON compliant: '${constant}'`, undefined)
    const isMark = this.#sign === '\ufeff' && this.#offset === 0
    this.#fail(isMark ? ['Unexpected UTF-8 BOM (decode using utf-8-sig)'] : NO_VALUE)
  }

  #readNumber(): void {
    if (this.#readShortInteger()) return
    const number = this.#match(NUMBER)
    if (number === '' && this.#parser === 'python') this.#failAtSign()
    if (this.#parser === 'python') this.#checkDigits(number)
    else this.#checkNumber(number)
    this.#offset += number.length
  }

  /** Reads what most numbers are, without a pattern. @returns whether it was one */
  #readShortInteger(): boolean {
    const start = this.#offset
    let end = start
    while (isDigit(this.#text.charCodeAt(end))) end++
    const isShort = end > start && end - start <= 15
    const hasZero = this.#text.charCodeAt(start) === ZERO && end - start > 1
    if (!isShort || hasZero || NUMERIC.has(this.#text.charAt(end))) return false
    this.#offset = end
    return true
  }

  /** Python reads no integers of more digits. */
  #checkDigits(number: string): void {
    if (number.length <= MAX_DIGITS || /[.eE]/.test(number)) return
    const digits = number.replace('-', '').length
    if (digits <= MAX_DIGITS) return
    const remedy = 'use sys.set_int_max_str_digits() to increase the limit'
    const reason = `Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion: value has ${digits} digits; ${remedy}`
    throw new Fault(reason, undefined)
  }

  /** Where a number stops too soon, orjson says why; Python then misses what separates it from the next. */
  #checkNumber(number: string): void {
    const end = this.#offset + number.length
    if (number === '') this.#failAt(this.#offset + 1, 'no digit after minus sign')
    const [, sign = ''] = TAIL.exec(this.#text.slice(end, end + 2)) ?? []
    if (/^[0-9]/.test(sign)) this.#failAt(end - 1, 'number with leading zero is not allowed')
    if (sign === '.' && !/[.eE]/.test(number)) this.#failAt(end + 1, 'no digit after decimal point')
    if (/^[eE]/.test(sign) && !/[eE]/.test(number)) this.#failAt(end + sign.length, 'no digit after exponent sign')
    if (!Number.isFinite(Number(number))) this.#failAt(this.#offset, 'number is infinity when parsed as double')
  }

  #readString(): void {
    const start = this.#offset++
    for (;;) {
      const code = this.#text.charCodeAt(this.#offset)
      if (code === QUOTE) break
      if (code === BACKSLASH) this.#readEscape(start)
      else if (code >= 0x20) this.#offset++
      else if (Number.isNaN(code)) this.#fail([UNTERMINATED, start])
      else this.#fail(['Invalid control character at'], ['unexpected control character in string'])
    }
    this.#offset++
  }

  #readEscape(start: number): void {
    const begin = this.#offset
    const sign = this.#text.charAt(begin + 1)
    if (sign === 'u') return this.#readUnicode()
    if (sign === '') this.#fail([UNTERMINATED, start], [CUT, begin + 1])
    if (!'"\\/bfnrt'.includes(sign))
      this.#fail(['Invalid \\escape'], ['invalid escaped character in string', begin + 1])
    this.#offset += 2
  }

  #readUnicode(): void {
    const begin = this.#offset
    const unit = this.#readUnit()
    if (this.#parser === 'python' || unit < 0xd800 || unit > 0xdfff) return
    if (unit > 0xdbff) this.#failAt(begin, 'invalid high surrogate in string')
    const middle = this.#offset
    if (!this.#text.startsWith('\\u', middle)) this.#failAt(middle, 'no low surrogate in string')
    const low = this.#readUnit()
    if (low < 0xdc00 || low > 0xdfff) this.#failAt(middle, 'invalid low surrogate in string')
  }

  /** Reads an escape with four hexadecimal digits. @returns the unit of UTF-16 that it stands for */
  #readUnit(): number {
    const begin = this.#offset
    const digits = this.#text.slice(begin + 2, begin + 6)
    const isCut = begin + 6 > this.#text.length && /^[0-9a-f]*$/i.test(digits)
    const isWhole = /^[0-9a-f]{4}$/i.test(digits) && (this.#parser === 'orjson' || begin + 6 < this.#text.length)
    if (!isWhole)
      this.#fail(
        ['Invalid \\uXXXX escape', begin + 1],
        isCut ? [CUT, this.#text.length] : ['invalid escaped sequence in string', begin],
      )
    this.#offset += 6
    return Number.parseInt(digits, 16)
  }

  /** The sign that is next; empty at the end. */
  get #sign(): string {
    return this.#text.charAt(this.#offset)
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#offset))) this.#offset++
  }

  #take(sign: ',' | ':'): void {
    if (this.#sign !== sign) this.#fail([`Expecting '${sign}' delimiter`])
    this.#offset++
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#offset
    return pattern.exec(this.#text)?.[0] ?? ''
  }

  /** @throws Fault always; orjson has few words for what it does not expect */
  #fail(python: Remark, [reason, offset]: Remark = ['unexpected character']): never {
    if (this.#parser === 'python') throw new Fault(python[0], python[1] ?? this.#offset)
    if (offset !== undefined) throw new Fault(reason, offset)
    this.#failAt(this.#offset, reason)
  }

  /** @throws Fault always: what orjson alone says; it has one word for the end of the text */
  #failAt(offset: number, reason: string): never {
    throw new Fault(offset < this.#text.length ? reason : CUT, offset)
  }
}

const NO_VALUE: Remark = ['Expecting value']
const NO_KEY: Remark = ['Expecting property name enclosed in double quotes']
const UNTERMINATED = 'Unterminated string starting at'
const CUT = 'unexpected end of data'
const closingOf = (sign: string) => (sign === '[' ? ']' : sign === '{' ? '}' : undefined)
const WORDS: readonly string[] = ['true', 'false', 'null']
const CONSTANT = /NaN|-?Infinity/y
/** What a number does not end with. */
const TAIL = /^([0-9.]|[eE][+-]?)/
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const MAX_DIGITS = 4300
const ZERO = 0x30
const isDigit = (code: number) => code >= ZERO && code < ZERO + 10
/** What goes on with a number that is no integer. */
const NUMERIC: ReadonlySet<string> = new Set(['.', 'e', 'E'])
const QUOTE = 0x22
const BACKSLASH = 0x5c
const isSpace = (code: number) => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
