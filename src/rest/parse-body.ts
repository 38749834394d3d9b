/** A request's body, read by its documented schema as Django REST framework's serializers read it (docs/authentik.md#bodies). */
import { contentTypeOf, covers } from '../http/body.ts'
import type { Call } from '../http/message.ts'
import { isEmail } from '../schema/email.ts'
import { isObject, parseJson, MAX_DEPTH } from '../schema/json.ts'
import { SLUG } from '../schema/slug.ts'
import { resolverOf, type Resolve } from '../schema/walk.ts'
import type { Fragment, Schema } from '../schema/words.ts'
import { readIso8601, toInstant } from '../store/clock.ts'
import type { Behaviour } from './behaviour.ts'
import { invalid, mediaTypeUnsupported, Problem } from './errors.ts'
import { integerToUuid, pythonTypeOf, toInteger, toPythonText, toUuid } from './python.ts'

/** How a body is read. */
export interface BodyOptions {
  /** Whether what is required may be left out, as in a PATCH. */
  partial: boolean
  /** Which parser explains what is no JSON. */
  jsonParser: Behaviour['jsonParser']
  /** What the schema does not say of a field, by its name. */
  rules: Readonly<Record<string, FieldRules>>
}

/** What a schema does not say of a field. */
export interface FieldRules {
  /** Whether there is a row with this key, where the field holds the key, or keys, of rows. */
  exists?: ((key: string | number) => boolean) | undefined
  /** What is wrong with a value of the right form; undefined for nothing. */
  check?: ((value: string | number) => string | undefined) | undefined
  /** Whether a text is taken with the spaces around it, as a password is. */
  keepsSpaces?: boolean | undefined
}

/**
 * The fields that a body gives, in their documented order; what the schema does not name is left out.
 * @throws Problem 415 for a body that says it is no JSON, 400 for one that is none or does not fit
 */
export async function parseBody(
  call: Call,
  schema: Schema,
  { partial, jsonParser, rules }: BodyOptions,
): Promise<Record<string, unknown>> {
  const value = await readJson(call, jsonParser)
  if (value === null) throw invalid({ non_field_errors: ['No data provided'] })
  if (!isObject(value)) throw invalid(notAnObject(value))
  const { root, resolve } = resolverOf(schema)
  const { fields, errors } = parseObject(value, resolve(root), { partial, rules, resolve })
  if (!isEmpty(errors)) throw invalid(errors)
  return fields
}

type Errors = Record<string, unknown>

interface ObjectOptions {
  partial: boolean
  rules: Readonly<Record<string, FieldRules>>
  resolve: Resolve
}

/** The fields of an object that fit, and what is wrong with the others. */
interface ParsedObject {
  fields: Record<string, unknown>
  errors: Errors
}

function parseObject(
  value: Record<string, unknown>,
  fragment: Fragment,
  { partial, rules, resolve }: ObjectOptions,
): ParsedObject {
  const { properties = {}, required = [] } = fragment
  const errors: Errors = {}
  const fields: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(properties)) {
    if (!Object.hasOwn(value, name)) {
      if (required.includes(name) && !partial) errors[name] = ['This field is required.']
      continue
    }
    try {
      fields[name] = parseValue(value[name], resolve(property), resolve, rules[name] ?? {})
    } catch (error) {
      if (!(error instanceof FieldError)) throw error
      errors[name] = error.reason
    }
  }
  return { fields, errors }
}

const isEmpty = (errors: Errors) => Object.keys(errors).length === 0

/** Why a value does not fit. */
class FieldError extends Error {
  override readonly name = 'FieldError'
  readonly reason: unknown
  /** @param reason as it is answered: what is wrong in a list of objects is a list of what is wrong in each */
  constructor(reason: unknown) {
    super('Failed to read a field: its value does not fit.')
    this.reason = reason
  }
}

/** What JavaScript takes and a parser of authentik may not: half a surrogate pair, and a number that is too great. */
const MAYBE_WRONG = /\\ud[89a-f]|\de\+?\d{3}|\d{200}/i

async function readJson(call: Call, jsonParser: Behaviour['jsonParser']): Promise<unknown> {
  const text = await call.body()
  if (text === '') return {}
  const type = contentTypeOf(call)
  if (!covers(type, 'application/json')) throw mediaTypeUnsupported(type)
  const value = MAYBE_WRONG.test(text) || !text.isWellFormed() ? undefined : parseJson(text)
  if (value !== undefined) return value
  // What explains a text that is no JSON is loaded when there is one.
  const { explainJson } = await import('./json-error.ts')
  const reason = explainJson(text, jsonParser, MAX_DEPTH)
  if (reason !== undefined) throw new Problem(400, { detail: `JSON parse error - ${reason}` })
  return JSON.parse(text)
}

