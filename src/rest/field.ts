/** The fields of a resource, each said once: what a row keeps, what is documented, and what a query can do with it. */
import * as z from 'zod/mini'
import {
  described,
  isSchema,
  nonBlank,
  optional,
  readOnly,
  toOpenApi,
  zodSchema,
  type Flat,
  type Getter,
  type Output,
  type Schema,
} from '../schema/words.ts'
import { once } from '../schema/lazily.ts'
import type { Generate, RowSource } from '../store/resource.ts'
import type { SortKey } from '../store/sorted-index.ts'
import type { FilterKind } from './filters.ts'
import type { Context } from './operation.ts'

/** One field. @typeParam Stored what a row holds there; never for what is not stored. @typeParam Answer what answers hold @typeParam Target the resource whose keys it holds */
export interface Field<Stored = unknown, Answer = unknown, Target extends string = string> {
  /** What it is, before anything is said of it. */
  readonly schema: Schema
  /** What a world file may say of it; a field that is not stored is taken there, and dropped. */
  readonly model: Schema
  /** What a row keeps there, where that is another schema than what is documented. */
  readonly stored?: Schema | undefined
  /** Its key in the component; undefined for what no answer has. */
  readonly documented?: Schema | undefined
  /** Its key in what a row is made from; undefined for what no body can say. */
  readonly request?: Schema | undefined
  /** The release line that first documents it, where that is not the base. */
  readonly addedIn?: string | undefined
  /** How its value is read from a row, where that is more than the row's field. */
  readonly getter?: Getter | undefined
  /** The resource whose keys it holds, by name. */
  readonly references?: Target | undefined
  /** Whether a row goes with what it points at, although it may be null. */
  readonly cascades?: boolean
  readonly unique?: UniqueOptions | undefined
  /** Filters by it, by the name of the query parameter; '' stands for the field's own name. */
  readonly filters: Readonly<Record<string, FilterKind>>
  readonly search: boolean
  readonly order: boolean
  /** What it is when nobody says; undefined where each row has to say. */
  readonly default?: unknown
  /** The same, made up anew. */
  readonly generate?: Generate | undefined
  /** Whether it holds the keys of rows right above a row of the same resource. */
  readonly ascends?: boolean
  readonly check?: Check | undefined
  readonly refuse?: Refusal | undefined
  /** Whether there is something with this key, where that is no row of a resource. */
  readonly exists?: ((key: string | number, source: RowSource) => boolean) | undefined
  /** Types alone: what is stored, and what is response in any release. */
  readonly types?: { stored: Stored; response: Answer }
}

/** The fields of a resource, in documented order. */
export type Fields = Record<string, Field>

/** What is said of a value that another row has: `MODEL with this LABEL already exists.` */
export interface UniqueOptions {
  /** What the rows are called there. @default the resource's verbose name */
  model?: string
  /** What the field is called there. @default its name */
  label?: string
  /** Whether a release says no more than `This field must be unique.` */
  isPlain?(context: Context): boolean
}

/** What is wrong with a value of the right form; undefined for nothing. */
export type Check = (value: string | number) => string | undefined

/** Why a release does not take a value from a body, although a world may have it; undefined where it does. */
export type Refusal = (value: string | number, context: Context) => string | undefined

