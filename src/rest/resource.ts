/** A resource as REST framework knows it: from its list of fields follow rows, components, filters, search and order. */
import * as z from 'zod/mini'
import {
  choicesOf,
  component,
  isSchema,
  patched,
  toOpenApi,
  type Fragment,
  type Getter,
  type Schema,
  type Shape,
  type Variant,
} from '../schema/words.ts'
import { FormError, readerOf, readNumber, type Reader } from '../store/form.ts'
import { once, readOnce } from '../schema/lazily.ts'
import type { DjangoModel, Resource, RowSource, Seed, SeedOptions, Shorthand } from '../store/resource.ts'
import type { SortKey } from '../store/sorted-index.ts'
import { sortKeyOf, type AnswerOfFields, type Field, type Fields, type RowOfFields } from './field.ts'
import type { Filter } from './filters.ts'

/** What a resource is called by those who use it. */
export interface ResourceNames {
  /** The Pact matcher of one, such as `authorizationCode`. */
  singular: string
  /** The Pact matcher of a page of them. */
  plural: string
  /** In the sentence of a provider state: `an authorization code`. */
  noun: string
  /** The provider state that there is one: `authorizationCode` makes `authorizationCodeExists`. */
  state: string
  /** The field by which a path and a provider state name a row. @default its `pk`, called `id` */
  key?: string
}

/** A resource with all that follows from its fields. */
// oxlint-disable-next-line typescript/no-explicit-any
export interface RestResource<
  F extends Fields = any,
  Name extends string = string,
  Names extends ResourceNames | undefined = ResourceNames | undefined,
  NaturalKey extends string = string,
  Word extends string = string,
> extends Resource<RowOfFields<F>, Name> {
  shorthand?: Shorthand<NaturalKey, Word>
  names: Names
  /** In a sentence: `a brand`; that of its names, where it has them. */
  noun: string
  fields: F
  /** What an answer shows of a row. */
  component: Schema<AnswerOfFields<F>>
  /** What a row is made from by POST and PUT. */
  request: Schema
  /** What a row is changed by with PATCH. */
  patch: Schema
  /** Each field as it is documented, those of later releases too. */
  documented: Shape
  getters: Readonly<Record<string, Getter>>
  variant: Variant | undefined
  /** In the order in which what is wrong with them is said. */
  filters: Readonly<Record<string, Filter<RowOfFields<F>>>>
  orderings: Readonly<Record<string, SortKey<RowOfFields<F>>>>
  /** What `?ordering=` can name of other rows. */
  joinedOrderings: Readonly<Record<string, JoinedKey<RowOfFields<F>>>>
  /** The texts that `?search=` looks in. */
  search: Search<RowOfFields<F>> | undefined
}

/** What a row is ordered by that stands in another. */
export type JoinedKey<Row> = (row: Row, source: RowSource) => string

/** The texts of a row that a search looks in. */
export type Search<Row> = (row: Row, source: RowSource, findsBooleans: boolean) => readonly string[]

/** What a resource is made from. */
export interface ResourceDefinition<
  F extends Fields,
  Name extends string,
  Names extends ResourceNames | undefined,
  NaturalKey extends string = string,
  Word extends string = string,
> {
  /** Its name in a world, such as `authorization_codes`. */
  name: Name
  /** What contracts call it; left out for what no operation shows, and for what no contract is about. */
  names?: Names
  /** In a sentence: `a brand`. @default that of its names */
  noun?: string
  /** authentik's name for its component, such as `Application`; that of its requests follows from it. */
  component?: string
  django: DjangoModel<RowOfFields<F>>
  /** The field that identifies a row. @default 'pk' */
  key?: keyof RowOfFields<F> & string
  /** Its fields, or what makes them when a row is first asked for: most requests are about a few resources. */
  fields: F | (() => F)
  /** Filters by what no field holds. */
  filters?: Readonly<Record<string, Filter<RowOfFields<F>>>>
  /** The first of the filters, in the order in which what is wrong with them is said; the others follow as the fields do. */
  filterOrder?: readonly string[]
  /** What `?ordering=` can name beside the fields. */
  orderings?: Readonly<Record<string, SortKey<RowOfFields<F>>>>
  /** What `?ordering=` can name of other rows, such as the name of its user. */
  joinedOrderings?: Readonly<Record<string, JoinedKey<RowOfFields<F>>>>
  /** What `?search=` looks in beside the fields. */
  alsoSearched?(row: RowOfFields<F>, source: RowSource): readonly string[]
  /** What authentik computes and a world file may also state. */
  derive?(row: RowOfFields<F>, source: RowSource): object
  /** The field by whose value a world says what a row may do, such as a username. */
  permitted?: keyof RowOfFields<F> & string
  /** What is wrong with a row of a world file as a whole; undefined for nothing. */
  findFault?(row: RowOfFields<F>): string | undefined
  /** What a world keeps of a row that is deleted or changed, and has no table for; undefined for nothing. */
  leave?(row: RowOfFields<F>, world: RowSource): Readonly<Record<string, unknown>> | undefined
  /** A row of a world file, or of a program, as the world keeps it beside its others. @throws MockError ERR_WORLD */
  normalise?(row: RowOfFields<F>, world: RowSource): Promise<RowOfFields<F>>
  /** What to do about a statement of a world file that differs from what `derive` computes, by field. */
  remedies?: Resource['remedies']
  /** Set when what answers show of a row follows from rows and this alone: not from time, and not from chance. */
  variant?: Variant
  /** Makes row `number`; what it leaves out is as a world file has it by default. */
  seed?: Seed<RowOfFields<F>>
  /** Loads the same, where it is more than every page should have. */
  loadSeed?(): Promise<Seed<RowOfFields<F>>>
  /** How many rows a seeded world has. @default none */
  count?: number | ((options: SeedOptions) => number)
  joins?: readonly string[]
  infer?: Resource['infer']
  /** How a world may write its rows in short. */
  shorthand?: Shorthand<NaturalKey, Word>
}

