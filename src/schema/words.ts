/** The few words in which authentik's documented schemas are written: each is an OpenAPI 3.0 fragment and a zod schema at once. */
import * as z from 'zod/mini'
import { isEmail } from './email.ts'
import { isObject } from './json.ts'
import { once } from './lazily.ts'

// zod/mini speaks no language until it is told one.
z.config(z.locales.en())

/**
 * A schema made by one of the words below. Its zod schema is made when a value is first checked: most schemas are only
 * written by or documented, and a start would take a quarter longer to make them all.
 */
export class Schema<out T = unknown> {
  readonly #make: () => z.ZodMiniType<T>
  #zod: z.ZodMiniType<T> | undefined
  /** What it is made of; undefined for what no document has. */
  readonly meaning: Meaning | undefined

  constructor(make: () => z.ZodMiniType<T>, meaning?: Meaning) {
    this.#make = make
    this.meaning = meaning
  }

  get zod(): z.ZodMiniType<T> {
    return (this.#zod ??= this.#make())
  }

  /** A value that fits. @throws ZodError for what does not */
  parse(value: unknown): T {
    return this.zod.parse(value)
  }

  /** A value that fits, or what is wrong with it. */
  safeParse(value: unknown): Checked<T> {
    return this.zod.safeParse(value)
  }
}

/** What a schema says of a value. */
export type Checked<T> =
  | { success: true; data: T; error?: undefined }
  | { success: false; data?: undefined; error: { issues: readonly { path: PropertyKey[]; message: string }[] } }

/** A zod schema, by which a table checks its rows. */
export type Model<T = unknown> = z.ZodMiniType<T>

/** The values that fit a schema. */
export type Output<S> = S extends Schema<infer T> ? T : never

/** A JSON value that describes a schema in OpenAPI 3.0.3; the keywords that are read have types. */
export interface Fragment {
  type?: string
  format?: string
  nullable?: boolean
  enum?: readonly string[]
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  pattern?: string
  items?: Fragment
  properties?: Record<string, Fragment>
  required?: readonly string[]
  additionalProperties?: Fragment
  allOf?: readonly Fragment[]
  $ref?: string
  [keyword: string]: unknown
}

/**
 * Reads a key of a component from a row, where that is more than the row's own field. The row and the context are those
 * of whoever serializes: the schemas know neither.
 */
// oxlint-disable-next-line typescript/no-explicit-any
export type Getter = (row: any, context: any) => any

/**
 * Names which of a few texts a row has in a context, where its text follows from rows and that name alone; whoever
 * serializes may then keep it until a row changes. A component whose text follows from time or chance has none.
 */
// oxlint-disable-next-line typescript/no-explicit-any
export type Variant = (context: any) => string

/** What a schema is made of. */
export interface Meaning {
  /** How the schema stands where it is used: inline, or as a `$ref` to its component. */
  fragment: Fragment
  /** The schemas it is made of, in documented order. */
  parts: readonly Schema[]
  /** Whether it is a list of its part. */
  isList: boolean
  /** Whether a key of this schema may be absent. */
  isOptional: boolean
  /** The same word for other parts. */
  make(parts: readonly Schema[]): Schema
  /** Set for what OpenAPI lists under `components.schemas`. */
  component?: Component
}

/** A named schema, as OpenAPI lists it under `components.schemas`. */
export interface Component extends ComponentOptions {
  name: string
  definition: Fragment
  /** The keys of an object that has keys of its own; undefined for a set of values. */
  shape?: Shape
}

/** The keys of an object, in documented order. */
export type Shape = Record<string, Schema>

type OptionalKeys<S extends Shape> = { [Key in keyof S]: undefined extends Output<S[Key]> ? Key : never }[keyof S]
/** The same type written out, as an editor shows it. */
export type Flat<T> = { [Key in keyof T]: T[Key] }

/** The objects that fit a shape. */
type OutputOfShape<S extends Shape> = Flat<
  { [Key in Exclude<keyof S, OptionalKeys<S>>]: Output<S[Key]> } & {
    [Key in OptionalKeys<S>]?: Output<S[Key]>
  }
>

/** What a component has beside its keys. */
export interface ComponentOptions {
  /** Set when the documentation allows any other key. */
  additionalProperties?: Fragment
  /** How its keys are read from a row; a key without a getter is the row's own field. */
  getters?: Readonly<Record<string, Getter>>
  variant?: Variant | undefined
}

function word<T>(makeZod: () => z.ZodMiniType<T>, meaning: Pick<Meaning, 'fragment'> & Partial<Meaning>): Schema<T> {
  const schema: Schema<T> = new Schema(makeZod, {
    parts: [],
    isList: false,
    isOptional: false,
    make: () => schema,
    ...meaning,
  })
  return schema
}

/** A word around one schema, such as `nullable`: it is optional when what it is made of is. */
function wrapper<T>(
  makeZod: () => z.ZodMiniType<T>,
  inner: Schema,
  fragment: Fragment,
  wrap: (part: Schema) => Schema,
): Schema<T> {
  const { isOptional } = meaningOf(inner)
  return word(makeZod, { fragment, parts: [inner], isOptional, make: ([part = inner]) => wrap(part) })
}

/** A word around one schema that accepts the same, and says more. */
const remark = <S extends Schema>(schema: S, keywords: Fragment, wrap: (part: Schema) => Schema): S =>
  wrapper(() => schema.zod, schema, withKeywords(schema, keywords), wrap) as S

/** A schema of what rows keep alone, which no word says and no document has. */
export const zodSchema = <T>(makeZod: () => z.ZodMiniType<T>): Schema<T> => new Schema(makeZod)

/** Whether a value is a schema made of the words below. */
export const isSchema = (value: unknown): value is Schema => value instanceof Schema && value.meaning !== undefined

/** What a schema is made of. @throws TypeError for a schema that none of the words made */
export function meaningOf({ meaning }: Schema): Meaning {
  if (!meaning)
    throw new TypeError(
      'Failed to derive OpenAPI: the schema is not made of the words in schema/words.ts. Write it with them.',
    )
  return meaning
}

/** What many words share: to make a schema of zod takes as long as to check some rows by it. */
const zods = {
  integer: once(() => z.int()),
  number: once(() => z.number()),
  boolean: once(() => z.boolean()),
  text: once(() => z.string()),
  guid: once(() => z.guid()),
  instant: once(() => z.iso.datetime()),
  unknown: once(() => z.unknown()),
  object: once(() => z.custom<Record<string, unknown>>(isObject, { error: expectedObject })),
}

/** A record of zod leaves out the key `__proto__`, which JSON may have. */
const expectedObject = ({ input }: { input?: unknown }) =>
  `Invalid input: expected record, received ${Array.isArray(input) ? 'array' : input === null ? 'null' : typeof input}`

/** Any object of JSON, with every key that it has. */
export const objectZod: () => z.ZodMiniType<Record<string, unknown>> = zods.object

/** A whole number. */
export const integer = (limits: { minimum?: number; maximum?: number } = {}) =>
  word(zods.integer, { fragment: { type: 'integer', ...limits } })

/** A number; authentik documents some whole ones as just that. */
export const number = (limits: { format?: 'double' } = {}) =>
  word(zods.number, { fragment: { type: 'number', ...limits } })

/** What a text may be: so many characters, of this form. */
export interface TextLimits {
  minLength?: number
  maxLength?: number
  pattern?: string
}

/** A text within limits. */
export const text = (limits: TextLimits = {}) => {
  const { minLength, maxLength, pattern } = limits
  const makeZod = () => {
    const checks: (z.core.CheckFn<string> | z.core.$ZodCheck<string>)[] = [
      ...(minLength === undefined ? [] : [z.minLength(minLength)]),
      ...(maxLength === undefined ? [] : [atMost(maxLength)]),
      ...(pattern === undefined ? [] : [z.regex(new RegExp(pattern, 'u'))]),
    ]
    return checks.length ? z.string().check(...checks) : zods.text()
  }
  return word(makeZod, { fragment: { type: 'string', ...limits } })
}

/** Characters are counted as Python counts them: one that JavaScript writes in two is one. */
const atMost = (maxLength: number) =>
  holding(
    (value) => value.length <= maxLength || lengthOf(value) <= maxLength,
    `Too big: expected string to have <=${maxLength} characters`,
  )

/** A check of a text. @param message says what is wrong where the test fails */
const holding =
  (test: (value: string) => boolean, message: string): z.core.CheckFn<string> =>
  ({ value, issues }) => {
    if (!test(value)) issues.push({ code: 'custom', input: value, message })
  }

/** The number of characters of a text, as Python counts them. */
export const lengthOf = (value: string): number => Array.from(value).length

/** The address of a page, or nothing at all, which authentik's documents do not tell apart. */
export const uri = () => word(() => z.union([z.url(), z.literal('')]), { fragment: { type: 'string', format: 'uri' } })

/** True or false. */
export const boolean = () => word(zods.boolean, { fragment: { type: 'boolean' } })

/** A UUID of any version, lower-case and hyphenated when authentik writes it. */
export const uuid = () => word(zods.guid, { fragment: { type: 'string', format: 'uuid' } })

/** An instant as authentik writes it: `YYYY-MM-DDTHH:MM:SS[.ffffff]Z` (docs/authentik.md#time-and-expiry). */
export const dateTime = () => word(zods.instant, { fragment: { type: 'string', format: 'date-time' } })

/** An e-mail address of at most `maxLength` characters. */
export const email = (limits: { maxLength: number }) =>
  word(() => z.string().check(atMost(limits.maxLength), holding(isEmail, 'Invalid email address')), {
    fragment: { type: 'string', format: 'email', ...limits },
  })

/** Any JSON value. */
export const anyValue = () => word(zods.unknown, { fragment: {} })

/** An object of any keys, such as a user's attributes. */
export const anyObject = () => word(zods.object, { fragment: { type: 'object', additionalProperties: {} } })

/** An object with keys of its own, written where it is used. */
export function objectOf<S extends Shape>(shape: S): Schema<OutputOfShape<S>> {
  const entries = Object.entries(shape)
  const required = entries.flatMap(([key, schema]) => (isOptional(schema) ? [] : [key])).sort()
  const properties = Object.fromEntries(entries.map(([key, schema]) => [key, toOpenApi(schema)]))
  const fragment = { type: 'object', properties, ...(required.length ? { required } : {}) }
  return word(() => z.looseObject(toZods(shape)) as never, { fragment })
}

/** A list of items that are all alike. */
export const list = <S extends Schema>(item: S): Schema<Output<S>[]> =>
  word(() => z.array(item.zod) as never, {
    fragment: { type: 'array', items: meaningOf(item).fragment },
    parts: [item],
    isList: true,
    make: ([part = item]): Schema => list(part),
  })

/** The schema's type, or null. */
export const nullable = <S extends Schema>(schema: S): Schema<Output<S> | null> =>
  wrapper(
    () => z.nullable(schema.zod) as never,
    schema,
    withKeywords(schema, { nullable: true }),
    (part): Schema => nullable(part),
  )

/** May be absent; authentik's documentation leaves it out of `required`. */
export const optional = <S extends Schema>(schema: S): Schema<Output<S> | undefined> =>
  word(() => z.optional(schema.zod) as never, {
    fragment: meaningOf(schema).fragment,
    parts: [schema],
    isOptional: true,
    make: ([part = schema]): Schema => optional(part),
  })

/** Only ever sent by the server. */
export const readOnly = <S extends Schema>(schema: S): S =>
  remark(schema, { readOnly: true }, (part): Schema => readOnly(part))

/** Says what holds when a query does not say. */
export const withDefault = <S extends Schema>(schema: S, value: boolean | number | string): S =>
  remark(schema, { default: value }, (part): Schema => withDefault(part, value))

/** Is not to be used any more. */
export const deprecated = <S extends Schema>(schema: S): S =>
  remark(schema, { deprecated: true }, (part): Schema => deprecated(part))

/** Says in our words what a value means; constrains nothing. */
export const described = <S extends Schema>(schema: S, description: string): S =>
  remark(schema, { description }, (part): Schema => described(part, description))

/** One of a few texts, written where it is used. */
export const oneOf = (values: readonly string[]): Schema<string> =>
  word(() => z.enum(values as [string, ...string[]]), { fragment: { type: 'string', enum: [...values].sort() } })

/** A named set of values, which OpenAPI lists as a component of its own. */
export function choice<const V extends readonly [string, ...string[]]>(name: string, values: V): Schema<V[number]> {
  return toNamed(() => z.enum(values) as never, { name, definition: { enum: [...values], type: 'string' } })
}

/** A named object, which OpenAPI lists under `components.schemas`. */
export function component<S extends Shape>(
  name: string,
  shape: S,
  options: ComponentOptions = {},
): Schema<OutputOfShape<S>> {
  const { additionalProperties, getters, variant } = options
  const entries = Object.entries(shape)
  const required = entries.flatMap(([key, schema]) => (isOptional(schema) ? [] : [key])).sort()
  const properties = Object.fromEntries(entries.map(([key, schema]) => [key, toOpenApi(schema)]))
  const definition = {
    type: 'object',
    ...(entries.length ? { properties } : {}),
    ...(required.length ? { required } : {}),
    ...(additionalProperties ? { additionalProperties } : {}),
  }
  const makeZod = () => (additionalProperties ? z.looseObject(toZods(shape)) : z.object(toZods(shape)))
  return toNamed(
    makeZod as () => never,
    {
      name,
      definition,
      shape,
      ...(additionalProperties && { additionalProperties }),
      ...(getters && { getters }),
      ...(variant && { variant }),
    },
    { parts: Object.values(shape) },
  )
}

/** What a PATCH asks for: the same object, of which all may be left out. */
export function patched(request: Schema): Schema {
  const { name = '', shape = {} } = meaningOf(request).component ?? {}
  const optionals = Object.fromEntries(
    Object.entries(shape).map(([key, schema]) => [key, isOptional(schema) ? schema : optional(schema)]),
  )
  const { definition } = componentOf(component(`Patched${name}`, optionals))
  return toNamed(
    () => z.object(toZods(optionals)),
    { name: `Patched${name}`, definition },
    { parts: [request], make: ([part = request]): Schema => patched(part) },
  )
}

/** The component that a schema is. @throws TypeError for a schema that is none */
export function componentOf(schema: Schema): Component {
  const { component: definition } = meaningOf(schema)
  if (!definition) throw new TypeError('Failed to read a component: the schema has no name.')
  return definition
}

/** Whether a key of this schema may be absent. */
export const isOptional = (schema: Schema) => meaningOf(schema).isOptional

/** The `$ref` or inline fragment that stands for a schema where it is used. */
export const toOpenApi = (schema: Schema): Fragment => meaningOf(schema).fragment

/** Every component that the schemas reach, by name, names in alphabetical order. */
export function toComponents(schemas: readonly Schema[]): Record<string, Fragment> {
  const definitions = [...reachableComponents(schemas)].map(
    ([name, schema]) => [name, componentOf(schema).definition] as const,
  )
  return Object.fromEntries(definitions.sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The schemas of the components that the schemas reach, by name. */
export function reachableComponents(schemas: readonly Schema[]): Map<string, Schema> {
  const components = new Map<string, Schema>()
  const visit = (schema: Schema): void => {
    const { component: definition, parts } = meaningOf(schema)
    if (definition && components.has(definition.name)) return
    if (definition) components.set(definition.name, schema)
    parts.forEach(visit)
  }
  schemas.forEach(visit)
  return components
}

function toNamed<T>(makeZod: () => z.ZodMiniType<T>, definition: Component, meaning: Partial<Meaning> = {}): Schema<T> {
  return word(makeZod, {
    fragment: { $ref: `#/components/schemas/${definition.name}` },
    component: definition,
    ...meaning,
  })
}

/** The zod schemas of an object's keys. */
const toZods = (shape: Shape): Record<string, z.ZodMiniType> =>
  Object.fromEntries(Object.entries(shape).map(([key, { zod }]) => [key, zod]))

/** OpenAPI 3.0 ignores what stands beside a `$ref`, so authentik's documents wrap it in `allOf`. */
function withKeywords(schema: Schema, keywords: Fragment): Fragment {
  const fragment = toOpenApi(schema)
  return '$ref' in fragment ? { allOf: [fragment], ...keywords } : { ...fragment, ...keywords }
}

/** A text that is not empty; another schema as it is. */
export function nonBlank(schema: Schema): Schema {
  const { type, format, enum: choices, minLength, ...limits } = toOpenApi(schema)
  const { component: definition, isOptional: mayBeAbsent } = meaningOf(schema)
  const isPlainText = type === 'string' && format === undefined && choices === undefined && !definition && !mayBeAbsent
  const { nullable: mayBeNull, ...textLimits } = limits
  if (!isPlainText) return schema
  const filled = text({ ...textLimits, minLength: minLength ?? 1 })
  return mayBeNull ? nullable(filled) : filled
}

/** What OpenAPI calls a component; empty for what has no name. */
export const nameOf = (schema: Schema): string => meaningOf(schema).component?.name ?? ''

/** The texts that a schema allows, where they are few. */
export function choicesOf(schema: Schema): readonly string[] {
  const { fragment, component: definition, parts } = meaningOf(schema)
  const choices = (definition?.definition ?? fragment).enum
  const [inner] = parts
  return choices ?? (inner && !definition ? choicesOf(inner) : [])
}