function parseValue(value: unknown, fragment: Fragment, resolve: Resolve, rules: FieldRules): unknown {
  const { type, format, nullable, items, enum: choices } = fragment
  const isUuid = format === 'uuid'
  const isKey = (isUuid || type === 'integer') && rules.exists !== undefined
  if (value === null || (isKey && value === '')) return nullable ? null : fail('This field may not be null.')
  if (choices)
    return choices.includes(value as string) ? value : fail(`"${toPythonText(value)}" is not a valid choice.`)
  if (type === 'boolean') return BOOLEANS.get(value) ?? fail('Must be a valid boolean.')
  if (items) return parseItems(value, resolve(items), resolve, rules)
  if (isKey) return checkKey((isUuid ? toUuidKey : toIntegerKey)(value), value, rules)
  if (isUuid) return readUuid(value) ?? fail('Must be a valid UUID.')
  if (type === 'integer') return parseInteger(value, fragment)
  if (type === undefined) return value
  if (type === 'object') return isObject(value) ? value : fail(NO_DICTIONARY)
  if (format === 'date-time') return parseInstant(value)
  return parseText(value, fragment, rules)
}

const NO_DICTIONARY = 'Value must be a dictionary, and not have any duplicate keys.'
const NO_INSTANT =
  'Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].'

function parseInteger(value: unknown, { minimum = -Infinity, maximum = Infinity }: Fragment): number {
  const integer = typeof value === 'number' && Number.isInteger(value) ? value : undefined
  const text = typeof value === 'string' ? toInteger(value.replace(/\.0*\s*$/, '')) : undefined
  const number = integer ?? (text === undefined ? fail('A valid integer is required.') : Number(text))
  if (number > Number(maximum)) fail(`Ensure this value is less than or equal to ${String(maximum)}.`)
  if (number < Number(minimum)) fail(`Ensure this value is greater than or equal to ${String(minimum)}.`)
  return number
}

function parseInstant(value: unknown): string {
  const instant = typeof value === 'string' ? readIso8601(value.trim()) : undefined
  return instant === undefined ? fail(NO_INSTANT) : toInstant(instant.milliseconds, instant.microseconds)
}

/** Of keys, each once; of anything else, each as it is. Python takes an object for the list of its keys. */
function parseItems(value: unknown, item: Fragment, resolve: Resolve, rules: FieldRules): unknown[] {
  const isKey = item.type === 'integer' || item.format === 'uuid'
  const items = isObject(value) && (isKey || 'properties' in item) ? Object.keys(value) : value
  if (!Array.isArray(items)) return fail(`Expected a list of items but got type "${pythonTypeOf(value)}".`)
  if ('properties' in item) return parseObjects(items, item, resolve)
  return isKey ? parseKeys(items, item, rules) : parseValues(items, item, resolve)
}

/** Most of what a long list has, it has several times. */
function parseKeys(items: readonly unknown[], item: Fragment, rules: FieldRules): Key[] {
  const toKey = item.type === 'integer' ? toIntegerKey : toUuidKey
  const keys = new Set<Key>()
  for (const entry of new Set(items)) {
    const key = toKey(entry)
    if (key === null || !keys.has(key)) keys.add(checkKey(key, entry, rules))
  }
  return [...keys]
}

/** Of so many items of a list it is said what is wrong: an answer could be forty times as long as the body otherwise. */
const MAX_WRONG_ITEMS = 1000

/** What is wrong stands under the place of its value. */
function parseValues(items: readonly unknown[], item: Fragment, resolve: Resolve): unknown[] {
  const errors = new Map<number, unknown>()
  const values: unknown[] = []
  for (const [index, entry] of items.entries()) {
    try {
      values.push(parseValue(entry, item, resolve, {}))
    } catch (error) {
      if (!(error instanceof FieldError)) throw error
      errors.set(index, error.reason)
      if (errors.size === MAX_WRONG_ITEMS) break
    }
  }
  if (errors.size > 0) throw new FieldError(Object.fromEntries(errors))
  return values
}

