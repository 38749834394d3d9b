/** The few words in which authentik's documented schemas are written: each is a zod schema and its OpenAPI 3.0 fragment at once. */
import * as z from 'zod'

/** A zod schema made by one of the words below. */
export type Schema<T = unknown> = z.ZodType<T>

/** A JSON value that describes a schema in OpenAPI 3.0.3. */
export interface Fragment {
  [keyword: string]: unknown
}

interface Meaning {
  /** How the schema stands where it is used: inline, or as a `$ref` to its component. */
  fragment: Fragment
  /** The schemas it is made of, in documented order. */
  parts: readonly Schema[]
  /** Whether it is a list of its part. */
  isList?: boolean
  /** The same word for other parts. */
  make(parts: readonly Schema[]): Schema
  /** Set for what OpenAPI lists under `components.schemas`. */
  component?: Component
}

interface Component {
  name: string
  definition: Fragment
  /** The keys of an object that has keys of its own; undefined for a set of values. */
  shape?: Record<string, Schema>
  extra?: Extra
}

/** `additionalProperties`, when the documentation allows any. */
interface Extra {
  additionalProperties?: Fragment
}

const meanings = new WeakMap<Schema, Meaning>()

function word<S extends Schema>(
  schema: S,
  fragment: Fragment,
  parts: readonly Schema[] = [],
  make: Meaning['make'] = () => schema,
): S {
  meanings.set(schema, { fragment, parts, make })
  return schema
}

/** Whether something is made of the words below. */
export const isSchema = (value: unknown): value is Schema => meanings.has(value as Schema)

/** What a schema is made of. */
export function meaning(schema: Schema): Meaning {
  const found = meanings.get(schema)
  if (!found)
    throw new TypeError(
      'Failed to derive OpenAPI: the schema is not made of the words in core/schema.ts. Write it with them.',
    )
  return found
}

/** A whole number. */
export const integer = () => word(z.int(), { type: 'integer' })

/** A number; authentik documents some whole ones as just that. */
export const number = (limits: { format?: 'double' } = {}) => word(z.number(), { type: 'number', ...limits })

/** What a text may be: so many characters, of this form. */
export interface TextLimits {
  minLength?: number
  maxLength?: number
  pattern?: string
}

export const text = (limits: TextLimits = {}) => {
  const { minLength, maxLength, pattern } = limits
  let schema = z.string()
  if (minLength !== undefined) schema = schema.min(minLength)
  if (maxLength !== undefined) schema = schema.max(maxLength)
  if (pattern !== undefined) schema = schema.regex(new RegExp(pattern, 'u'))
  return word(schema, { type: 'string', ...limits })
}

/** The address of a page, or nothing at all, which authentik's documents do not tell apart. */
export const uri = () => word(z.url().or(z.literal('')), { type: 'string', format: 'uri' })

export const boolean = () => word(z.boolean(), { type: 'boolean' })

/** A UUID of any version, lower-case and hyphenated when authentik writes it. */
export const uuid = () => word(z.guid(), { type: 'string', format: 'uuid' })

/** An instant as authentik writes it: `YYYY-MM-DDTHH:MM:SS[.ffffff]Z` (FACTS 2). */
export const dateTime = () => word(z.iso.datetime(), { type: 'string', format: 'date-time' })

/** An e-mail address of at most `maxLength` characters. */
export const email = (limits: { maxLength: number }) =>
  word(z.email().max(limits.maxLength), { type: 'string', format: 'email', ...limits })

/** An object of any keys, such as a user's attributes. */
export const anyObject = () => word(z.record(z.string(), z.unknown()), { type: 'object', additionalProperties: {} })

export function list<S extends Schema>(of: S) {
  const schema = word(z.array(of), { type: 'array', items: meaning(of).fragment }, [of], ([other]): Schema =>
    list(other!),
  )
  meaning(schema).isList = true
  return schema
}

/** The schema's type, or null. */
export const nullable = <S extends Schema>(schema: S) =>
  word(schema.nullable(), beside(schema, { nullable: true }), [schema], ([other]): Schema => nullable(other!))

