/** What one release of authentik is: the operations it documents, and how it goes about them. */
import { amender, isNamed, type Changes } from './amend.ts'
import type { Filter } from './filter.ts'
import type { Documented, Operation } from './operation.ts'
import type { Schema } from './schema.ts'

export interface Release {
  /** Such as `2024.8.3`. */
  version: string
  operations: readonly Operation[]
  behaviour: Behaviour
}

/** What differs between releases beside schemas and parameters (FACTS 6.2). */
export interface Behaviour {
  /** Where the API stands, as its document says. */
  server: string
  /** Whether the document says once what many operations share, and refers to it. */
  refersToShared: boolean
  /** Whether the path of one row asks for the permissions that its list asks for. */
  guardsRows: boolean
  /** Whether `used_by` asks for the permission to view (CVE-2024-42490). */
  guardsUsedBy: boolean
  /** Whether 404 names the model that has no such row. */
  namesModel: boolean
  /** How many a page has when nobody says, and at most. */
  pageSize: number
  maxPageSize: number
  /** Whether an empty `?page=` is the first. */
  emptyPageIsFirst: boolean
  /** Whether a NUL in `?search=` is refused. */
  refusesNul: boolean
  /** Whether another scheme than Bearer is refused; it is passed over otherwise. */
  refusesSchemes: boolean
  /** Whether answers are in the language that the caller prefers. */
  speaksLanguages: boolean
  /** Whether a search looks for the text of flags, such as `true`. */
  searchesFlags: boolean
  /** Which parser explains what is no JSON. */
  parser: 'python' | 'orjson'
  /** Whether `Accept: application/json; indent=4` is written with indentation. */
  indents: boolean
  /** What `/-/health/` answers. */
  health: 200 | 204
  /** Whether `?include_groups=false` leaves the groups of users out. */
  leavesGroupsOut: boolean
  /** Whether redirect URIs are a list of how and what; a text with one on each line otherwise. */
  listsRedirectUris: boolean
  /** Whether the `email` scope says that the address is verified. */
  verifiesEmail: boolean
  /** Whether an ID token has an identifier of its own. */
  identifiesTokens: boolean
  /** Permissions on authentik itself rather than on what it keeps. */
  systemPermissions: readonly string[]
  /** Whether a server that has not yet asked which release is the latest names its own. */
  isItsOwnLatest: boolean
}

/** A release as what changed since another, as a release note has it. */
export interface Note {
  version: string
  /** The note of the release that it follows; undefined for the base. */
  from?: Note
  components: Changes
  /** By operationId; a `*` stands for any letters. */
  operations: Record<string, OperationChanges>
}

/** What an operation has from then on, or no longer, for null. */
export interface OperationChanges {
  query?: Record<string, Documented | null>
  filters?: Record<string, Filter | null>
  /** How parameters are documented that do what they did. */
  documents?: Record<string, Schema>
  schemes?: readonly string[]
}

/** @param version of the first release that it holds in */
export const amend = (from: Note, version: string, changes: { components?: Changes; operations?: Note['operations'] }): Note => ({
  version,
  from,
  components: {},
  operations: {},
  ...changes,
})

/** The operations of the base as a note has them, through all the notes before it. */
export function toOperations(base: readonly Operation[], note: Note): Operation[] {
  const steps: Note[] = []
  for (let one: Note | undefined = note; one; one = one.from) steps.unshift(one)
  const visit = amender(steps.map(({ components }) => components))
  const amended = (schema: Schema | null) => schema && visit(schema)
  return base.map((operation) => {
    const changes = steps.flatMap(({ operations }) => Object.entries(operations).flatMap(([pattern, one]) => (isNamed(operation.id, pattern) ? [one] : [])))
    const documents: Record<string, Schema> = Object.assign({}, ...changes.map((one) => one.documents))
    const schemes = changes.flatMap((one) => one.schemes ?? [])
    const query = documentedAs(documents, without<Documented>([operation.query, ...changes.map((one) => one.query)]))
    const filters = documentedAs(documents, without<Filter>([operation.filters, ...changes.map((one) => one.filters)]))
    return {
      ...operation,
      ...(operation.query ? { query } : {}),
      ...(operation.filters ? { filters } : {}),
      ...(schemes.length ? { schemes } : {}),
      ...(operation.body ? { body: visit(operation.body) } : {}),
      responses: Object.fromEntries(Object.entries(operation.responses).map(([status, schema]) => [status, amended(schema)])),
    }
  })
}

const documentedAs = <T extends Documented>(schemas: Record<string, Schema>, all: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(all).map(([name, one]) => [name, name in schemas ? { ...one, schema: schemas[name]! } : one]))

/** All together, the later over the earlier, but for what ends as null. */
function without<T>(all: readonly (Record<string, T | null> | undefined)[]): Record<string, T> {
  const together: Record<string, T | null> = Object.assign({}, ...all)
  return Object.fromEntries(Object.entries(together).filter((entry): entry is [string, T] => entry[1] !== null))
}