/** States a resource. */
export function resource<
  const Name extends string,
  F extends Fields,
  const Names extends ResourceNames | undefined = undefined,
  const NaturalKey extends string = never,
  const Word extends string = never,
>(definition: ResourceDefinition<F, Name, Names, NaturalKey, Word>): RestResource<F, Name, Names, NaturalKey, Word> {
  const { name, names, component: title = '', django, key = 'pk', fields, count = 0 } = definition
  const { seed, loadSeed, derive, permitted, findFault, normalise, leave } = definition
  const { remedies, joins, infer, shorthand, variant } = definition
  if (names && key !== 'pk' && names.key === undefined)
    throw new TypeError(`Failed to state ${name}: its key is ${key}. Say in names.key by what a path names a row.`)
  const members = {
    ...(seed && { seed }),
    ...(loadSeed && { loadSeed }),
    ...(derive && { derive }),
    ...(permitted && { permitted }),
    ...(findFault && { findFault }),
    ...(normalise && { normalise }),
    ...(leave && { leave }),
    ...(remedies && { remedies }),
    ...(joins && { joins }),
    ...(infer && { infer }),
    ...(shorthand && { shorthand }),
    name,
    names: names as Names,
    noun: names?.noun ?? definition.noun ?? '',
    django,
    key: key as keyof RowOfFields<F> & string,
    count: typeof count === 'function' ? count : () => count,
    variant,
    joinedOrderings: definition.joinedOrderings ?? {},
  }
  const readFields = typeof fields === 'function' ? once(fields) : () => fields
  return readOnce(
    Object.defineProperties(
      {},
      {
        ...Object.getOwnPropertyDescriptors(members),
        ...Object.getOwnPropertyDescriptors(fromFields(readFields, definition, key, title)),
      },
    ) as RestResource<F, Name, Names, NaturalKey, Word>,
  )
}

/** What follows from the fields of a resource, each when it is first asked for. */
function fromFields<F extends Fields>(
  readFields: () => F,
  definition: ResourceDefinition<F, string, ResourceNames | undefined>,
  key: string,
  title: string,
) {
  const entries = once((): [string, Field][] => Object.entries(readFields()))
  const pick = <T>(read: (field: Field) => T | undefined): Record<string, T> =>
    Object.fromEntries(entries().flatMap(([field, value]) => toEntry(field, read(value))))
  const getters = once(() => pick(({ getter }) => getter))
  const request = once(() =>
    component(
      `${title}Request`,
      pick((field) => (field.addedIn === undefined ? field.request : undefined)),
    ),
  )
  return {
    get fields() {
      return readFields()
    },
    get model() {
      return z.strictObject(pick(({ model }) => model.zod))
    },
    get unique() {
      return Object.keys(pick(({ unique }) => unique))
    },
    get references() {
      return pick(({ references }) => references)
    },
    get cascades() {
      return Object.keys(pick(({ cascades }) => cascades || undefined))
    },
    get generated() {
      return pick(({ generate }) => generate)
    },
    get forms() {
      return Object.fromEntries(entries().flatMap(([field, value]) => toEntry(field, formOf(value, field === key))))
    },
    get instants() {
      return Object.keys(pick(({ schema }) => toOpenApi(schema).format === 'date-time' || undefined))
    },
    get keyLists() {
      return Object.keys(pick((value) => 'format' in itemOf(value) || itemOf(value).type === 'integer' || undefined))
    },
    get ascending() {
      return Object.keys(pick(({ ascends }) => ascends || undefined))
    },
    get component() {
      const base = pick((field) => (field.addedIn === undefined ? field.documented : undefined))
      return component(title, base, { getters: getters(), variant: definition.variant })
    },
    get request() {
      return request()
    },
    get patch() {
      return patched(request())
    },
    get documented() {
      return pick((field) => field.documented)
    },
    get getters() {
      return getters()
    },
    get filters() {
      return filtersOf(entries(), definition.filters, definition.filterOrder)
    },
    get orderings() {
      return { ...(orderingsOf(entries()) as RestResource<F>['orderings']), ...definition.orderings }
    },
    get search() {
      return searchOf(entries(), definition)
    },
  }
}

