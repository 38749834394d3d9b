/** How Python, which authentik is written in, reads what comes in a URL or a body. */
import { isObject } from '../schema/json.ts'

export { toUuid } from '../schema/uuid.ts'

/**
 * A text as Python's `int()` reads it: spaces around, a sign, `_` between digits and the digits of any script are fine.
 * @returns undefined where Python raises ValueError, which it also does beyond 4300 digits
 */
export function toInteger(text: string): bigint | undefined {
  if (/^\d{1,15}$/.test(text)) return BigInt(text)
  const [, sign, number = ''] = NUMBER.exec(text) ?? []
  const digits = number.replaceAll('_', '')
  if (digits === '' || digits.length > 4300) return undefined
  const value = BigInt(/^[0-9]+$/.test(digits) ? digits : [...digits].map(toDigit).join(''))
  return sign === '-' ? -value : value
}

/** What Python strips is not quite what JavaScript's `\s` matches. */
const SPACE = '[\\t-\\r\\x1c- \\x85\\p{Zs}\\u2028\\u2029]*'
const NUMBER = new RegExp(`^${SPACE}([+-]?)(\\p{Nd}+(?:_\\p{Nd}+)*)${SPACE}$`, 'u')

/** A number as Python's `uuid.UUID(int=...)` reads it. @returns undefined where Python raises ValueError or AttributeError */
export function integerToUuid(value: number): string | undefined {
  if (!Number.isInteger(value) || value < 0) return undefined
  const hex = (Number.isSafeInteger(value) ? value : BigInt(value)).toString(16)
  return hex.length > 32 ? undefined : withHyphens(hex.padStart(32, '0'))
}

const withHyphens = (hex: string) =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`

/** A query parameter as Django reads it: the last, where it stands several times. */
export const lastOf = (query: URLSearchParams, name: string): string | undefined => query.getAll(name).at(-1)

/** Unicode's decimal digits stand in runs of ten, from zero to nine. */
function toDigit(sign: string): number {
  const point = sign.codePointAt(0) ?? 0
  let start = point
  while (/\p{Nd}/u.test(String.fromCodePoint(start - 1))) start--
  return (point - start) % 10
}

/** A value as Python prints it in a message: a text inside a list or an object is quoted. */
export function toPythonText(value: unknown, isNested = false): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return isNested ? `'${value}'` : value
  if (Array.isArray(value)) return `[${value.map((item) => toPythonText(item, true)).join(', ')}]`
  if (!isObject(value)) return String(value)
  const pairs = Object.entries(value).map(([key, item]) => `'${key}': ${toPythonText(item, true)}`)
  return `{${pairs.join(', ')}}`
}

const PYTHON_TYPES: Record<string, string> = { string: 'str', boolean: 'bool', object: 'dict' }

/** The name of a value's type in Python. */
export function pythonTypeOf(value: unknown): string {
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  return PYTHON_TYPES[typeof value] ?? 'NoneType'
}

/** A text in ASCII, as Python's `json.dumps` escapes it. */
export const toAscii = (text: string): string =>
  text.replace(/[\u007f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
