/** A documented schema as a body for pact-js: an example, and beside each of its values the rules for it. */
import { isObject, quote, readKey } from '../../schema/json.ts'
import { findNear } from '../../schema/nearest.ts'
import { resolverOf, type Resolve } from '../../schema/walk.ts'
import type { Fragment, Schema } from '../../schema/words.ts'
import { MockError } from '../../store/mock-error.ts'
import { toPlain } from '../../store/plain.ts'

/** A body for pact-js: an example, and beside each of its values the rules for it. */
export type Template = Record<string, unknown>

/** A rule, as pact-js writes it. */
interface Rule {
  'pact:matcher:type': string
  regex?: string
  min?: number
}

const NULL: Rule = { 'pact:matcher:type': 'null' }
const TYPE: Rule = { 'pact:matcher:type': 'type' }
const INTEGER: Rule = { 'pact:matcher:type': 'integer' }
const NUMBER: Rule = { 'pact:matcher:type': 'number' }
const regex = (pattern: string): Rule => ({ 'pact:matcher:type': 'regex', regex: `^(?:${pattern})$` })

/**
 * A schema as a body for pact-js.
 * @param partial some of the example; the rest is made up
 * @throws MockError ERR_EXAMPLE for an example that is not as documented, by the path of what is wrong
 */
export function toTemplate(schema: Schema, partial: unknown): Template {
  const { root, resolve } = resolverOf(schema)
  const example = fill(root, copyExample(partial), '', resolve)
  const { error } = schema.safeParse(example)
  if (error) {
    const issues = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw exampleError(`the example is not as documented: ${issues.join('; ')}`)
  }
  return toMatcher(root, example, '', resolve) as Template
}

/** @throws MockError ERR_EXAMPLE for what is no JSON */
function copyExample(partial: unknown): unknown {
  if (partial === undefined) return undefined
  const { value, problems } = toPlain(partial, 'the example', 1)
  if (problems.length) throw exampleError(problems.join('; '))
  return value
}

/** The example with all that it must have, in documented order. */
function fill(fragment: Fragment, partial: unknown, path: string, resolve: Resolve): unknown {
  const { type = '', enum: choices, format = '', properties, items, ...rest } = resolve(fragment)
  if (partial === null) return null
  if (properties) return fillObject(partial, { properties, ...rest }, path, resolve)
  if (items && partial !== undefined && !Array.isArray(partial)) throw kindError(partial, path, 'a list')
  if (items) return [fill(items, readKey(partial, '0'), `${path}[]`, resolve)]
  return partial ?? choices?.[0] ?? MADE_UP[format] ?? MADE_UP[type]
}

function fillObject(partial: unknown, documented: Fragment, path: string, resolve: Resolve): object {
  const { properties = {}, required = [], additionalProperties } = documented
  if (partial !== undefined && !isObject(partial)) throw kindError(partial, path, 'an object')
  const values = partial ?? {}
  const extraKeys = Object.keys(values).filter((key) => !(key in properties))
  const [extraKey] = extraKeys
  if (extraKey !== undefined && !additionalProperties)
    throw exampleError(`"${join(path, extraKey)}" is not documented; ${toKnown(extraKey, Object.keys(properties))}`)
  const filled = Object.entries(properties).flatMap(([key, property]) =>
    required.includes(key) || values[key] !== undefined
      ? [[key, fill(property, values[key], join(path, key), resolve)]]
      : [],
  )
  return Object.fromEntries([...filled, ...extraKeys.map((key) => [key, values[key]])])
}

/** Examples of values, by their format or their type. */
export const MADE_UP: Record<string, unknown> = {
  integer: 1,
  number: 1,
  boolean: false,
  string: 'text',
  object: {},
  uuid: '7e9b1f2c-5a34-4c8d-9e60-2f1d3b4a5c6e',
  'date-time': '2024-09-27T14:26:18.306000Z',
  email: 'someone@example.com',
  uri: 'https://example.com/',
}

function toMatcher(fragment: Fragment, example: unknown, path: string, resolve: Resolve): unknown {
  const documented = resolve(fragment)
  const { properties, items, nullable } = documented
  if (nullable && (properties || items))
    return match([NULL, regex(JSON_TEXT + toPattern({ ...documented, nullable: false }, example, resolve))], example)
  if (properties)
    return Object.fromEntries(
      Object.entries(isObject(example) ? example : {}).map(([key, value]) => [
        key,
        toMatcher(properties[key] ?? {}, value, join(path, key), resolve),
      ]),
    )
  if (items) return match([{ ...TYPE, min: 0 }], [toMatcher(items, readKey(example, '0'), `${path}[]`, resolve)])
  const rules = toRules(documented)
  if (!nullable) return match(rules, example)
  if (rules.length > 1)
    throw exampleError(`Pact cannot say that "${path}" is null or else several things at once; leave it out`)
  if (example === null && rules[0] === TYPE)
    throw exampleError(
      `Pact takes the type of "${path}" from its example, and null has none; give a value, null matches too`,
    )
  return match([NULL, ...rules], example)
}

