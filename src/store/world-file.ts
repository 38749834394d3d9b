/** A world as JSON, and the check that it is whole before anything is loaded from it. */
import { once } from '../schema/lazily.ts'
import * as z from 'zod/mini'
import { isObject, quote, readKey } from '../schema/json.ts'
import { nearestTo } from '../schema/nearest.ts'
import { worldError } from './mock-error.ts'
import { toPlain } from './plain.ts'
import type { FileRow, FileRows, Resource, RowSource } from './resource.ts'
import type { Clock } from './clock.ts'
import {
  checkOwnParent,
  checkDerived,
  checkRow,
  completionOf,
  describeIssues,
  readRow,
  toKept,
  type NamedSource,
  type WorldRules,
} from './row.ts'
import { writeOut } from './shorthand.ts'
import { missingRow, type Key, type ReadableTable } from './table.ts'

/** Rows by the name of their resource, beside what is said once. */
export interface WorldFile {
  /** authentik's permission codenames, by username. */
  permissions: Record<string, string[]>
  /** authentik's SECRET_KEY. */
  secret_key: string
  /** Which authentik the rows were taken from, where they were. */
  release?: string | undefined
  [resource: string]: unknown
}

/** A checked world: rows for the tables, and what is kept aside because there is no table for it. */
export interface CheckedWorld {
  rows: ReadonlyMap<Resource, readonly object[]>
  /** The same rows, to look up. */
  source: RowSource
  permissions: Record<string, string[]>
  secretKey: string
  aside: Readonly<Record<string, unknown>>
  /** Whether the file had times from now, which are others whenever it is read. */
  isRelative: boolean
}

/** What is said once in a world file, beside the rows. */
const headerSchema = once(() => {
  // With its app before it, a permission would be none that anybody asks for.
  const codename = z
    .string()
    .check(
      z.refine((text) => !text.includes('.'), { error: 'is a codename with its app before it; leave the app out' }),
    )
  return z.looseObject({
    permissions: z._default(z.record(z.string(), z.array(codename)), {}),
    secret_key: z._default(z.string(), ''),
    release: z.optional(z.string()),
    recorded_at: z.optional(z.string()),
  })
})

/** What a world file may have. */
export interface WorldForm {
  resources: readonly Resource[]
  /** The keys that are kept as they are, because there is no table for them. */
  aside: RegExp
  rules: WorldRules
  /** What times from now are counted from. */
  clock: Pick<Clock, 'now'>
}

/** A value of a field stands in a row, that in a list, and that in the file. */
const OUTER_DEPTH = 3

/**
 * Reads a world file, with what it leaves out filled in.
 * @param value the parsed file; it is not changed
 * @throws MockError ERR_WORLD when a value is of the wrong kind, a key is unknown, an identifier stands twice, a
 * reference points at nothing, a row stands above itself where it cannot, or states otherwise than authentik would compute
 */
export function checkWorld(value: unknown, form: WorldForm): CheckedWorld {
  const { resources, rules } = form
  const { file, isRelative } = readWorld(value, form)
  const problems: string[] = []
  for (const resource of resources) readKeys(resource, file)
  const fileRows = new Map(resources.map((resource) => [resource, statedRows(resource, file)]))
  const rowsOf = (name: string) => listOf([...fileRows].find(([resource]) => resource.name === name)?.[1])
  const rows = new Map(
    Array.from(fileRows, ([resource, rowsOfFile]) => [
      resource,
      parseRows(resource, rowsOfFile, { rows: rowsOf, rules }, problems),
    ]),
  )
  if (problems.length) throw worldError(problems)
  const aside = asideOf(file, resources)
  const source = new FileSource(rows, aside)
  for (const [resource, parsed] of rows)
    for (const row of parsed) problems.push(...checkRow(resource, row, source), ...faultsOf(resource, row, source))
  if (problems.length === 0 && !rules.allowsOwnParent)
    for (const [resource, parsed] of rows)
      for (const row of parsed) problems.push(...checkOwnParent(resource, row, source))
  if (problems.length === 0)
    for (const [resource, parsed] of rows)
      parsed.forEach((row, index) =>
        problems.push(...checkDerived(resource, row, fileRows.get(resource)?.[index] ?? {}, source)),
      )
  if (problems.length) throw worldError(problems)
  return {
    rows,
    source,
    permissions: file.permissions,
    secretKey: file.secret_key,
    aside,
    isRelative,
  }
}