/** May be absent; authentik's documentation leaves it out of `required`. */
export const optional = <S extends Schema>(schema: S) =>
  word(schema.optional(), meaning(schema).fragment, [schema], ([other]): Schema => optional(other!))

/** Only ever sent by the server. */
export const readOnly = <S extends Schema>(schema: S): S =>
  word(schema.meta({}) as S, beside(schema, { readOnly: true }), [schema], ([other]): Schema => readOnly(other!))

/** Says what holds when a query does not say. */
export const unlessSaid = <S extends Schema>(schema: S, value: boolean | string): S =>
  word(schema.meta({}) as S, beside(schema, { default: value }), [schema], ([other]): Schema =>
    unlessSaid(other!, value),
  )

/** Says in our words what a value means; constrains nothing. */
export const described = <S extends Schema>(schema: S, description: string): S =>
  word(schema.meta({}) as S, beside(schema, { description }), [schema], ([other]): Schema =>
    described(other!, description),
  )

/** One of a few texts, written where it is used. */
export const oneOf = (values: readonly string[]) =>
  word(z.enum(values as [string, ...string[]]), { type: 'string', enum: [...values].sort() })

/** A named set of values, which OpenAPI lists as a component of its own. */
export function choice<const V extends readonly [string, ...string[]]>(name: string, values: V) {
  return named(z.enum(values), { name, definition: { enum: [...values], type: 'string' } })
}

/** A named object, which OpenAPI lists under `components.schemas`. */
export function component<S extends Record<string, Schema>>(name: string, shape: S, extra: Extra = {}) {
  const required = Object.keys(shape).filter((key) => !isOptional(shape[key]!))
  const properties = Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key, meaning(schema).fragment]))
  const definition = {
    type: 'object',
    ...(required.length || Object.keys(shape).length ? { properties } : {}),
    ...(required.length ? { required: required.sort() } : {}),
    ...extra,
  }
  return named(
    extra.additionalProperties ? z.looseObject(shape) : z.object(shape),
    { name, definition, shape, extra },
    Object.values(shape),
  )
}

/** What a PATCH asks for: the same object, of which all may be left out. */
export function patched(of: Schema): Schema {
  const { name, shape } = meaning(of).component!
  const optionals = Object.fromEntries(
    Object.entries(shape!).map(([key, schema]) => [key, isOptional(schema) ? schema : optional(schema)]),
  )
  const { definition } = meaning(component(`Patched${name}`, optionals)).component!
  return named(z.object(optionals), { name: `Patched${name}`, definition }, [of], ([other]): Schema => patched(other!))
}

/** Whether a key of this schema may be absent. */
export const isOptional = (schema: Schema) => schema.safeParse(undefined).success

/** The `$ref` or inline fragment that stands for a schema where it is used. */
export const toOpenApi = (schema: Schema): Fragment => meaning(schema).fragment

/** Every component that the schemas reach, by name, names in alphabetical order. */
export function toComponents(schemas: readonly Schema[]): Record<string, Fragment> {
  const found = new Map<string, Fragment>()
  const visit = (schema: Schema): void => {
    const { component: own, parts } = meaning(schema)
    if (own && found.has(own.name)) return
    if (own) found.set(own.name, own.definition)
    parts.forEach(visit)
  }
  schemas.forEach(visit)
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function named<S extends Schema>(
  schema: S,
  own: Component,
  parts: readonly Schema[] = [],
  make: Meaning['make'] = () => schema,
): S {
  meanings.set(schema, { fragment: { $ref: `#/components/schemas/${own.name}` }, parts, make, component: own })
  return schema
}

/** OpenAPI 3.0 ignores what stands beside a `$ref`, so authentik's documents wrap it in `allOf`. */
function beside(schema: Schema, keywords: Fragment): Fragment {
  const { fragment } = meaning(schema)
  return '$ref' in fragment ? { allOf: [fragment], ...keywords } : { ...fragment, ...keywords }
}
