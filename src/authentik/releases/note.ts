/** What one release of authentik is: the operations it documents, and how it goes about them. */
import { amender, isNamed, type Changes } from '../../schema/amend.ts'
import type { Filter } from '../../rest/filters.ts'
import type { Documented, Operation } from '../../rest/operation.ts'
import type { Schema } from '../../schema/words.ts'

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
export const amend = (
  from: Note,
  version: string,
  changes: { components?: Changes; operations?: Note['operations'] },
): Note => ({
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
    const changes = steps.flatMap(({ operations }) =>
      Object.entries(operations).flatMap(([pattern, one]) => (isNamed(operation.id, pattern) ? [one] : [])),
    )
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
      responses: Object.fromEntries(
        Object.entries(operation.responses).map(([status, schema]) => [status, amended(schema)]),
      ),
    }
  })
}

const documentedAs = <T extends Documented>(
  schemas: Record<string, Schema>,
  all: Record<string, T>,
): Record<string, T> =>
  Object.fromEntries(
    Object.entries(all).map(([name, one]) => [name, name in schemas ? { ...one, schema: schemas[name]! } : one]),
  )

/** All together, the later over the earlier, but for what ends as null. */
function without<T>(all: readonly (Record<string, T | null> | undefined)[]): Record<string, T> {
  const together: Record<string, T | null> = Object.assign({}, ...all)
  return Object.fromEntries(Object.entries(together).filter((entry): entry is [string, T] => entry[1] !== null))
}