/**
 * Reads a world file that may be written in shorthand, and writes it out.
 * @param value the parsed file; it is not changed
 * @param base a world that the file is merged into, whose rows it can name
 * @throws MockError ERR_WORLD for a key or a name that there is not
 */
export function readWorld(
  value: unknown,
  { resources, aside, clock }: WorldForm,
  base?: RowSource,
): { file: WorldFile; isRelative: boolean } {
  const file = readFile(value)
  const { extends: origin, ...rest } = file
  const unknown = Object.keys(rest).flatMap((key) => (aside.test(key) ? [] : unknownKey(key, resources)))
  if (origin !== undefined) unknown.push(...findOriginFault(origin, base))
  if (unknown.length) throw worldError(unknown)
  for (const { name } of resources) rowsIn(rest as WorldFile, name)
  const { problems, isRelative } = writeOut(rest, { resources, now: clock.now(), base })
  if (problems.length) throw worldError(problems)
  return { file: rest as WorldFile, isRelative }
}

/** What is wrong with the world that a file says it extends. */
function findOriginFault(origin: unknown, base: RowSource | undefined): string[] {
  if (origin !== DEFAULT_WORLD)
    return [`extends: ${quote(origin)} is no world. Write ${DEFAULT_WORLD}, or leave it out`]
  return base ? [] : ['extends: a world extends another where a mock begins with it. Here, merge it: PATCH world/']
}

/** The world that a file may extend. */
const DEFAULT_WORLD = 'default'

/** Whether a world is to be merged into the default one. */
export const extendsDefault = (world: unknown): boolean => readKey(world, 'extends') === DEFAULT_WORLD

/** What a resource finds wrong with a row as a whole. */
function faultsOf(resource: Resource, row: FileRow, source: NamedSource): string[] {
  const fault = resource.findFault?.(row)
  return fault === undefined ? [] : [`${source.pathOf(resource, row)}: ${fault}`]
}

/** A copy of the file with what is said once in it. @throws MockError ERR_WORLD */
function readFile(value: unknown): WorldFile {
  if (typeof value === 'string') throw worldError([`the file: is a text, and ${NO_ROWS}. ${PARSE_FIRST}`])
  const { value: copy, problems } = toPlain(value, '', OUTER_DEPTH)
  const [problem] = problems
  // A value of a class, such as a Date, is told of as what it ought to be.
  if (isObject(copy) && problem !== undefined) throw worldError(problems)
  if (!isObject(copy))
    throw worldError([problem ? `${problem}; it is ${NO_ROWS}` : `the file: is ${kindOf(copy)}, and ${NO_ROWS}`])
  const header = headerSchema().safeParse(copy)
  if (!header.success) throw worldError(describeIssues(header.error.issues))
  // An editor finds by it what a world may have.
  const { $schema: _, ...file } = header.data
  return file
}

const NO_ROWS = 'no object with a list of rows for each resource'
const PARSE_FIRST = 'If it is the path of a file, give the parsed file: JSON.parse(readFileSync(path, "utf8"))'
const kindOf = (value: unknown) => (Array.isArray(value) ? 'a list' : quote(value))

/** A key that no resource has. */
function unknownKey(key: string, resources: readonly Resource[]): string[] {
  const names = [
    ...resources.map(({ name }) => name),
    ...resources.flatMap(({ joins = [] }) => joins),
    'permissions',
    'secret_key',
  ]
  if (names.includes(key)) return []
  // Of `tokens` no one is the nearest.
  const alike = names.filter((name) => name.endsWith(`_${key}`))
  if (alike.length > 1) return [`${key}: there is no such key; there are ${alike.join(', ')}`]
  return [`${key}: there is no such key; the nearest is ${nearestTo(key, names)}`]
}

function asideOf(file: WorldFile, resources: readonly Resource[]): Record<string, unknown> {
  const taken = new Set([...resources.map(({ name }) => name), 'permissions', 'secret_key'])
  const unjoined = new Map(resources.flatMap((resource) => unjoinedRows(resource, file)))
  return Object.fromEntries(
    Object.entries(file).flatMap(([key, value]) => {
      if (taken.has(key)) return []
      const rest = unjoined.has(key) ? unjoined.get(key) : value
      return rest === undefined ? [] : [[key, rest]]
    }),
  )
}

/** What the keys that hold more of a resource's rows say of rows that are not there. */
function unjoinedRows({ name, key, joins = [] }: Resource, file: WorldFile): [string, unknown][] {
  const keys = new Set(listOf(file[name]).map((row) => row[key]))
  return joins.map((join) => {
    const value = file[join]
    if (!Array.isArray(value)) return [join, value]
    const rest = value.filter((row) => !isObject(row) || !keys.has(row[key]))
    return [join, rest.length ? rest : undefined]
  })
}