/** What is wrong stands in a list as long as that of the objects. */
function parseObjects(items: readonly unknown[], item: Fragment, resolve: Resolve): unknown[] {
  const parsed: ParsedObject[] = []
  let wrongItems = 0
  for (const entry of items) {
    const { fields, errors } = isObject(entry)
      ? parseObject(entry, item, { partial: false, rules: {}, resolve })
      : { fields: {}, errors: notAnObject(entry) }
    parsed.push({ fields, errors })
    if (!isEmpty(errors) && ++wrongItems === MAX_WRONG_ITEMS) break
  }
  if (wrongItems > 0) throw new FieldError(parsed.map(({ errors }) => errors))
  return parsed.map(({ fields }) => fields)
}

type Key = string | number

function checkKey(key: Key | null, value: unknown, { exists, check }: FieldRules): Key {
  if (key === null || !exists?.(key)) return fail(`Invalid pk "${toPythonText(value)}" - object does not exist.`)
  const reason = check?.(key)
  return reason === undefined ? key : fail(reason)
}

function toUuidKey(value: unknown): Key | null {
  if (value === null) return null
  if (typeof value === 'boolean') fail('Incorrect type. Expected pk value, received bool.')
  return readUuid(value) ?? fail(`“${toPythonText(value)}” is not a valid UUID.`)
}

/** Python's UUIDs are made of a text or of a whole number, and of nothing else. */
function readUuid(value: unknown): string | undefined {
  if (typeof value === 'number') return integerToUuid(value)
  return typeof value === 'string' ? toUuid(value) : undefined
}

function toIntegerKey(value: unknown): Key | null {
  if (value === null) return null
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  const key = typeof value === 'boolean' || typeof value === 'object' ? undefined : toInteger(String(value))
  const wrongType = `Incorrect type. Expected pk value, received ${pythonTypeOf(value)}.`
  return key === undefined ? fail(wrongType) : Number(key)
}

function parseText(value: unknown, fragment: Fragment, { check, keepsSpaces = false }: FieldRules): string {
  const { minLength = 0, maxLength = Infinity, pattern, format } = fragment
  if (typeof value !== 'string' && typeof value !== 'number') fail('Not a valid string.')
  const text = keepsSpaces ? String(value) : String(value).trim()
  if (text === '') return minLength > 0 ? fail('This field may not be blank.') : text
  const reasons = [
    check?.(text),
    isLonger(text, maxLength) && `Ensure this field has no more than ${maxLength} characters.`,
    text.includes('\0') && 'Null characters are not allowed.',
    surrogateMessage(text),
    pattern !== undefined && !new RegExp(pattern, 'u').test(text) && patternMessage(fragment),
    format === 'uri' && !isUrl(text) && 'Enter a valid URL.',
    format === 'email' && !isEmail(text) && 'Enter a valid email address.',
  ].filter(Boolean)
  if (reasons.length) throw new FieldError(reasons)
  return text
}

/** Whether a text has more characters: half a surrogate pair is none. */
const isLonger = (text: string, maxLength: number) =>
  text.length > maxLength && (text.length > 2 * maxLength || [...text].length > maxLength)

/** Half a surrogate pair, which no database keeps: orjson does not take it for JSON, Python does. */
function surrogateMessage(text: string): string | undefined {
  if (text.isWellFormed()) return undefined
  const code = text.charCodeAt(text.search(/\p{Cs}/u))
  return `Surrogate characters are not allowed: U+${code.toString(16).toUpperCase()}.`
}

/** REST framework's own field for a slug has a length; without one, Django's validator speaks. */
function patternMessage({ pattern, maxLength }: Fragment): string {
  if (pattern !== SLUG) return 'Enter a valid value.'
  const slug = maxLength === undefined ? '“slug”' : '"slug"'
  return `Enter a valid ${slug} consisting of letters, numbers, underscores or hyphens.`
}

/** The addresses that authentik's validator takes: it is lenient with hosts, and knows a scheme for no address at all. */
const isUrl = (text: string) => /^(?:https?|ftps?|blank):\/\/[^\s/?#]\S*$/i.test(text)

/** What Django REST framework takes for true or false. */
const TRUE = ['t', 'T', 'y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON', '1', 1, true]
const FALSE = ['f', 'F', 'n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF', '0', 0, false]
const BOOLEANS = new Map<unknown, boolean>([
  ...TRUE.map((word) => [word, true] as const),
  ...FALSE.map((word) => [word, false] as const),
])

const notAnObject = (value: unknown) => ({
  non_field_errors: [`Invalid data. Expected a dictionary, but got ${pythonTypeOf(value)}.`],
})

function fail(reason: string): never {
  throw new FieldError([reason])
}
