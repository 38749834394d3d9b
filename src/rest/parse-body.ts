/** A request's body, read by its documented schema as Django REST framework's serializers read it. */
import type { Call } from '../http/message.ts'
import { covers } from '../http/negotiate.ts'
import { invalid, mediaTypeUnsupported, Problem } from './errors.ts'
import { toInteger, toUuid } from './python.ts'
import type { Behaviour } from './behaviour.ts'
import { toComponents, toOpenApi, type Fragment, type Schema } from '../schema/words.ts'

export interface Reading {
  /** Whether what is required may be left out, as in a PATCH. */
  partial: boolean
  /** Which parser explains what is no JSON. */
  parser: Behaviour['parser']
  /** Whether there is a row with this key, by the field that holds its key, or keys. */
  exists: Record<string, (key: string | number) => boolean>
  /** What the schema does not say of a text, by field: what is wrong, or undefined. */
  checks: Record<string, (value: string) => string | undefined>
}

/**
 * The fields that a body gives, in their documented order; what the schema does not name is left out.
 * @throws Problem 415 for a body that says it is no JSON, 400 for one that is none or does not fit
 */
export async function readBody(call: Call, schema: Schema, reading: Reading): Promise<Record<string, unknown>> {
  const given = await parse(call, reading.parser)
  if (given === null) throw invalid({ non_field_errors: ['No data provided'] })
  if (!isObject(given)) throw invalid(notAnObject(given))
  const components = toComponents([schema])
  const resolve = (fragment: Fragment): Fragment => {
    const ref = (fragment['$ref'] ?? (fragment['allOf'] as Fragment[] | undefined)?.[0]?.['$ref']) as string | undefined
    return ref ? { ...fragment, ...components[ref.split('/').at(-1)!] } : fragment
  }
  return readObject(given, resolve(toOpenApi(schema)), reading, resolve, (wrong) => invalid(wrong))
}

type Resolve = (fragment: Fragment) => Fragment
type Wrong = Record<string, unknown>

/** @param refuse what is thrown for what is wrong, by field */
function readObject(
  given: Record<string, unknown>,
  of: Fragment,
  { partial, exists, checks }: Omit<Reading, 'parser'>,
  resolve: Resolve,
  refuse: (wrong: Wrong) => Error,
): Record<string, unknown> {
  const { properties, required = [] } = of as { properties: Record<string, Fragment>; required?: string[] }
  const wrong: Wrong = {}
  const read: Record<string, unknown> = {}
  for (const [name, fragment] of Object.entries(properties)) {
    if (!Object.hasOwn(given, name)) {
      if (required.includes(name) && !partial) wrong[name] = ['This field is required.']
      continue
    }
    try {
      read[name] = readValue(given[name], resolve(fragment), { resolve, exists: exists[name], check: checks[name] })
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      wrong[name] = error.why
    }
  }
  if (Object.keys(wrong).length) throw refuse(wrong)
  return read
}

/** Why a value does not fit. */
class Unfit extends Error {
  override readonly name = 'Unfit'
  readonly why: unknown
  /** @param why as it is answered: what is wrong in a list of objects is a list of what is wrong in each */
  constructor(why: unknown) {
    super(JSON.stringify(why))
    this.why = why
  }
}

async function parse(call: Call, parser: Behaviour['parser']): Promise<unknown> {
  const text = await call.body()
  if (text === '') return {}
  const type = call.header('content-type') ?? ''
  if (!covers(type, 'application/json')) throw mediaTypeUnsupported(type)
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem(400, { detail: `JSON parse error - ${explain(text, parser)}` })
  }
}

function explain(text: string, parser: Behaviour['parser']): string {
  const { at, wanted } = endOfJson(text)
  const before = text.slice(0, at).split('\n')
  const why = parser === 'python' ? wanted : at < text.length ? 'unexpected character' : 'unexpected end of data'
  return `${why}: line ${before.length} column ${before.at(-1)!.length + 1} (char ${at})`
}

/** Up to where a text can be the beginning of JSON, and what Python would want there. */
function endOfJson(text: string): { at: number; wanted: string } {
  let at = 0
  let wanted = 'Expecting value'
  const take = (pattern: RegExp, orElse = wanted): boolean => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) at += found[0].length
    else wanted = orElse
    return found !== null
  }
  const items = (end: string, item: () => boolean): boolean => {
    at++
    take(SPACE)
    if (text[at] === end) return take(ANY)
    while (item()) {
      take(SPACE)
      if (text[at] === end) return take(ANY)
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
    if (text[at] === '{') return items('}', member)
    if (text[at] === '[') return items(']', value)
    return take(
      text[at] === '"' ? STRING : SCALAR,
      text[at] === '"' ? 'Unterminated string starting at' : 'Expecting value',
    )
  }
  if (value()) {
    take(SPACE)
    wanted = 'Extra data'
  }
  return { at, wanted }
}

