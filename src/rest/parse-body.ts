/** A request's body, read by its documented schema as Django REST framework's serializers read it (docs/authentik.md#bodies). */
import { contentTypeOf, covers } from '../http/body.ts'
import type { Call } from '../http/message.ts'
import { isObject } from '../schema/json.ts'
import { resolverOf, type Resolve } from '../schema/walk.ts'
import type { Fragment, Schema } from '../schema/words.ts'
import type { Behaviour } from './behaviour.ts'
import { invalid, mediaTypeUnsupported, Problem } from './errors.ts'
import { explainJson } from './json-error.ts'
import { pythonTypeOf, toInteger, toPythonText, toUuid } from './python.ts'

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
  const value = await parseJson(call, jsonParser)
  if (value === null) throw invalid({ non_field_errors: ['No data provided'] })
  if (!isObject(value)) throw invalid(notAnObject(value))
  const { root, resolve } = resolverOf(schema)
  return parseObject(value, resolve(root), { partial, rules, resolve }, invalid)
}

type Errors = Record<string, unknown>

interface ObjectOptions {
  partial: boolean
  rules: Readonly<Record<string, FieldRules>>
  resolve: Resolve
}

/** @param toError makes what is thrown of what is wrong, by field */
function parseObject(
  value: Record<string, unknown>,
  fragment: Fragment,
  { partial, rules, resolve }: ObjectOptions,
  toError: (errors: Errors) => Error,
): Record<string, unknown> {
  const { properties = {}, required = [] } = fragment
  const errors: Errors = {}
  const parsed: Record<string, unknown> = {}
  for (const [name, property] of Object.entries(properties)) {
    if (!Object.hasOwn(value, name)) {
      if (required.includes(name) && !partial) errors[name] = ['This field is required.']
      continue
    }
    try {
      parsed[name] = parseValue(value[name], resolve(property), resolve, rules[name] ?? {})
    } catch (error) {
      if (!(error instanceof FieldError)) throw error
      errors[name] = error.reason
    }
  }
  if (Object.keys(errors).length) throw toError(errors)
  return parsed
}

/** Why a value does not fit. */
class FieldError extends Error {
  override readonly name = 'FieldError'
  readonly reason: unknown
  /** @param reason as it is answered: what is wrong in a list of objects is a list of what is wrong in each */
  constructor(reason: unknown) {
    super(JSON.stringify(reason))
    this.reason = reason
  }
}

async function parseJson(call: Call, jsonParser: Behaviour['jsonParser']): Promise<unknown> {
  const text = await call.body()
  if (text === '') return {}
  const type = contentTypeOf(call)
  if (!covers(type, 'application/json')) throw mediaTypeUnsupported(type)
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem(400, { detail: `JSON parse error - ${explainJson(text, jsonParser)}` })
  }
}

function parseValue(value: unknown, fragment: Fragment, resolve: Resolve, rules: FieldRules): unknown {
  const { type, format, nullable, items, enum: choices } = fragment
  const isUuid = format === 'uuid'
  const isKey = isUuid || type === 'integer'
  if (value === null || (isKey && value === '')) return nullable ? null : fail('This field may not be null.')
  if (choices)
    return choices.includes(value as string) ? value : fail(`"${toPythonText(value)}" is not a valid choice.`)
  if (type === 'boolean') return BOOLEANS.get(value) ?? fail('Must be a valid boolean.')
  if (items) return parseItems(value, resolve(items), resolve, rules)
  if (isUuid) return checkKey(toUuidKey(value), value, rules)
  if (type === 'integer') return checkKey(toIntegerKey(value), value, rules)
  return parseText(value, fragment, rules)
}

/** Of keys, each once; of objects, each as it is. Python takes an object for the list of its keys. */
function parseItems(value: unknown, item: Fragment, resolve: Resolve, rules: FieldRules): unknown[] {
  const items = isObject(value) ? Object.keys(value) : value
  if (!Array.isArray(items)) return fail(`Expected a list of items but got type "${pythonTypeOf(value)}".`)
  if ('properties' in item) return parseObjects(items, item, resolve)
  const toKey = item.type === 'integer' ? toIntegerKey : toUuidKey
  const keys = items.map((entry) => ({ entry, key: toKey(entry) }))
  return [...new Set(keys.map(({ entry, key }) => checkKey(key, entry, rules)))]
}

function parseObjects(items: readonly unknown[], item: Fragment, resolve: Resolve): unknown[] {
  const errors: Errors[] = []
  const toError = (fields: Errors) => new FieldError(fields)
  const parsed = items.map((entry, index) => {
    errors[index] = {}
    if (!isObject(entry)) return void (errors[index] = notAnObject(entry))
    try {
      return parseObject(entry, item, { partial: false, rules: {}, resolve }, toError)
    } catch (error) {
      if (!(error instanceof FieldError)) throw error
      return void (errors[index] = error.reason as Errors)
    }
  })
  if (errors.some((fields) => Object.keys(fields).length)) throw new FieldError(errors)
  return parsed
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
  const isNumber = typeof value === 'number' && Number.isInteger(value) && value >= 0
  const hex = isNumber ? BigInt(value).toString(16).padStart(32, '0') : String(value)
  return toUuid(hex) ?? fail(`“${toPythonText(value)}” is not a valid UUID.`)
}

function toIntegerKey(value: unknown): Key | null {
  if (value === null) return null
  const key = typeof value === 'boolean' || typeof value === 'object' ? undefined : toInteger(String(value))
  const wrongType = `Incorrect type. Expected pk value, received ${pythonTypeOf(value)}.`
  return key === undefined ? fail(wrongType) : Number(key)
}

function parseText(value: unknown, fragment: Fragment, { check }: FieldRules): string {
  const { minLength = 0, maxLength = Infinity, pattern, format } = fragment
  if (typeof value !== 'string' && typeof value !== 'number') fail('Not a valid string.')
  const text = String(value).trim()
  if (text === '') return minLength > 0 ? fail('This field may not be blank.') : text
  const reasons = [
    check?.(text),
    [...text].length > maxLength && `Ensure this field has no more than ${maxLength} characters.`,
    text.includes('\0') && 'Null characters are not allowed.',
    pattern !== undefined && !new RegExp(pattern, 'u').test(text) && patternMessage(fragment),
    format === 'uri' && !isUrl(text) && 'Enter a valid URL.',
  ].filter(Boolean)
  if (reasons.length) throw new FieldError(reasons)
  return text
}

/** The form of a slug, as it is documented. */
export const SLUG = '^[-a-zA-Z0-9_]+$'

/** REST framework's own field for a slug has a length; without one, Django's validator speaks. */
function patternMessage({ pattern, maxLength }: Fragment): string {
  if (pattern !== SLUG) return 'Enter a valid value.'
  const slug = maxLength === undefined ? '“slug”' : '"slug"'
  return `Enter a valid ${slug} consisting of letters, numbers, underscores or hyphens.`
}

/** The addresses that authentik's validator takes: it is lenient with hosts, and knows a scheme for no address at all. */
const isUrl = (text: string) => /^(?:https?|ftps?|blank):\/\/[^\s/?#]+\S*$/i.test(text)

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
