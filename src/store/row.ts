/** One row of a world, in a file or from a program: how it is read, and what is wrong with it beside the others. */
import type * as z from 'zod/mini'
import { lengthOf } from '../schema/words.ts'
import { isObject, quote } from '../schema/json.ts'
import { nearestOrAll } from '../schema/nearest.ts'
import { FormError, type Reader } from './form.ts'
import { toPath } from './plain.ts'
import { createRandom, type Random } from './random.ts'
import { keysIn, type FileRow, type FileRows, type Resource, type RowSource } from './resource.ts'
import type { Key } from './table.ts'

/** What a release allows in a world, where that is less than what a row may be in any release. */
export interface WorldRules {
  /** How many characters the texts of a resource have at most, by field. */
  maxLengths(resource: Resource): ReadonlyMap<string, number>
  /** Whether a row may stand right above itself, as a group that is its own parent does. */
  allowsOwnParent: boolean
  /** Which rows of other resources go with a row of this one, although they do not hold its key. */
  dependents(resource: Resource): readonly Dependent[]
  /** What is wrong with the permissions that a world gives, by name and by rows. */
  findPermissionFaults?(permissions: Readonly<Record<string, readonly string[]>>, source: RowSource): Promise<string[]>
}

/** Rows that go with another: those of a resource whose field has the value of a field of the other. */
export interface Dependent {
  /** The resource of those that go, by its name in a world file. */
  resource: string
  field: string
  /** The field of the row that they go with. */
  origin: string
}

/** Rows that know what they are called in a message. */
export interface NamedSource extends RowSource {
  /** Such as `users[2]`. */
  pathOf(resource: Resource, row: object): string
}

/** What is filled in where a row leaves it out. */
export interface Completion {
  random(): Random
  /** The rows that it stands with. */
  rows: FileRows
}

/** What is made up for row `index` of a file: the same file gives the same. */
export const completionOf = ({ name }: Resource, index: number, rows: FileRows): Completion => ({
  random: () => createRandom(name, index),
  rows,
})

/**
 * Reads a row: keys of whole rows, UUIDs and instants in the form in which they are kept, what is left out filled in.
 * @param path what the row is called
 * @param problems gets what is wrong with it
 * @returns undefined for a row that something is wrong with
 */
export function readRow(
  resource: Resource,
  row: FileRow,
  path: string,
  { rules, ...completion }: Completion & { rules: WorldRules },
  problems: string[],
): FileRow | undefined {
  const wrong = new Map<string, string>()
  const forms = isObject(row) ? readForms(resource, toKeys(row, resource), rules, wrong) : row
  const parsed = resource.model.safeParse(completeRow(resource, forms, completion))
  if (parsed.success && wrong.size === 0) return parsed.data
  const paths = new Set<string>()
  // Of a value it is said once what is wrong.
  const issues = (parsed.error?.issues ?? []).filter((issue) => {
    const place = issue.path.join('.')
    const isNew = !paths.has(place) && !wrong.has(String(issue.path[0]))
    paths.add(place)
    return isNew
  })
  problems.push(
    ...Array.from(wrong, ([field, reason]) => `${path}.${field}: ${reason}`),
    ...issues.flatMap((issue) => describeIssue(issue, path, resource)),
  )
  return undefined
}

/** A row with its values as they are kept. @param wrong gets what is wrong with a value, by field */
function readForms(resource: Resource, row: FileRow, rules: WorldRules, wrong: Map<string, string>): FileRow {
  for (const [field, limit] of rules.maxLengths(resource)) {
    const value = row[field]
    if (typeof value === 'string' && value.length > limit && lengthOf(value) > limit)
      wrong.set(field, `has ${lengthOf(value)} characters, and this release allows ${limit}`)
  }
  const changed: FileRow = {}
  for (const [field, read] of Object.entries(resource.forms)) {
    try {
      const value = read(row[field])
      if (value !== row[field]) changed[field] = value
    } catch (error) {
      if (!(error instanceof FormError)) throw error
      wrong.set(field, error.message)
    }
  }
  return { ...row, ...changed }
}

/** A value of a field in the form in which it is kept. @throws FormError */
export function readValue({ forms }: Resource, field: string, value: unknown): unknown {
  const read: Reader | undefined = Object.hasOwn(forms, field) ? forms[field] : undefined
  return read ? read(value) : value
}

/** A value in the form in which it is kept, or as it is where it has none: then no row has it. */
export function toKept(resource: Resource, field: string, value: unknown): unknown {
  try {
    return readValue(resource, field, value)
  } catch (error) {
    if (error instanceof FormError) return value
    throw error
  }
}

/** A row as the API lists it has whole rows where ours has their keys. */
function toKeys(row: FileRow, { references }: Resource): FileRow {
  const replaced = Object.keys(references).flatMap((field) => {
    const value = row[field]
    return isObject(value) && 'pk' in value ? [[field, value['pk']]] : []
  })
  return replaced.length ? { ...row, ...Object.fromEntries(replaced) } : row
}

/** A row with what it leaves out and authentik would have made up, such as a client's secret. */
export function completeRow(resource: Resource, row: FileRow, { random, rows }: Completion): FileRow {
  const missing = Object.entries(resource.generated).filter(([field]) => isObject(row) && row[field] === undefined)
  return missing.length
    ? { ...row, ...Object.fromEntries(missing.map(([field, make]) => [field, make(random(), rows)])) }
    : row
}