/** The form of an item of what a row keeps, where that is a list; empty for what is none. */
const itemOf = ({ schema, stored = schema }: Field): Fragment =>
  isSchema(stored) ? (toOpenApi(stored).items ?? {}) : {}

/** How a value of a field is read that a world says. */
function formOf(field: Field, isKey: boolean): Reader | undefined {
  const { schema, stored, check } = field
  const documented = toOpenApi(schema)
  // What is kept in a schema of its own is still an address or an instant, but not the list that is documented.
  const { format } = documented
  const fragment = stored ? { ...(format && { format }), ...(isSchema(stored) && toOpenApi(stored)) } : documented
  const read = isKey && fragment.type === 'integer' ? readNumber : readerOf(fragment)
  if (!check) return read
  return (value) => {
    const reason = typeof value === 'string' ? check(value) : undefined
    if (reason !== undefined) throw new FormError(reason.replace(/\.$/, ''))
    return read ? read(value) : value
  }
}

const toEntry = <T>(key: string, value: T | undefined): [string, T][] => (value === undefined ? [] : [[key, value]])

function filtersOf(
  fields: readonly [string, Field][],
  filters: Readonly<Record<string, Filter>> = {},
  filterOrder: readonly string[] = [],
): Record<string, Filter> {
  const byField = fields.flatMap(([name, { filters: kinds, schema, references }]) =>
    Object.entries(kinds).map(([parameter, kind]) => {
      const value = (row: Record<string, unknown>) => row[name]
      return [
        parameter || name,
        kind({ field: name, value, schema, choices: choicesOf(schema), target: references }),
      ] as const
    }),
  )
  const filtersByName: Record<string, Filter> = { ...Object.fromEntries(byField), ...filters }
  const names = [...new Set([...filterOrder, ...Object.keys(filtersByName)])]
  return Object.fromEntries(names.flatMap((name) => toEntry(name, filtersByName[name])))
}

const orderingsOf = (fields: readonly [string, Field][]): Record<string, SortKey<Record<string, never>>> =>
  Object.fromEntries(fields.flatMap(([name, field]) => (field.order ? [[name, sortKeyOf(name, field)]] : [])))

function searchOf<F extends Fields>(
  fields: readonly [string, Field][],
  { alsoSearched }: Pick<ResourceDefinition<F, string, ResourceNames | undefined>, 'alsoSearched'>,
): Search<RowOfFields<F>> | undefined {
  const searched = fields.flatMap(([name, { search }]) => (search ? [name] : []))
  if (searched.length === 0 && !alsoSearched) return undefined
  return (row, source, findsBooleans) => {
    const values = searched.map((name): unknown => row[name as keyof typeof row])
    const texts = values.filter((value) => typeof value !== 'boolean' || findsBooleans).map(String)
    return alsoSearched ? [...texts, ...alsoSearched(row, source)] : texts
  }
}

/**
 * A component with some of a resource's keys, read from its rows as the whole component is.
 * @param keys in documented order
 * @param overrides keys that are documented otherwise, or that the whole component does not have
 */
export function partialComponent<F extends Fields, Key extends keyof AnswerOfFields<F> & string>(
  whole: Pick<RestResource<F>, 'documented' | 'getters' | 'variant'>,
  name: string,
  keys: readonly Key[],
  overrides: Shape = {},
): Schema<Pick<AnswerOfFields<F>, Key>> {
  const shape = Object.fromEntries(keys.flatMap((key) => toEntry<Schema>(key, overrides[key] ?? whole.documented[key])))
  return component(
    name,
    { ...shape, ...overrides },
    { getters: whole.getters, variant: whole.variant },
  ) as unknown as Schema<Pick<AnswerOfFields<F>, Key>>
}

/** What a resource is called and shows where its rows stand among others of their kind. */
interface ViewDefinition<F extends Fields> {
  noun: string
  django: DjangoModel<RowOfFields<F>>
  component(): Schema
  filters(): Readonly<Record<string, Filter<RowOfFields<F>>>>
  search: Search<RowOfFields<F>>
}

/** The rows of a resource under another name, with other filters, and fewer keys. */
export function viewOf<F extends Fields>(
  whole: RestResource<F>,
  { noun, django, search, ...makers }: ViewDefinition<F>,
): RestResource<F> {
  return Object.create(whole, {
    noun: { value: noun },
    django: { value: django },
    search: { value: search },
    component: { get: once(makers.component) },
    filters: { get: once(makers.filters) },
  })
}
