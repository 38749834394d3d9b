/** A world as JSON, and the check that it is whole before anything is loaded from it. */
import { distance } from 'fastest-levenshtein'
import * as z from 'zod/mini'
import { isObject } from '../schema/json.ts'
import { worldError } from './mock-error.ts'
import { createRandom, type Random } from './random.ts'
import { keysIn, type FileRow, type Resource, type RowSource } from './resource.ts'
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
  permissions: Record<string, string[]>
  secretKey: string
  aside: Readonly<Record<string, unknown>>
}

/** What is said once in a world file, beside the rows. */
const HEADER = z.looseObject({
  permissions: z._default(z.record(z.string(), z.array(z.string())), {}),
  secret_key: z._default(z.string(), ''),
  release: z.optional(z.string()),
  recorded_at: z.optional(z.string()),
})

/**
 * Reads a world file, with what it leaves out filled in.
 * @param value the parsed file; it is not changed
 * @param aside the keys that are kept as they are, because there is no table for them
 * @throws MockError ERR_WORLD when a value is of the wrong kind, a key is unknown, an identifier stands twice, a
 * reference points at nothing, or a row states otherwise than authentik would compute
 */
export function checkWorld(value: unknown, resources: readonly Resource[], aside: RegExp): CheckedWorld {
  const header = HEADER.safeParse(value)
  if (header.success && Object.prototype.toString.call(value) !== '[object Object]')
    throw worldError(['the file: is no object with a list of rows for each resource'])
  if (!header.success) throw worldError(describeIssues(header.error.issues))
  const file = structuredClone(header.data)
  const problems = Object.keys(file).flatMap((key) => (aside.test(key) ? [] : unknownKey(key, resources)))
  if (problems.length) throw worldError(problems)
  const fileRows = new Map(resources.map((resource) => [resource, statedRows(resource, file)]))
  const rows = new Map(
    resources.map((resource) => [resource, parseRows(resource, fileRows.get(resource) ?? [], problems)]),
  )
  if (problems.length) throw worldError(problems)
  const source = new FileSource(rows)
  for (const [resource, parsed] of rows) for (const row of parsed) problems.push(...checkRow(resource, row, source))
  if (problems.length === 0)
    for (const [resource, parsed] of rows)
      parsed.forEach((row, index) =>
        problems.push(...checkDerived(resource, row, fileRows.get(resource)?.[index] ?? {}, source)),
      )
  if (problems.length) throw worldError(problems)
  return { rows, permissions: file.permissions, secretKey: file.secret_key, aside: asideOf(file, resources) }
}

/** A key that no resource has. */
function unknownKey(key: string, resources: readonly Resource[]): string[] {
  const names = [
    ...resources.map(({ name }) => name),
    ...resources.flatMap(({ joins = [] }) => joins),
    'permissions',
    'secret_key',
  ]
  if (names.includes(key)) return []
  const unlikeness = (name: string) => (name.includes(key) ? 0 : distance(name, key))
  const [nearest] = names.toSorted((a, b) => unlikeness(a) - unlikeness(b))
  return [`${key}: there is no such key; the nearest is ${nearest}`]
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
  const value = key in file ? file[key] : []
  if (!Array.isArray(value)) throw worldError([`${key}: is no list`])
  return value
}

/** The rows that a file states for a resource, joined with what other keys say of them, or inferred from the others. */
function statedRows(resource: Resource, file: WorldFile): FileRow[] {
  const { name, key, joins = [], infer } = resource
  if (infer && !(name in file)) return [...infer((resourceName) => listOf(file[resourceName]))]
  const additions = joins.map((join) => new Map(listOf(file[join]).map((row) => [row[key], row])))
  return rowsIn(file, name).map((row) =>
    isObject(row) ? Object.assign({}, row, ...additions.map((addition) => addition.get(row[key]))) : row,
  )
}

/** Rows of the form that they must have. @param problems gets what is wrong with the others */
function parseRows(resource: Resource, fileRows: readonly FileRow[], problems: string[]): FileRow[] {
  const parsed = z
    .array(resource.model)
    .safeParse(
      fileRows.map((row, index) =>
        completeRow(resource, toKeys(row, resource), () => createRandom(resource.name, index)),
      ),
    )
  if (parsed.success) return parsed.data as FileRow[]
  problems.push(...describeIssues(parsed.error.issues, resource.name))
  return []
}

