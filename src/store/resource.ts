/** One kind of thing that authentik keeps: what a row of it is, what it points at and how it is seeded. */
import type { Faker } from '@faker-js/faker'
import type { Model } from '../schema/words.ts'
import type { Random } from './random.ts'
import type { Reader } from './form.ts'
import type { Key } from './key.ts'
import type { ReadableTable } from './table.ts'

export { keysIn } from './key.ts'

// What a list of resources has in common is no single row: its rows are any.
// oxlint-disable-next-line typescript/no-explicit-any
export interface Resource<Row extends object = any, Name extends string = string> {
  /** Its name in a world, such as `authorization_codes`. */
  name: Name
  /** The field that identifies a row. */
  key: keyof Row & string
  /** Other fields that no two rows share. */
  unique: readonly (keyof Row & string)[]
  /** What a row must be, field by field, in the order in which a world file has them. */
  model: Model<Row> & { shape: Readonly<Record<string, Model>> }
  /** Fields that hold the key, or keys, of rows of another resource, and its name; null points at nothing. */
  references: Readonly<Record<string, string>>
  /** Those of them without which a row goes, although they may be null. */
  cascades: readonly string[]
  /** authentik's own names for it. */
  django: DjangoModel<Row>
  /** Fields that authentik makes up when nobody says: `client_secret`. */
  generated: Readonly<Record<string, Generate>>
  /** How values that a world says are read, by field. */
  forms: Readonly<Record<string, Reader>>
  /** Fields that hold an instant. */
  instants: readonly string[]
  /** How a world may write its rows in short. */
  shorthand?: Shorthand
  /** The field by whose value a world says what a row may do, such as a username. */
  permitted?: keyof Row & string
  /** Fields that hold several keys, each once. */
  keyLists: readonly string[]
  /** Fields that hold the keys of rows of the same resource right above a row, such as a group's parent. */
  ascending: readonly string[]
  /** What authentik computes and a world file may also state, such as a group's `parent_name`. */
  derive?(row: Row, world: RowSource): object
  /** What is wrong with a row of a world file as a whole; undefined for nothing. */
  findFault?(row: Row): string | undefined
  /** What a world keeps of a row that is deleted or changed, and has no table for; undefined for nothing. */
  leave?(row: Row, world: RowSource): Readonly<Record<string, unknown>> | undefined
  /** A row of a world file, or of a program, as the world keeps it beside its others. @throws MockError ERR_WORLD */
  normalise?(row: Row, world: RowSource): Promise<Row>
  /** What to do about a statement that differs from what follows from other rows, by field. */
  remedies?: Readonly<Record<string, (computed: unknown) => string>>
  /** Makes row `number`, counted from 1; what it leaves out is as a world file has it by default. */
  seed?: Seed<Row>
  /** Loads the same, where it is more than every page should have. */
  loadSeed?(): Promise<Seed<Row>>
  /** How many rows a seeded world has. */
  count(options: SeedOptions): number
  /** Other keys of a world file that hold more of the same rows, joined by the key: `session_keys`. */
  joins?: readonly string[]
  /** Rows for a world that has none, from what its other rows name. */
  infer?(rows: FileRows): readonly FileRow[]
}

/** Makes up a value that nobody says. @param rows those that it will stand with */
export type Generate<Value = unknown> = (random: Random, rows: FileRows) => Value

/** A row as a world file has it, before it is checked. */
export type FileRow = Record<string, unknown>

/** Rows as a world file has them, by the name of their resource. */
export type FileRows = (resource: string) => readonly FileRow[]

/** Gives the fields that a word stands for. */
type Expand = (value: unknown, row: FileRow, writing: Writing) => FileRow

/** How the rows of a resource are written in short. */
export interface Shorthand<NaturalKey extends string = string, Word extends string = string> {
  /** Fields whose value names a row as its key does, which Django calls natural keys; the first is made up where it is left out. */
  names?: readonly NaturalKey[]
  /** Words of a row that stand for fields of it, and what each gives. */
  words?: Readonly<Record<Word, Expand>>
  /** Fields that hold keys and may hold names, although authentik does not check that there is such a row. */
  targets?: Readonly<Record<string, string>>
  /** A row that every authentik has, by its name, for a world that does not have it. */
  builtIn?(name: string): FileRow | undefined
  /** What a row without a key has where it says nothing else. */
  defaults?(row: FileRow, writing: Writing): FileRow
}