const SPACE = /[ \t\n\r]*/y
const ANY = /./y
// A text in JSON has none of them unescaped.
// oxlint-disable-next-line no-control-regex
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-f]{4}))*"/iy
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?|true|false|null/y

interface Means {
  resolve: Resolve
  exists: ((key: string | number) => boolean) | undefined
  check: ((value: string) => string | undefined) | undefined
}

function readValue(given: unknown, fragment: Fragment, means: Means): unknown {
  const {
    type,
    format,
    nullable,
    items,
    enum: values,
  } = fragment as { type: string; format?: string; nullable?: boolean; items?: Fragment; enum?: string[] }
  const isKey = format === 'uuid'
  if (given === null || (isKey && given === '')) return nullable ? null : fail('This field may not be null.')
  if (values) return values.includes(given as string) ? given : fail(`"${toText(given)}" is not a valid choice.`)
  if (type === 'boolean') return TRUTH.get(given) ?? fail('Must be a valid boolean.')
  if (items) return readItems(given, means.resolve(items), means)
  return isKey ? readKey(given, toUuidKey, means) : readText(given, fragment, means)
}

/** Of keys, each once; of objects, each as it is. Python takes an object for the list of its keys. */
function readItems(given: unknown, of: Fragment, means: Means): unknown[] {
  const list = isObject(given) ? Object.keys(given) : given
  if (!Array.isArray(list)) fail(`Expected a list of items but got type "${typeName(given)}".`)
  if (!('properties' in of)) {
    const toKey = of['type'] === 'integer' ? toIntegerKey : toUuidKey
    const keys = list.map((item) => toKey(item))
    return [...new Set(keys.map((key, at) => checkKey(key, list[at], means)))]
  }
  const wrong: Wrong[] = []
  const read = list.map((item, at) => {
    wrong[at] = {}
    if (!isObject(item)) return void (wrong[at] = notAnObject(item))
    try {
      return readObject(
        item,
        of,
        { partial: false, exists: {}, checks: {} },
        means.resolve,
        (fields) => new Unfit(fields),
      )
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      return void (wrong[at] = error.why as Wrong)
    }
  })
  if (wrong.some((one) => Object.keys(one).length)) throw new Unfit(wrong)
  return read
}

type Key = string | number | null

const readKey = (given: unknown, toKey: (given: unknown) => Key, means: Means) => checkKey(toKey(given), given, means)

const checkKey = (key: Key, given: unknown, { exists }: Means) =>
  key !== null && exists?.(key) ? key : fail(`Invalid pk "${toText(given)}" - object does not exist.`)

function toUuidKey(given: unknown): Key {
  if (given === null) return null
  if (typeof given === 'boolean') fail('Incorrect type. Expected pk value, received bool.')
  const hex =
    Number.isInteger(given) && Number(given) >= 0
      ? BigInt(given as number)
          .toString(16)
          .padStart(32, '0')
      : String(given)
  return toUuid(hex) ?? fail(`“${toText(given)}” is not a valid UUID.`)
}

function toIntegerKey(given: unknown): Key {
  if (given === null) return null
  const key = typeof given === 'boolean' || typeof given === 'object' ? undefined : toInteger(String(given))
  return key === undefined ? fail(`Incorrect type. Expected pk value, received ${typeName(given)}.`) : Number(key)
}

function readText(
  given: unknown,
  { minLength = 0, maxLength = Infinity }: { minLength?: number; maxLength?: number },
  { check }: Means,
): string {
  if (typeof given !== 'string' && typeof given !== 'number') fail('Not a valid string.')
  const text = String(given).trim()
  if (text === '') return minLength > 0 ? fail('This field may not be blank.') : text
  const why = [
    check?.(text),
    [...text].length > maxLength && `Ensure this field has no more than ${maxLength} characters.`,
    text.includes('\0') && 'Null characters are not allowed.',
  ].filter(Boolean)
  if (why.length) throw new Unfit(why)
  return text
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

const TRUTH = new Map<unknown, boolean>([
  ...['t', 'T', 'y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON', '1', 1, true].map(
    (word) => [word, true] as const,
  ),
  ...['f', 'F', 'n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF', '0', 0, false].map(
    (word) => [word, false] as const,
  ),
])

const notAnObject = (given: unknown) => ({
  non_field_errors: [`Invalid data. Expected a dictionary, but got ${typeName(given)}.`],
})

/** A value as Python prints it in a message: what stands inside another is quoted. */
function toText(value: unknown, isInside = false): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'string') return isInside ? `'${value}'` : value
  if (Array.isArray(value)) return `[${value.map((one) => toText(one, true)).join(', ')}]`
  if (isObject(value))
    return `{${Object.entries(value)
      .map(([key, one]) => `'${key}': ${toText(one, true)}`)
      .join(', ')}}`
  return String(value)
}

/** The name of a value's type in Python. */
function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  return { string: 'str', boolean: 'bool', object: 'dict' }[typeof value as 'string']
}

function fail(why: string): never {
  throw new Unfit([why])
}
