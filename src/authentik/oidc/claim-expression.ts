/**
 * What a scope mapping of a user's own gives, where its expression is nothing but `return` and a literal of Python's:
 * constants, lists and dicts, and what `request.user` is (docs/authentik.md#scope-mappings).
 */
import { isObject } from '../../schema/json.ts'
import type { RowSource } from '../../store/resource.ts'
import { groups } from '../resources/groups.ts'
import { isSuperuser, type User } from '../resources/users.ts'

/** How deep lists and dicts may stand in each other. */
const MAX_DEPTH = 100

/** What an expression is evaluated for. */
interface Subject {
  user: User
  source: RowSource
}

/** An expression that is more than a literal, or that a real server fails at. */
class ExpressionError extends Error {
  override readonly name = 'ExpressionError'
}

/** The tokens of a literal; spaces and comments stand between them. */
const TOKEN =
  /(?:\s|#[^\n]*(?:\n|$))*(?:("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(-?\d+(?:\.\d+)?)|([A-Za-z_]\w*)|([[\]{}(),:.]))/y
/** Python ends a statement with its line. */
const RETURN = /^(?:\s|#[^\n]*\n)*return[^\S\n]+\S/
const REST = /(?:\s|#[^\n]*(?:\n|$))*/y

type Token = { text: string; kind: 'string' | 'number' | 'name' | 'sign' }

function tokensOf(expression: string): Token[] {
  const tokens: Token[] = []
  let index = 0
  for (;;) {
    TOKEN.lastIndex = index
    const match = TOKEN.exec(expression)
    if (!match) break
    index = TOKEN.lastIndex
    const [, string, number, name, sign] = match
    if (string !== undefined) tokens.push({ kind: 'string', text: string })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name })
    else tokens.push({ kind: 'sign', text: sign ?? '' })
  }
  REST.lastIndex = index
  const [rest = ''] = REST.exec(expression) ?? []
  if (index + rest.length < expression.length)
    throw new ExpressionError(`Failed to read an expression at its character ${index}.`)
  return tokens
}

/** Evaluates an expression. @returns the claims; undefined for what is no such literal */
export function evaluateExpression(expression: string, subject: Subject): Record<string, unknown> | undefined {
  try {
    if (!RETURN.test(expression)) return undefined
    const reader = new Reader(tokensOf(expression), subject)
    reader.take('return')
    const value = reader.value()
    reader.end()
    return isObject(value) ? value : undefined
  } catch (error) {
    if (error instanceof ExpressionError) return undefined
    throw error
  }
}

const CONSTANTS = new Map<string, unknown>([
  ['True', true],
  ['False', false],
  ['None', null],
])

/** Reads tokens from left to right. */
class Reader {
  readonly #tokens: readonly Token[]
  readonly #subject: Subject
  #index = 0
  #depth = 0

  constructor(tokens: readonly Token[], subject: Subject) {
    this.#tokens = tokens
    this.#subject = subject
  }

  /** Reads a token. @throws ExpressionError for another one */
  take(text: string): void {
    if (!this.#takeIf(text)) throw new ExpressionError(`Failed to find ${text} in an expression.`)
  }

  /** @throws ExpressionError where there is more */
  end(): void {
    if (this.#index < this.#tokens.length) throw new ExpressionError('Failed to read an expression to its end.')
  }

  value(): unknown {
    if (++this.#depth > MAX_DEPTH) throw new ExpressionError('Failed to read an expression: it is too deep.')
    const value = this.#read()
    this.#depth--
    return value
  }

  #read(): unknown {
    const token = this.#next()
    if (token.kind === 'string') return toText(token.text)
    if (token.kind === 'number') return toNumber(token.text)
    if (token.text === '{') return Object.fromEntries(this.#items('}', () => this.#pair()))
    if (token.text === '[') return this.#list()
    if (CONSTANTS.has(token.text)) return CONSTANTS.get(token.text)
    if (token.text === 'request') return this.#attribute()
    throw new ExpressionError(`Failed to evaluate ${token.text}.`)
  }

  #pair(): [string, unknown] {
    const key = this.value()
    if (typeof key !== 'string') throw new ExpressionError('Failed to read a dict: its key is no text.')
    this.take(':')
    return [key, this.value()]
  }

  /** A list of values, or of something of each group. */
  #list(): unknown[] {
    const [variable, dot, attribute = '', keyword] = this.#tokens
      .slice(this.#index, this.#index + 4)
      .map(({ text }) => text)
    if (dot !== '.' || keyword !== 'for') return this.#items(']', () => this.value())
    this.#index += 4
    for (const text of [variable, 'in', 'request', '.', 'user', '.']) this.take(text ?? '')
    if (!this.#takeIf('ak_groups')) this.take('groups')
    for (const text of ['.', 'all', '(', ')', ']']) this.take(text)
    const { user, source } = this.#subject
    const rows = user.groups.map((key): Record<string, unknown> => ({ ...source.table(groups).require(key) }))
    return rows.map((row) => attributeOf(row, attribute))
  }

  /** What stands behind `request`: an attribute of its user, and what that has. */
  #attribute(): unknown {
    for (const text of ['.', 'user', '.']) this.take(text)
    const { user, source } = this.#subject
    const value = attributeOf({ ...user, is_superuser: isSuperuser(user, source) }, this.#next().text)
    return this.#item(value)
  }

  /** A key of a dict: `["key"]`, or `.get("key")`. */
  #item(value: unknown): unknown {
    if (this.#takeIf('[')) {
      const key = this.value()
      this.take(']')
      return this.#item(itemOf(value, key))
    }
    if (!this.#takeIf('.')) return value
    this.take('get')
    this.take('(')
    const [key, fallback = null, ...more] = this.#items(')', () => this.value())
    if (!isObject(value) || typeof key !== 'string' || more.length)
      throw new ExpressionError('Failed to get a key: that is no dict, or no key.')
    return this.#item(Object.hasOwn(value, key) ? value[key] : fallback)
  }

  #items<T>(end: string, read: () => T): T[] {
    const items: T[] = []
    while (!this.#takeIf(end)) {
      items.push(read())
      if (!this.#takeIf(',')) {
        this.take(end)
        break
      }
    }
    return items
  }

  #next(): Token {
    const token = this.#tokens[this.#index++]
    if (!token) throw new ExpressionError('Failed to read an expression: it ends too early.')
    return token
  }

  #takeIf(text: string): boolean {
    const token = this.#tokens[this.#index]
    if (!token || token.kind === 'string' || token.text !== text) return false
    this.#index++
    return true
  }
}

/** The attributes of a user and of a group that a mapping may read. */
const READABLE: ReadonlySet<string> = new Set(
  'id pk uuid uid username name email path type is_active is_superuser attributes num_pk'.split(' '),
)

/** An attribute of a row, as Python names it. */
function attributeOf(row: Record<string, unknown>, name: string): unknown {
  const key = name === 'id' ? 'pk' : name
  if (!READABLE.has(name) || !Object.hasOwn(row, key))
    throw new ExpressionError(`Failed to read the attribute ${name}.`)
  return row[key]
}

/** A value of a dict. */
function itemOf(dict: unknown, key: unknown): unknown {
  if (!isObject(dict) || !Object.hasOwn(dict, String(key)))
    throw new ExpressionError(`Failed to find the key ${String(key)}.`)
  return dict[String(key)]
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['\\', '\\'],
  ['"', '"'],
  ["'", "'"],
])

/** A text of Python's. */
const toText = (source: string): string =>
  source.slice(1, -1).replace(/\\(.)/g, (whole, sign: string) => {
    const text = ESCAPES.get(sign)
    if (text === undefined) throw new ExpressionError(`Failed to read the escape ${whole}.`)
    return text
  })

/** A number of Python's that JSON has too. */
function toNumber(text: string): number {
  const number = Number(text)
  const isWhole = !text.includes('.')
  if (/^-?0\d/.test(text) || (isWhole && !Number.isSafeInteger(number)))
    throw new ExpressionError(`Failed to read the number ${text}.`)
  return number
}