/** A row as the API lists it has whole rows where ours has their keys. */
export function toKeys(row: FileRow, { references }: Resource): FileRow {
  if (!isObject(row)) return row
  const replaced = Object.keys(references).flatMap((field) => {
    const value = row[field]
    return isObject(value) && 'pk' in value ? [[field, value['pk']]] : []
  })
  return replaced.length ? { ...row, ...Object.fromEntries(replaced) } : row
}

/** A row with what it leaves out and authentik would have made up, such as a client's secret. */
export function completeRow(resource: Resource, row: FileRow, random: () => Random): FileRow {
  const missing = Object.entries(resource.generated).filter(([field]) => isObject(row) && row[field] === undefined)
  return missing.length
    ? { ...row, ...Object.fromEntries(missing.map(([field, make]) => [field, make(random())])) }
    : row
}

/**
 * What is wrong with a row beside those that it stands with: an identifier that another has, a reference to nothing.
 * @param current the row that it takes the place of
 */
export function checkRow(resource: Resource, row: FileRow, source: NamedSource, current?: object): string[] {
  const { key, unique, references } = resource
  const table = source.table<FileRow>(resource)
  const path = () => source.pathOf(resource, row)
  const taken = [key, ...unique].flatMap((field) => {
    const holder = table.find(field, row[field])
    if (!holder || holder === row || holder === current || row[field] === null || row[field] === undefined) return []
    return [`${path()}.${field}: ${JSON.stringify(row[field])} is already that of ${source.pathOf(resource, holder)}`]
  })
  const dangling = Object.entries(references).flatMap(([field, target]) => {
    const keys = keysIn(row[field]).filter((reference) => !source.tableNamed(target).has(reference))
    return keys.map((reference) => `${path()}.${field}: ${JSON.stringify(reference)} is no pk in ${target}`)
  })
  return [...taken, ...dangling]
}

/** Rows that know what they are called in a message. */
export interface NamedSource extends RowSource {
  /** Such as `users[2]`. */
  pathOf(resource: Resource, row: object): string
}

/** What a row states otherwise than it follows from other rows. @param original the row before it was parsed */
export function checkDerived(resource: Resource, row: FileRow, original: FileRow, source: NamedSource): string[] {
  return Object.entries(resource.derive?.(row, source) ?? {}).flatMap(([field, computed]) => {
    if (original[field] === undefined || isSame(original[field], computed)) return []
    const [actual, expected] = [original[field], computed].map((value) => JSON.stringify(value))
    return [`${source.pathOf(resource, row)}.${field}: is ${actual}, but follows from the other rows as ${expected}`]
  })
}

/** Alike as authentik writes them: it gives lists of keys in no order. */
function isSame(actual: unknown, expected: unknown): boolean {
  const plain = (value: unknown) =>
    JSON.stringify(Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : value)
  return plain(actual) === plain(expected)
}

/** The rows of a file that is being checked. */
class FileSource implements NamedSource {
  #tables: Map<string, FileTable>

  constructor(rows: ReadonlyMap<Resource, readonly FileRow[]>) {
    this.#tables = new Map([...rows].map(([resource, list]) => [resource.name, new FileTable(resource, list)]))
  }

  table<Row extends object>({ name }: Resource<Row>): ReadableTable<Row> {
    return this.tableNamed(name)
  }

  tableNamed<Row extends object>(name: string): ReadableTable<Row> {
    return this.#tables.get(name) as unknown as ReadableTable<Row>
  }

  pathOf({ name }: Resource, row: object): string {
    return `${name}[${this.#tables.get(name)?.rows.findIndex((candidate) => candidate === row)}]`
  }
}

class FileTable implements ReadableTable<FileRow> {
  readonly rows: readonly FileRow[]
  #resource: Resource
  /** By field: the first row with each value. */
  #indexes: Map<string, Map<unknown, FileRow>>

  constructor(resource: Resource, rows: readonly FileRow[]) {
    this.rows = rows
    this.#resource = resource
    const firstBy = (field: string) => new Map(rows.toReversed().map((row) => [row[field], row]))
    this.#indexes = new Map([resource.key, ...resource.unique].map((field) => [field, firstBy(field)]))
  }

  get size(): number {
    return this.rows.length
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

/** What zod finds wrong, each with the path of the value. */
export const describeIssues = (issues: readonly z.core.$ZodIssue[], root = ''): string[] =>
  issues.map(({ path, message }) => `${toPath(path, root)}: ${message}`)

const toPath = (path: readonly PropertyKey[], root: string) =>
  path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text ? `${text}.${String(step)}` : String(step)),
    root,
  ) || 'the file'