/** What a key of a file lists; what is no row among it is refused later. @throws MockError ERR_WORLD for no list */
function rowsIn(file: WorldFile, key: string): FileRow[] {
  const value = Object.hasOwn(file, key) ? file[key] : []
  if (!Array.isArray(value)) throw worldError([`${key}: is no list`])
  return value
}

/** Writes keys as they are kept, so that what is said of a row in several places is joined. */
function readKeys(resource: Resource, file: WorldFile): void {
  const { name, key, joins = [] } = resource
  for (const row of [name, ...joins].flatMap((list) => listOf(file[list])))
    for (const field of [key, ...Object.keys(resource.references)])
      if (field in row) row[field] = toKept(resource, field, row[field])
}

/** The rows that a file states for a resource, joined with what other keys say of them, or inferred from the others. */
function statedRows(resource: Resource, file: WorldFile): FileRow[] {
  const { name, key, joins = [], infer } = resource
  if (infer && !(name in file)) return [...infer((resourceName) => listOf(file[resourceName]))]
  const additions = joins.map((join) => new Map(listOf(file[join]).map((row) => [row[key], row])))
  return rowsIn(file, name).map((row) =>
    isObject(row)
      ? additions.reduce<FileRow>((joined, addition) => ({ ...joined, ...addition.get(row[key]) }), row)
      : row,
  )
}

/** Rows of the form that they must have. @param problems gets what is wrong with the others */
function parseRows(
  resource: Resource,
  rowsOfFile: readonly FileRow[],
  { rows, rules }: { rows: FileRows; rules: WorldRules },
  problems: string[],
): FileRow[] {
  return rowsOfFile.flatMap<FileRow>((row, index) => {
    const completion = { ...completionOf(resource, index, rows), rules }
    return readRow(resource, row, `${resource.name}[${index}]`, completion, problems) ?? []
  })
}

/** The rows of a file that is being checked. */
class FileSource implements NamedSource {
  readonly aside: Readonly<Record<string, unknown>>
  #tables: Map<string, FileTable>

  constructor(rows: ReadonlyMap<Resource, readonly FileRow[]>, aside: Readonly<Record<string, unknown>>) {
    this.aside = aside
    this.#tables = new Map([...rows].map(([resource, list]) => [resource.name, new FileTable(resource, list)]))
  }

  table<Row extends object>({ name }: Resource<Row>): ReadableTable<Row> {
    return this.tableNamed(name)
  }

  tableNamed<Row extends object>(name: string): ReadableTable<Row> {
    return this.#tables.get(name) as unknown as ReadableTable<Row>
  }

  pathOf({ name }: Resource, row: object): string {
    return `${name}[${this.#tables.get(name)?.indexOf(row)}]`
  }
}

class FileTable implements ReadableTable<FileRow> {
  readonly rows: readonly FileRow[]
  #resource: Resource
  /** By field: the first row with each value. */
  #indexes: Map<string, Map<unknown, FileRow>>
  /** Where each row stands, once something is wrong: there may be as much wrong as there are rows. */
  #places: Map<object, number> | undefined

  constructor(resource: Resource, rows: readonly FileRow[]) {
    this.rows = rows
    this.#resource = resource
    const firstBy = (field: string) => new Map(rows.toReversed().map((row) => [row[field], row]))
    const fields = rows.length ? [resource.key, ...resource.unique] : []
    this.#indexes = new Map(fields.map((field) => [field, firstBy(field)]))
  }

  get size(): number {
    return this.rows.length
  }

  indexOf(row: object): number | undefined {
    this.#places ??= new Map(this.rows.map((candidate, index) => [candidate, index]))
    return this.#places.get(row)
  }

  get(key: Key): FileRow | undefined {
    return this.find(this.#resource.key, key)
  }

  require(key: Key): FileRow {
    const row = this.get(key)
    if (!row) throw missingRow(this.#resource.name, this.#resource.key, key)
    return row
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined
  }

  find(field: string, value: unknown): FileRow | undefined {
    return this.#indexes.get(field)?.get(value)
  }

  values(): IterableIterator<FileRow> {
    return this.rows.values()
  }
}

const listOf = (value: unknown): FileRow[] => (Array.isArray(value) ? value.filter(isObject) : [])