/** What rows are written out with. */
export interface Writing {
  /** Milliseconds since 1970. */
  now: number
  /** The rows of a resource by its name: those of the file, then those that are there. */
  rows(resource: string): readonly FileRow[]
  /** Whether the file lists rows of a resource, be it none. */
  lists(resource: string): boolean
  /** The row of a resource by its key, with what the file and what is there already say of it. */
  get(resource: string, key: unknown): FileRow | undefined
  /** The key of the row that a name stands for; what is no text is its key. @throws FormError */
  keyOf(resource: string, name: unknown): unknown
  /** Adds a row to the file. @returns its key */
  add(resource: string, row: FileRow): unknown
}

/** authentik's own names for a resource. */
export interface DjangoModel<Row extends object> {
  app: string
  /** The model's name as Python writes it: `AccessToken`. */
  className: string
  /** What a row is called in words: `Access Token for 1 for user 7`; some are called after others. */
  label(row: Row, source?: RowSource): string
  /** What authentik calls one in a sentence about a field: `Application with this slug already exists.` */
  verboseName?: string
  /** Whether it is left out where authentik lists what uses something. */
  isNoUse?: boolean
  /** The model that it is a kind of, as which it uses what these fields point at. */
  parent?: { app: string; className: string; label(row: Row): string; fields: readonly (keyof Row)[] }
  /** What it is called where another lists it among its own. */
  listedAs?: { app: string; className: string; label(row: Row): string }
  /** What names a row where it is used, in releases where that is no key of the API. */
  // oxlint-disable-next-line typescript/no-explicit-any
  keyIn?(row: Row, context: any): string
  /** What else uses one, beside the rows that point at it, or a promise of it; the second is the context of whoever asks. */
  // oxlint-disable-next-line typescript/no-explicit-any
  alsoUsedBy?(row: Row, context: any): any
  /** Its lists of keys by the name that authentik's model has for them, where the two are not the same. */
  many?: { [Field in keyof Row]?: string }
}

/** The model's name in permissions and where something is used: `accesstoken`. */
export const modelNameOf = ({ django }: Resource) => django.className.toLowerCase()

/** The key of a row. */
export const keyOf = ({ key }: { key: string }, row: object): Key => Reflect.get(row, key)

/** Whether the rows of a resource are numbered. */
export const hasIntegerKey = ({ key, model }: Resource): boolean => model.shape[key]?.safeParse(1).success === true

/** The row that a resource has. */
export type RowOf<R> = R extends { model: Model<infer Row> } ? Row : never

/** Rows to read, of any resource: a world's, or those of a file that is being checked. */
export interface RowSource {
  table<Row extends object>(resource: Resource<Row>): ReadableTable<Row>
  /** Rows that point back at whoever asks, whose file it may not import; the caller says which of their fields it reads. */
  tableNamed<Row extends object>(resource: string): ReadableTable<Row>
  /** What there is no table for. */
  readonly aside: Readonly<Record<string, unknown>>
}

/** What a row is made from: nothing but the seed, the resource, its number and, for what is relative to it, the time. */
export interface Seeding {
  number: number
  faker: Faker
  random: Random
  world: RowSource
  /** The whole minute in which the world began, in milliseconds since 1970. */
  began: number
}

/** Makes a row of a seeded world. */
export type Seed<Row> = (seeding: Seeding) => Partial<Row>

/** How large a seeded world is. */
export interface SeedOptions {
  /** How many authorization codes. */
  codes: number
}

/** What becomes of a row when what its field points at goes: it goes along, or points at nothing. */
export const onDelete = ({ model, cascades }: Resource, field: string): 'cascade' | 'set_null' =>
  model.shape[field]?.safeParse(null).success === true && !cascades.includes(field) ? 'set_null' : 'cascade'
