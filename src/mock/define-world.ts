/** A world in a few lines, whose names a compiler checks. */
import type { AuthentikResource } from '../authentik/resources/index.ts'
import type { FieldReferences } from '../rest/field.ts'
import type { RestResource } from '../rest/resource.ts'
import type { RowOf } from '../store/resource.ts'

/** The resource of a name. */
type ResourceOf<Name> = Extract<AuthentikResource, { name: Name }>
type ResourceName = AuthentikResource['name']

/** The words of a world that are no field. */
interface Words {
  /** Whether a user is in a group that makes superusers. */
  superuser: boolean
  /** The application whose provider gave a grant, or that a policy binding is of, by its slug or name. */
  application: string
}

/** The words that the rows of a resource may have. */
type WordOf<R> = R extends RestResource<infer _F, infer _N, infer _M, infer _K, infer Word> ? Word : never
/** The fields by whose value a row is named. */
type NaturalKeyOf<R> = R extends RestResource<infer _F, infer _N, infer _M, infer NaturalKey> ? NaturalKey : never
/** The resource that each field points at. */
type TargetsOf<R> = R extends { fields: infer F } ? FieldReferences<F> : never

/** A row in short. Its fields that hold keys may have names, and its instants times from now, such as `+5m`. */
export type ShortRow<R> = {
  [Field in keyof RowOf<R>]?: Field extends keyof TargetsOf<R>
    ? RowOf<R>[Field] extends readonly unknown[]
      ? readonly (number | string)[]
      : number | string | null
    : RowOf<R>[Field]
} & { [Word in WordOf<R> & keyof Words]?: Words[Word] }

/**
 * A world, of which as much is said as matters: rows have names instead of keys, times from now, and a default for every
 * field.
 */
export type WorldDefinition = {
  readonly [Name in ResourceName]?: readonly ShortRow<ResourceOf<Name>>[]
} & {
  /** The world that these rows are merged into; alone where it is left out. */
  readonly extends?: 'default'
  /** authentik's permission codenames, by username. */
  readonly permissions?: Readonly<Record<string, readonly string[]>>
  readonly secret_key?: string
  /** What an editor completes by. */
  readonly $schema?: string
}

/** A key of a row, which no name is mistaken for. */
type KeyText = `${string}-${string}-${string}-${string}-${string}`

/** The names that the rows of a resource have in a definition; any where it extends the default world. */
type NameIn<W, Name> = W extends { extends: 'default' }
  ? string
  : Name extends keyof W
    ? W[Name] extends readonly (infer Row)[]
      ? Extract<ValueAt<Row, NaturalKeyOf<ResourceOf<Name>>>, string>
      : never
    : never
type ValueAt<Row, Field extends string> = Row extends unknown
  ? { [Each in Field & keyof Row]: Row[Each] }[Field & keyof Row]
  : never

/** What a field that points at rows of a resource may say; an application has a provider called as it is. */
type Reference<W, Target> =
  | number
  | KeyText
  | NameIn<W, Target>
  | (Target extends 'providers' ? NameIn<W, 'applications'> : never)
  | (Target extends 'scope_mappings' ? ManagedScope : never)

/** The scopes that every authentik has. */
type ManagedScope = 'openid' | 'email' | 'profile' | 'offline_access' | 'goauthentik.io/api'

/** A row of which each name is that of a field, and each name that it says that of a row. */
type CheckedRow<Row, R, W> = {
  readonly [Field in keyof Row]: Field extends keyof TargetsOf<R>
    ? CheckedReference<Row[Field], Reference<W, TargetsOf<R>[Field]>>
    : Field extends keyof RowOf<R>
      ? Row[Field]
      : Field extends WordOf<R>
        ? Field extends 'application'
          ? CheckedReference<Row[Field], NameIn<W, 'applications'> | KeyText>
          : Row[Field]
        : never
}
type CheckedReference<Value, Name> = Value extends readonly unknown[]
  ? { readonly [Index in keyof Value]: CheckedReference<Value[Index], Name> }
  : Value extends Name | null
    ? Value
    : NoSuchName<Exclude<Name, number | KeyText>>

/** What the compiler shows of a name that no row has: `'anm'` is no `'anm' & NoSuchName<'ann'>`. */
interface NoSuchName<Name> {
  readonly 'there is no such name; there are': Name
}

type CheckedRows<Rows, R, W> = { readonly [Index in keyof Rows]: CheckedRow<Rows[Index], R, W> }

/** A definition in which every name is there. */
type Checked<W> = {
  readonly [Name in keyof W]: Name extends ResourceName
    ? CheckedRows<W[Name], ResourceOf<Name>, W>
    : Name extends keyof WorldDefinition
      ? W[Name]
      : never
}

/**
 * States a world, for `mock({ world })`: the compiler refuses a field or a name that there is not, and so does the mock,
 * which names the nearest.
 * @example
 * const world = defineWorld({
 *   users: [{ username: 'ann', superuser: true }],
 *   applications: [{ slug: 'shop' }],
 *   authorization_codes: [{ user: 'ann', application: 'shop', expires: '+5m' }],
 * })
 */
export const defineWorld = <const W extends WorldDefinition>(world: W & Checked<W>): W => world