/** What can be said of a field beside its schema. */
export interface FieldOptions<Stored extends Schema, Answer extends Schema, Target extends string = string> {
  /** What it is when nobody says; the documentation then leaves it out of `required`. */
  default?: Output<Stored>
  /** Whether it is documented as required although it has a default. */
  required?: boolean
  /** Whether the documentation leaves it out of `required` although it has no default. */
  isOptional?: boolean
  /** Whether a body may leave it blank. @default where it is blank by default */
  mayBeBlank?: boolean
  /** Whether only the server sends it. */
  readOnly?: boolean
  /** What it means, in our words. */
  description?: string
  /** What a row keeps, where that is another schema than what is documented. */
  stored?: Stored
  /** What is documented, where that is another schema than that of the key: a whole row. No body can then say it. */
  response?: Answer
  getter?: Getter
  references?: Target
  cascades?: boolean
  unique?: true | UniqueOptions
  /** A filter under the field's own name. */
  filter?: FilterKind
  /** Filters by it under other names. */
  filters?: Readonly<Record<string, FilterKind>>
  /** Whether `?search=` looks in it. */
  search?: boolean
  /** Whether `?ordering=` can name it. */
  order?: boolean
  addedIn?: string
  generate?: Generate<Output<Stored>>
  /** Whether it holds the keys of rows right above a row of the same resource. */
  ascends?: boolean
  check?: Check
  refuse?: Refusal
  exists?: (key: string | number, source: RowSource) => boolean
  /** What it is in any release, where that is more; for types alone. */
  ever?: Answer
}

/**
 * A field that a row keeps and an answer shows.
 * @example meta_publisher: field(text(), { default: '', filter: exactly, search: true, order: true })
 */
export function field<
  S extends Schema,
  Stored extends Schema = S,
  Answer extends Schema = S,
  const Target extends string = never,
>(schema: S, options: FieldOptions<Stored, Answer, Target> = {}): Field<Output<Stored>, Output<Answer>, Target> {
  const { stored = schema, response = schema, getter, description, required } = options
  const hasDefault = 'default' in options || options.generate !== undefined
  const isOptional = options.isOptional ?? (hasDefault && !required)
  const word = (inner: Schema) => (description === undefined ? inner : described(inner, description))
  const toDocumented = (inner: Schema) =>
    options.readOnly ? readOnly(word(inner)) : word(isOptional ? optional(inner) : inner)
  const isWritable = !options.readOnly && response === schema
  const isBlank = options.mayBeBlank ?? options.default === ''
  const isFilled = isWritable && options.default !== '' && !isBlank && isSchema(stored)
  const model = once(() => withFallback(isFilled ? nonBlank(stored) : stored, options))
  const documented = once(() => toDocumented(response))
  const request = once(() => (isWritable ? toDocumented(isBlank ? schema : nonBlank(schema)) : undefined))
  return {
    ...common(options),
    schema,
    stored: options.stored,
    getter,
    get model() {
      return model()
    },
    get documented() {
      return documented()
    },
    get request() {
      return request()
    },
  }
}

/**
 * What follows from a row and those around it: an answer shows it, and no row keeps it.
 * @param getter reads it from a row
 * @example is_superuser: computed(boolean(), (row, { world }) => isSuperuser(row, world))
 */
export function computed<S extends Schema, Answer extends Schema = S>(
  schema: S,
  getter: Getter,
  options: Pick<FieldOptions<S, Answer>, 'description' | 'addedIn' | 'ever' | 'order' | 'exists'> & {
    isReadOnly?: boolean
    isOptional?: boolean
    /** Whether a body may say it all the same, and what follows from that is written elsewhere. */
    isWritable?: boolean
  } = {},
): Field<never, Output<Answer>> {
  const { description, isOptional = false, isReadOnly = !isOptional } = options
  const word = once(() => {
    const inner = isOptional ? optional(schema) : schema
    return description === undefined ? inner : described(inner, description)
  })
  const documented = once(() => (isReadOnly ? readOnly(word()) : word()))
  return {
    ...common(options),
    schema,
    getter,
    get model() {
      return dropped()
    },
    get documented() {
      return documented()
    },
    get request() {
      return options.isWritable ? word() : undefined
    },
  }
}

/** What a world file may say, and no row keeps. */
const dropped = once(() =>
  zodSchema(() =>
    z.optional(
      z.pipe(
        z.unknown(),
        z.transform(() => undefined),
      ),
    ),
  ),
)

