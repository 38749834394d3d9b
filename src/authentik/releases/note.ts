/** A release as what changed since another, as a release note has it; and a line of releases as its notes. */
import type { Filter } from '../../rest/filters.ts'
import type { Documented, Operation } from '../../rest/operation.ts'
import { amender, isNamed, type Changes } from '../../schema/amend.ts'
import type { Schema } from '../../schema/words.ts'
import type { AuthentikBehaviour, AuthentikRelease } from '../behaviour.ts'
import { isWithin } from './versions.ts'

/** What a release changed. */
export interface ReleaseChanges {
  /** In components, by name. */
  components?: Changes
  /** In operations, by operationId; a `*` stands for any letters. */
  operations?: Record<string, OperationChanges>
  behaviour?: Partial<AuthentikBehaviour>
}

/** What an operation has from then on, or no longer, for null. */
export interface OperationChanges {
  query?: Record<string, Documented | null>
  filters?: Record<string, Filter | null>
  /** How parameters are documented that do what they did. */
  documents?: Record<string, Schema>
  schemes?: readonly string[]
}

/** A release as what changed since another. */
export interface Note extends ReleaseChanges {
  /** The first release that it holds in, such as `2025.12.2`. */
  version: string
  /** The note of the release that it follows; undefined for the base. */
  follows: Note | undefined
}

/** The changes since another release. @param version of the first release that they hold in */
export const changesSince = (follows: Note, version: string, changes: ReleaseChanges): Note => ({
  version,
  follows,
  ...changes,
})

/** A line of releases, such as 2025.12: all that its patches changed. */
export interface ReleaseLine {
  name: string
  /** Its last patch. */
  lastPatch: number
  /** The oldest first; a patch is as the nearest note before it says. */
  notes: readonly [Note, ...Note[]]
}

/** States a line of releases. */
export const releaseLine = (name: string, lastPatch: number, ...notes: ReleaseLine['notes']): ReleaseLine => ({
  name,
  lastPatch,
  notes,
})

/** A release, from the base and all the notes up to its own. */
export function toRelease(version: string, note: Note, operations: readonly Operation[]): AuthentikRelease {
  const steps = stepsTo(note)
  return {
    version,
    operations: toOperations(
      operations.filter(({ lines }) => lines === undefined || isWithin(version, lines)),
      steps,
    ),
    behaviour: Object.assign({}, ...steps.map(({ behaviour }) => behaviour)),
  }
}

const stepsTo = (note: Note): Note[] => (note.follows ? [...stepsTo(note.follows), note] : [note])

/** The operations of the base as several notes have them, one after the other. */
function toOperations(base: readonly Operation[], steps: readonly Note[]): Operation[] {
  const amend = amender(steps.map(({ components = {} }) => components))
  return base.map((operation) => {
    const changes = steps.flatMap(({ operations = {} }) =>
      Object.entries(operations).flatMap(([pattern, change]) => (isNamed(operation.id, pattern) ? [change] : [])),
    )
    const documents: Record<string, Schema> = Object.assign({}, ...changes.map((change) => change.documents))
    const schemes = changes.flatMap((change) => change.schemes ?? [])
    const query = merged<Documented>([operation.query, ...changes.map((change) => change.query)])
    const filters = merged<Filter>([operation.filters, ...changes.map((change) => change.filters)])
    const responses = Object.entries(operation.responses).map(([status, schema]) => [status, schema && amend(schema)])
    return {
      ...operation,
      ...(operation.query ? { query: documentedAs(documents, query) } : {}),
      ...(operation.filters ? { filters: documentedAs(documents, filters) } : {}),
      ...(schemes.length ? { schemes } : {}),
      ...(operation.body ? { body: amend(operation.body) } : {}),
      responses: Object.fromEntries(responses),
    }
  })
}

const documentedAs = <T extends Documented>(schemas: Record<string, Schema>, parameters: Record<string, T>) =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => [
      name,
      { ...parameter, schema: schemas[name] ?? parameter.schema },
    ]),
  )

/** All together, the later over the earlier, but for what ends as null. */
function merged<T>(records: readonly (Record<string, T | null> | undefined)[]): Record<string, T> {
  const together: Record<string, T | null> = Object.assign({}, ...records)
  return Object.fromEntries(Object.entries(together).filter((entry): entry is [string, T] => entry[1] !== null))
}
