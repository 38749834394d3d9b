/** authentik-mock/pact: Pact matchers that ask for what authentik documents, no more and no less. */
import { GenericError, ValidationError } from '../core/operation.ts'
import { toComponents, toOpenApi, type Fragment, type Schema } from '../core/schema.ts'
import { ExpiringBaseGrantModel } from '../resources/authorization-codes.ts'
import type { RowOf } from '../resources/model.ts'

/** Some of an answer: as much as its reader relies on. */
export type Example<T> = T extends readonly (infer Item)[] ? readonly Example<Item>[] : T extends object ? { [Key in keyof T]?: Example<T[Key]> } : T

/** A body for pact-js: an example, and beside each of its values the rules for it. */
export type Template = Record<string, unknown>

/**
 * Matchers for what authentik answers. Required keys are always asked for, an optional one when the example names it;
 * what the example leaves open is made up. The values only ever serve as examples: any documented value matches. In a
 * list the first item stands for all, and there may be none.
 * A pact that pact-js wrote with them needs `completePact`.
 * @example response.jsonBody(like.authorizationCode({ expires: null, user: { type: 'internal' } }))
 */
export const like = {
  authorizationCode: (example: Example<RowOf<typeof ExpiringBaseGrantModel>> = {}) => toTemplate(ExpiringBaseGrantModel, example),
  /** 400: the messages by field, which authentik does not document, so that the example names them: `{ user: ['No.'] }`. */
  validationError: (example: Record<string, unknown> = {}) => toTemplate(ValidationError, example),
  /** 403, and 404, which authentik does not document. */
  genericError: (example: Example<RowOf<typeof GenericError>> = {}) => toTemplate(GenericError, example),
}

/**
 * Says in a pact what pact-js has no words for: that a value may be null *or* of its type. Where the type is a list the
 * example becomes null, because a verifier that sees a list in the example takes nothing else.
 * @param pact the parsed file
 * @returns the pact, completed
 */
export function completePact<Pact extends object>(pact: Pact): Pact {
  const complete = structuredClone(pact) as Pact & PactFile
  for (const { response } of complete.interactions ?? []) {
    for (const [path, rule] of Object.entries(response?.matchingRules?.body ?? {})) {
      if (rule.matchers.length < 2 || !rule.matchers.some(({ match }) => match === 'null')) continue
      rule.combine = 'OR'
      nullAt(response?.body?.content, path.match(/[^.[\]]+/g)!.slice(1))
    }
  }
  return complete
}

// ---- from a schema to a template

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
  properties?: Record<string, Fragment>
  required?: string[]
  items?: Fragment
  additionalProperties?: Fragment
}
type Resolve = (fragment: Fragment) => Documented

const NULL: Rule = { 'pact:matcher:type': 'null' }
const TYPE: Rule = { 'pact:matcher:type': 'type' }
const INTEGER: Rule = { 'pact:matcher:type': 'integer' }
const regex = (pattern: string): Rule => ({ 'pact:matcher:type': 'regex', regex: `^(?:${pattern})$` })

function toTemplate(schema: Schema, given: unknown): Template {
  const components = toComponents([schema])
  const resolve = (fragment: Fragment): Documented => {
    const [inner] = (fragment['allOf'] as Fragment[] | undefined) ?? []
    if (inner) return { ...resolve(inner), ...fragment }
    const ref = fragment['$ref'] as string | undefined
    return ref === undefined ? fragment : components[ref.slice('#/components/schemas/'.length)]!
  }
  const example = fill(toOpenApi(schema), given, '', resolve)
  const { error } = schema.safeParse(example)
  if (error) throw failure(`the example is not as documented: ${error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`)
  return toMatcher(toOpenApi(schema), example, '', resolve) as Template
}

/** The example with all that it must have, in documented order. */
function fill(fragment: Fragment, given: unknown, path: string, resolve: Resolve): unknown {
  const { type, enum: values, format, properties, required = [], items, additionalProperties } = resolve(fragment)
  if (given === null) return null
  if (properties) {
    const named = (given ?? {}) as Record<string, unknown>
    const others = Object.keys(named).filter((key) => !(key in properties))
    if (others.length && !additionalProperties) throw failure(`"${join(path, others[0]!)}" is not documented; known are ${Object.keys(properties).join(', ')}`)
    const wanted = Object.keys(properties).filter((key) => required.includes(key) || named[key] !== undefined)
    return Object.fromEntries([...wanted.map((key) => [key, fill(properties[key]!, named[key], join(path, key), resolve)]), ...others.map((key) => [key, named[key]])])
  }
  if (items) return [fill(items, (given as unknown[] | undefined)?.[0], `${path}[]`, resolve)]
  return given ?? values?.[0] ?? MADE_UP[format!] ?? MADE_UP[type!]
}