const match = (rules: readonly Rule[], value: unknown) =>
  rules.length === 1 ? { ...rules[0], value } : { 'pact:matcher:type': rules, value }

/** What a value that holds no others must all be. A regex alone would take a number for its digits, where they fit. */
function toRules({ type, enum: choices, format, maxLength, pattern }: Fragment): Rule[] {
  if (type === 'integer') return [INTEGER]
  if (type === 'number') return [NUMBER]
  if (choices) return [regex(choices.map(escape).join('|'))]
  const formatRule = format === undefined ? [] : [regex(FORMATS[format] ?? '')]
  if (format && format !== 'email') return formatRule
  return [
    TYPE,
    ...formatRule,
    ...(maxLength === undefined ? [] : [regex(`[\\s\\S]{0,${maxLength}}`)]),
    ...(pattern === undefined ? [] : [regex(pattern)]),
  ]
}

/** Patterns of texts, by their format. */
export const FORMATS: Record<string, string> = {
  uuid: '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}',
  /** RFC 3339 with days that the month has; of which authentik writes the form `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`. */
  'date-time':
    '[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))' +
    'T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])',
  email: '[^@\\s"]+@[^@\\s"]+',
  /** As authentik documents an address that may be empty. */
  uri: '(?:[A-Za-z][A-Za-z0-9+.-]*:[^\\s"]+)?',
}

// ---- a value as the text of its JSON
// Of a list that may be null Pact sees only that text: the rules for its items have to be one regex (Oniguruma's, which can recurse).

/** Names what it then calls: `t` a text, `m` a member of an object, `v` any value. It reads nothing but JSON, so that commas need no care. */
const JSON_TEXT =
  '(?<t>"(?:[^"\\\\]|\\\\.)*+"){0}(?<m>\\g<t>:\\g<v>){0}(?<v>\\g<t>|[^\\[\\]{}",]++|\\[(?:\\g<v>,?)*+\\]|\\{(?:\\g<m>,?)*+\\}){0}'

function toPattern(fragment: Fragment, example: unknown, resolve: Resolve): string {
  const documented = resolve(fragment)
  const { type, enum: choices, format, nullable, items } = documented
  const value = example ?? fill(fragment, undefined, '', resolve)
  if (nullable) return `(?:null|${toPattern({ ...documented, nullable: false }, value, resolve)})`
  if (items) return `\\[(?:${toPattern(items, readKey(value, '0'), resolve)},?)*+\\]`
  if (type === 'object') return toObjectPattern(documented, value, resolve)
  if (type === 'integer') return '-?[0-9]+'
  if (type === 'number') return '-?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?'
  if (type === 'boolean') return '(?:true|false)'
  if (choices) return `(?:${choices.map((choice) => escape(JSON.stringify(choice))).join('|')})`
  if (format) return `"${FORMATS[format]}"`
  return toTextPattern(documented)
}

function toObjectPattern({ properties = {} }: Fragment, example: unknown, resolve: Resolve): string {
  const entries = Object.keys(properties).length && isObject(example) ? Object.entries(example) : []
  const members = entries.map(([key, value]) => {
    const pattern = toPattern(properties[key] ?? {}, value, resolve)
    return `(?=(?:\\g<m>,)*${escape(JSON.stringify(key))}:${pattern}[,}])`
  })
  return `\\{${members.join('')}(?:\\g<m>,?)*+\\}`
}

/** The documented patterns let through nothing that JSON would escape. */
function toTextPattern({ type, maxLength, pattern }: Fragment): string {
  if (pattern) {
    const length = maxLength === undefined ? '' : `(?=[^"]{0,${maxLength}}")`
    return `"${length}${pattern.replace(/^\^|\$$/g, '')}"`
  }
  if (type !== 'string') return '\\g<v>'
  return maxLength === undefined ? '\\g<t>' : `"(?:[^"\\\\]|\\\\u[0-9a-f]{4}|\\\\.){0,${maxLength}}"`
}

/** A text as a regular expression that meets it alone. */
export const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const join = (path: string, key: string) => (path ? `${path}.${key}` : key)

const kindError = (value: unknown, path: string, kind: string) =>
  exampleError(`${path || 'the example'} is ${quote(value)}; give ${kind}, or leave it out`)

/** What there is in place of a name: the nearest where one is like it, and all. */
export function toKnown(name: string, names: readonly string[]): string {
  const nearest = findNear(name, names, name.length / 2)
  return `${nearest === undefined ? '' : `the nearest is ${nearest}, `}known are ${names.join(', ')}`
}

/** An example is not as documented. */
export const exampleError = (reason: string) => new MockError('ERR_EXAMPLE', `Failed to derive a matcher: ${reason}.`)
