/** A documented schema as a body for pact-js: an example, and beside each of its values the rules for it. */
import { toComponents, toOpenApi, type Fragment, type Schema } from '../../schema/words.ts'

/** A body for pact-js: an example, and beside each of its values the rules for it. */
export type Template = Record<string, unknown>

/** A rule, as pact-js writes it. */
interface Rule {
  'pact:matcher:type': string
  regex?: string
  min?: number
}

/** What our schemas say in OpenAPI, as far as a matcher can ask for it. */
interface Documented {
  type?: string
  enum?: string[]
  format?: string
  nullable?: boolean
  maxLength?: number
  pattern?: string
  properties?: Record<string, Fragment>
  required?: string[]
  items?: Fragment
  additionalProperties?: Fragment
}
type Resolve = (fragment: Fragment) => Documented

const NULL: Rule = { 'pact:matcher:type': 'null' }
const TYPE: Rule = { 'pact:matcher:type': 'type' }
const INTEGER: Rule = { 'pact:matcher:type': 'integer' }
const NUMBER: Rule = { 'pact:matcher:type': 'number' }
const regex = (pattern: string): Rule => ({ 'pact:matcher:type': 'regex', regex: `^(?:${pattern})$` })

/**
 * @param given some of the example; the rest is made up
 * @throws TypeError for an example that is not as documented, by the path of what is wrong
 */
export function toTemplate(schema: Schema, given: unknown): Template {
  const components = toComponents([schema])
  const resolve = (fragment: Fragment): Documented => {
    const [inner] = (fragment['allOf'] as Fragment[] | undefined) ?? []
    if (inner) return { ...resolve(inner), ...fragment }
    const ref = fragment['$ref'] as string | undefined
    return ref === undefined ? fragment : components[ref.slice('#/components/schemas/'.length)]!
  }
  const example = fill(toOpenApi(schema), given, '', resolve)
  const { error } = schema.safeParse(example)
  if (error)
    throw failure(
      `the example is not as documented: ${error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
    )
  return toMatcher(toOpenApi(schema), example, '', resolve) as Template
}

/** The example with all that it must have, in documented order. */
function fill(fragment: Fragment, given: unknown, path: string, resolve: Resolve): unknown {
  const { type, enum: values, format, properties, required = [], items, additionalProperties } = resolve(fragment)
  if (given === null) return null
  if (properties) {
    const named = (given ?? {}) as Record<string, unknown>
    const others = Object.keys(named).filter((key) => !(key in properties))
    if (others.length && !additionalProperties)
      throw failure(`"${join(path, others[0]!)}" is not documented; known are ${Object.keys(properties).join(', ')}`)
    const wanted = Object.keys(properties).filter((key) => required.includes(key) || named[key] !== undefined)
    return Object.fromEntries([
      ...wanted.map((key) => [key, fill(properties[key]!, named[key], join(path, key), resolve)]),
      ...others.map((key) => [key, named[key]]),
    ])
  }
  if (items) return [fill(items, (given as unknown[] | undefined)?.[0], `${path}[]`, resolve)]
  return given ?? values?.[0] ?? MADE_UP[format!] ?? MADE_UP[type!]
}

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
      Object.entries(example as object).map(([key, value]) => [
        key,
        toMatcher(properties[key] ?? {}, value, join(path, key), resolve),
      ]),
    )
  if (items) return match([{ ...TYPE, min: 0 }], [toMatcher(items, (example as unknown[])[0], `${path}[]`, resolve)])
  const rules = toRules(documented)
  if (!nullable) return match(rules, example)
  if (rules.length > 1)
    throw failure(`Pact cannot say that "${path}" is null or else several things at once; leave it out`)
  if (example === null && rules[0] === TYPE)
    throw failure(
      `Pact takes the type of "${path}" from its example, and null has none; give a value, null matches too`,
    )
  return match([NULL, ...rules], example)
}

const match = (rules: readonly Rule[], value: unknown) =>
  rules.length === 1 ? { ...rules[0], value } : { 'pact:matcher:type': rules, value }

/** What a value that holds no others must all be. A regex alone would take a number for its digits, where they fit. */
function toRules({ type, enum: values, format, maxLength, pattern }: Documented): Rule[] {
  if (type === 'integer') return [INTEGER]
  if (type === 'number') return [NUMBER]
  if (values) return [regex(values.map(escape).join('|'))]
  if (format && format !== 'email') return [regex(FORMATS[format]!)]
  return [
    TYPE,
    ...(format ? [regex(FORMATS[format]!)] : []),
    ...(maxLength === undefined ? [] : [regex(`[\\s\\S]{0,${maxLength}}`)]),
    ...(pattern === undefined ? [] : [regex(pattern)]),
  ]
}

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
  const { type, enum: values, format, nullable, maxLength, pattern, properties, items } = resolve(fragment)
  const shown = example ?? fill(fragment, undefined, '', resolve)
  if (nullable) return `(?:null|${toPattern({ ...resolve(fragment), nullable: false }, shown, resolve)})`
  if (items) return `\\[(?:${toPattern(items, (shown as unknown[])[0], resolve)},?)*+\\]`
  if (type === 'object') {
    const has = Object.entries(properties ? (shown as object) : {}).map(
      ([key, value]) =>
        `(?=(?:\\g<m>,)*${escape(JSON.stringify(key))}:${toPattern(properties?.[key] ?? {}, value, resolve)}[,}])`,
    )
    return `\\{${has.join('')}(?:\\g<m>,?)*+\\}`
  }
  if (type === 'integer') return '-?[0-9]+'
  if (type === 'number') return '-?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?'
  if (type === 'boolean') return '(?:true|false)'
  if (values) return `(?:${values.map((value) => escape(JSON.stringify(value))).join('|')})`
  if (format) return `"${FORMATS[format]}"`
  // The documented patterns let through nothing that JSON would escape.
  if (pattern)
    return `"${maxLength === undefined ? '' : `(?=[^"]{0,${maxLength}}")`}${pattern.replace(/^\^|\$$/g, '')}"`
  if (type === 'string')
    return maxLength === undefined ? '\\g<t>' : `"(?:[^"\\\\]|\\\\u[0-9a-f]{4}|\\\\.){0,${maxLength}}"`
  return '\\g<v>'
}

export const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const join = (path: string, key: string) => (path ? `${path}.${key}` : key)
export const failure = (why: string) => new TypeError(`Failed to derive a matcher: ${why}.`)