const MADE_UP: Record<string, unknown> = {
  integer: 1,
  boolean: false,
  string: 'text',
  object: {},
  uuid: '7e9b1f2c-5a34-4c8d-9e60-2f1d3b4a5c6e',
  'date-time': '2024-09-27T14:26:18.306000Z',
  email: 'someone@example.com',
}

function toMatcher(fragment: Fragment, example: unknown, path: string, resolve: Resolve): unknown {
  const documented = resolve(fragment)
  const { properties, items, nullable } = documented
  if (nullable && (properties || items)) return match([NULL, regex(JSON_TEXT + toPattern({ ...documented, nullable: false }, example, resolve))], example)
  if (properties) return Object.fromEntries(Object.entries(example as object).map(([key, value]) => [key, toMatcher(properties[key] ?? {}, value, join(path, key), resolve)]))
  if (items) return match([{ ...TYPE, min: 0 }], [toMatcher(items, (example as unknown[])[0], `${path}[]`, resolve)])
  const rules = toRules(documented)
  if (!nullable) return match(rules, example)
  if (rules.length > 1) throw failure(`Pact cannot say that "${path}" is null or else several things at once; leave it out`)
  if (example === null && rules[0] === TYPE) throw failure(`Pact takes the type of "${path}" from its example, and null has none; give a value, null matches too`)
  return match([NULL, ...rules], example)
}

const match = (rules: readonly Rule[], value: unknown) => (rules.length === 1 ? { ...rules[0], value } : { 'pact:matcher:type': rules, value })

/** What a value that holds no others must all be. A regex alone would take a number for its digits, where they fit. */
function toRules({ type, enum: values, format, maxLength }: Documented): Rule[] {
  if (type === 'integer') return [INTEGER]
  if (values) return [regex(values.map(escape).join('|'))]
  if (format && format !== 'email') return [regex(FORMATS[format]!)]
  return [TYPE, ...(format ? [regex(FORMATS[format]!)] : []), ...(maxLength === undefined ? [] : [regex(`[\\s\\S]{0,${maxLength}}`)])]
}

const FORMATS: Record<string, string> = {
  uuid: '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}',
  /** RFC 3339 with days that the month has; of which authentik writes the form `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`. */
  'date-time':
    '[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))' +
    'T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]+)?(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])',
  email: '[^@\\s"]+@[^@\\s"]+',
}

// ---- a value as the text of its JSON
// Of a list that may be null Pact sees only that text: the rules for its items have to be one regex (Oniguruma's, which can recurse).

/** Names what it then calls: `t` a text, `m` a member of an object, `v` any value. It reads nothing but JSON, so that commas need no care. */
const JSON_TEXT = '(?<t>"(?:[^"\\\\]|\\\\.)*+"){0}(?<m>\\g<t>:\\g<v>){0}(?<v>\\g<t>|[^\\[\\]{}",]++|\\[(?:\\g<v>,?)*+\\]|\\{(?:\\g<m>,?)*+\\}){0}'

function toPattern(fragment: Fragment, example: unknown, resolve: Resolve): string {
  const { type, enum: values, format, nullable, maxLength, properties, items } = resolve(fragment)
  const shown = example ?? fill(fragment, undefined, '', resolve)
  if (nullable) return `(?:null|${toPattern({ ...resolve(fragment), nullable: false }, shown, resolve)})`
  if (items) return `\\[(?:${toPattern(items, (shown as unknown[])[0], resolve)},?)*+\\]`
  if (type === 'object') {
    const has = Object.entries(properties ? (shown as object) : {}).map(
      ([key, value]) => `(?=(?:\\g<m>,)*${escape(JSON.stringify(key))}:${toPattern(properties?.[key] ?? {}, value, resolve)}[,}])`,
    )
    return `\\{${has.join('')}(?:\\g<m>,?)*+\\}`
  }
  if (type === 'integer') return '-?[0-9]+'
  if (type === 'boolean') return '(?:true|false)'
  if (values) return `(?:${values.map((value) => escape(JSON.stringify(value))).join('|')})`
  if (format) return `"${FORMATS[format]}"`
  if (type === 'string') return maxLength === undefined ? '\\g<t>' : `"(?:[^"\\\\]|\\\\u[0-9a-f]{4}|\\\\.){0,${maxLength}}"`
  return '\\g<v>'
}

// ---- a pact file, as far as it concerns us

interface PactFile {
  interactions?: { response?: { body?: { content?: unknown }; matchingRules?: { body?: Record<string, { combine: string; matchers: { match: string }[] }> } } }[]
}

/** Puts null for the list or object at a path of names, indices and `*`. */
function nullAt(content: unknown, [key, ...rest]: string[]): void {
  const holder = content as Record<string, unknown>
  for (const each of key === '*' ? Object.keys(holder) : [key!]) {
    if (rest.length) nullAt(holder[each], rest)
    else if (typeof holder[each] === 'object') holder[each] = null
  }
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
const join = (path: string, key: string) => (path ? `${path}.${key}` : key)
const failure = (why: string) => new TypeError(`Failed to derive a matcher: ${why}.`)