/** A field that a row keeps, and no answer shows. */
export const hidden = <S extends Schema, const Target extends string = never>(
  schema: S,
  options: Pick<
    FieldOptions<S, S, Target>,
    'default' | 'references' | 'cascades' | 'unique' | 'generate' | 'description' | 'check'
  > = {},
): Field<Output<S>, never, Target> => ({ ...common(options), schema, model: withFallback(schema, options) })

/** What is said alike of every kind of field. */
type CommonOptions<Target extends string> = Pick<
  FieldOptions<Schema, Schema, Target>,
  | 'references'
  | 'cascades'
  | 'unique'
  | 'filter'
  | 'filters'
  | 'search'
  | 'order'
  | 'addedIn'
  | 'default'
  | 'generate'
  | 'ascends'
  | 'check'
  | 'refuse'
  | 'exists'
>

function common<Target extends string>(
  options: CommonOptions<Target>,
): Omit<Field<never, never, Target>, 'model' | 'schema'> {
  const {
    references,
    cascades = false,
    unique,
    filter,
    filters = {},
    search = false,
    order = false,
    addedIn,
    default: value,
    generate,
    ascends = false,
    check,
    refuse,
    exists,
  } = options
  return {
    references,
    cascades,
    unique: unique === true ? {} : unique,
    filters: { ...(filter && { '': filter }), ...filters },
    search,
    order,
    addedIn,
    default: value,
    generate,
    ascends,
    check,
    refuse,
    exists,
  }
}

function withFallback(schema: Schema, options: { default?: unknown }): Schema {
  if (!('default' in options)) return schema
  const { default: value } = options
  // What cannot be changed needs no copy, and a copy takes longer than the rest of a row's check.
  const isPlain = value === null || typeof value !== 'object'
  const json = isPlain ? '' : JSON.stringify(value)
  return zodSchema(() => z._default(schema.zod, () => (isPlain ? value : JSON.parse(json)) as never))
}

/** What a field is ordered by: an instant without its Z, so that a whole second stands before its fractions. */
export const sortKeyOf = (name: string, { documented }: Field): SortKey<Record<string, never>> => {
  const isInstant = documented && toOpenApi(documented).format === 'date-time'
  return isInstant ? (row) => withoutZone(row[name] ?? null) : (row) => row[name] ?? null
}

const withoutZone = (instant: string | null) => instant && instant.slice(0, -1)

// ---- the types that follow from a list of fields

type StoredKeys<F> = {
  [Key in keyof F]: F[Key] extends Field<infer Stored> ? ([Stored] extends [never] ? never : Key) : never
}[keyof F]
type AnswerKeys<F> = {
  [Key in keyof F]: F[Key] extends Field<infer _, infer Answer> ? ([Answer] extends [never] ? never : Key) : never
}[keyof F]
type StoredAt<F, Key extends keyof F> = F[Key] extends Field<infer Stored> ? Stored : never
type OptionalKeys<F> = { [Key in StoredKeys<F>]: undefined extends StoredAt<F, Key> ? Key : never }[StoredKeys<F>]

/** A row that has these fields. */
export type RowOfFields<F> = Flat<
  { [Key in Exclude<StoredKeys<F>, OptionalKeys<F>>]: StoredAt<F, Key> } & {
    [Key in OptionalKeys<F>]?: Exclude<StoredAt<F, Key>, undefined>
  }
>

/** The resource that each of these fields points at. */
export type FieldReferences<F> = {
  [
    Key in keyof F as F[Key] extends Field<infer _, infer _Answer, infer Target>
      ? [Target] extends [never]
        ? never
        : Key
      : never
  ]: F[Key] extends Field<infer _, infer _Answer, infer Target> ? Target : never
}

/** What answers have of these fields, in any release. */
export type AnswerOfFields<F> = { [Key in AnswerKeys<F>]: F[Key] extends Field<infer _, infer Answer> ? Answer : never }