/**
 * What is wrong with a row beside those that it stands with: an identifier that another has, a reference to nothing, a
 * key that stands twice in a list.
 * @param current the row that it takes the place of
 */
export function checkRow(resource: Resource, row: FileRow, source: NamedSource, current?: object): string[] {
  const { key, unique, references, keyLists } = resource
  const table = source.table<FileRow>(resource)
  const path = () => source.pathOf(resource, row)
  const taken = [key, ...unique].flatMap((field) => {
    const holder = table.find(field, row[field])
    if (!holder || holder === row || holder === current || row[field] === null || row[field] === undefined) return []
    return [`${path()}.${field}: ${quote(row[field])} is already that of ${source.pathOf(resource, holder)}`]
  })
  const dangling = Object.entries(references).flatMap(([field, target]) => {
    const isThere = (reference: Key) =>
      source.tableNamed(target).has(reference) || (target === resource.name && reference === row[key])
    const absent = keysIn(row[field]).filter((reference) => !isThere(reference))
    return absent.map((reference) => `${path()}.${field}: ${quote(reference)} is no pk in ${target}`)
  })
  const repeated = keyLists.flatMap((field) => {
    const twice = firstRepeated(keysIn(row[field]))
    return twice === undefined ? [] : [`${path()}.${field}: ${quote(twice)} stands in it twice`]
  })
  return [...taken, ...dangling, ...repeated]
}

function firstRepeated(keys: readonly Key[]): Key | undefined {
  if (keys.length < 2 || new Set(keys).size === keys.length) return undefined
  return keys.find((key, index) => keys.indexOf(key) !== index)
}

/** What is wrong with a row that stands right above itself, where that cannot be; further up authentik looks at nothing. */
export const checkOwnParent = (resource: Resource, row: FileRow, source: NamedSource): string[] =>
  resource.ascending
    .filter((field) => keysIn(row[field]).includes(row[resource.key] as Key))
    .map(
      (field) =>
        `${source.pathOf(resource, row)}.${field}: leads back to the row itself, which this release does not allow`,
    )

/** What a row states otherwise than it follows from other rows. @param original the row before it was parsed */
export function checkDerived(resource: Resource, row: FileRow, original: FileRow, source: NamedSource): string[] {
  // What is computed is not kept in the row; most rows state nothing of it.
  if (Object.keys(original).every((field) => row[field] !== undefined)) return []
  return Object.entries(resource.derive?.(row, source) ?? {}).flatMap(([field, computed]) => {
    if (original[field] === undefined || isSame(toKept(resource, field, original[field]), computed)) return []
    const remedy = resource.remedies?.[field]
    return [
      `${source.pathOf(resource, row)}.${field}: is ${quote(original[field])}, but follows from the other rows as ` +
        quote(computed) +
        (remedy ? `: ${remedy(computed)}` : ''),
    ]
  })
}

/** Alike as authentik writes them: it gives lists of keys in no order. */
function isSame(actual: unknown, expected: unknown): boolean {
  const plain = (value: unknown) =>
    JSON.stringify(Array.isArray(value) ? value.map((item) => JSON.stringify(item)).sort() : value)
  return plain(actual) === plain(expected)
}

type Issue = z.core.$ZodIssue

/** What zod finds wrong, each with the path of the value. */
export const describeIssues = (issues: readonly Issue[], root = ''): string[] =>
  issues.map((issue) => `${toPath(issue.path, root)}: ${describeMessage(issue.message)}`)

/** A key that is not there is said to be missing, which is more than that undefined was received. */
const describeMessage = (message: string) =>
  message
    .replace(/^Invalid input: expected (\w+), received undefined$/, 'is missing; give a $1')
    .replace(/^Invalid string: must match pattern \/\^\[(.+)\]\+\$\/u?$/, (_, signs: string) => describeSigns(signs))

/** What a text has that may be of some signs alone. @param signs as a regular expression lists them */
const describeSigns = (signs: string) =>
  `has other signs than letters, digits and ${[...signs.replace('a-zA-Z0-9', '').replace('\\w', '_')].join(' ')}`

/** What zod finds wrong with a row: of a field that there is not, the nearest is said. */
function describeIssue(issue: Issue, path: string, { model }: Resource): string[] {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0)
    return issue.keys.map(
      (name) => `${path}.${name}: there is no such field; ${nearestOrAll(name, Object.keys(model.shape))}`,
    )
  if (issue.code !== 'invalid_union') return describeIssues([issue], path)
  // A value of the right type is told of as that: of a list of objects, what is wrong with one of them.
  const inner = issue.errors.find((branch) => branch.some((branchIssue) => branchIssue.path.length > 0))
  if (inner)
    return describeIssues(
      inner.map((branchIssue) => ({ ...branchIssue, path: [...issue.path, ...branchIssue.path] })),
      path,
    )
  const reasons = new Set(issue.errors.flatMap((branch) => branch.map(({ message }) => message)))
  return [`${toPath(issue.path, path)}: ${[...reasons].join(', or: ') || issue.message}`]
}
