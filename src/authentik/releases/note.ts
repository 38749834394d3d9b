/** A release as what changed since another, as a release note has it; and a line of releases as its notes. */
import type { Filter } from '../../rest/filters.ts'
import type { Documented, Operation } from '../../rest/operation.ts'
import { amender, isNamed, type Changes } from '../../schema/amend.ts'
import type { Schema } from '../../schema/words.ts'
import { once, readOnce } from '../../schema/lazily.ts'
import type { AuthentikBehaviour, AuthentikRelease } from '../behaviour.ts'
import { isWithin } from './versions.ts'

/** What a release changed. */
export interface ReleaseChanges {
  /** In components, by name. */
  components?: Changes
  /** In operations, by operationId; a `*` stands for any letters. */
  operations?: Record<string, OperationChanges>
  /** The same for what manages authentik, which is built when it is first asked for. */
  management?(): Pick<ReleaseChanges, 'components' | 'operations'>
  behaviour?: Partial<AuthentikBehaviour>
}

/** What an operation has from then on, or no longer, for null. */
export interface OperationChanges {
  query?: Record<string, Documented | null>
  filters?: Record<string, Filter | null>
  /** How parameters are documented that do what they did. */
  documents?: Record<string, Schema>
  schemes?: readonly string[]
  /** The body that is asked for, where none was. */
  body?: Schema
  /** Responses that are documented otherwise, by status; null for one that is not documented any more. */
  responses?: Record<number, null>
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

/** The same changes in each of several operations. */
export const inEachOperation = (ids: readonly string[], change: OperationChanges): Record<string, OperationChanges> =>
  Object.fromEntries(ids.map((id) => [id, change]))

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
  const amend = amendsOf(steps)
  return {
    version,
    operations: operations
      .filter(({ lines }) => lines === undefined || isWithin(version, lines))
      .map((operation) => amendOperation(operation, operation.manages ? amend.managing : amend.shown)),
    behaviour: Object.assign({}, ...steps.map(({ behaviour }) => behaviour)),
  }
}

const stepsTo = (note: Note): Note[] => (note.follows ? [...stepsTo(note.follows), note] : [note])

/** How steps change operations and schemas. */
interface Amend {
  changes(id: string): readonly OperationChanges[]
  schema(schema: Schema): Schema
}

/** What is built when it is first asked for has changes of its own, beside those of all. */
function amendsOf(steps: readonly ReleaseChanges[]): Record<'managing' | 'shown', Amend> {
  const wholeSteps = once(() => steps.flatMap((step) => (step.management ? [step, step.management()] : [step])))
  return { shown: toAmend(() => steps), managing: toAmend(wholeSteps) }
}

function toAmend(steps: () => readonly ReleaseChanges[]): Amend {
  const amend = once(() => amender(steps().map(({ components = {} }) => components)))
  return {
    changes: (id) =>
      steps().flatMap(({ operations = {} }) =>
        Object.entries(operations).flatMap(([pattern, change]) => (isNamed(id, pattern) ? [change] : [])),
      ),
    schema: (schema) => amend()(schema),
  }
}

/** An operation of the base as several notes have it, one after the other; what its schemas are is found out when they are asked for. */
function amendOperation(operation: Operation, amend: Amend): Operation {
  const { id, method, view, tag, summary, parameters, resource, resolve, headers, manages, observed, isOutline } =
    operation
  const changes = once(() => amend.changes(id))
  const documents = once((): Record<string, Schema> =>
    Object.assign({}, ...changes().map((change) => change.documents)),
  )
  const amended: Operation = {
    id,
    method,
    view,
    tag,
    summary,
    parameters,
    resolve,
    ...(resource && { resource }),
    ...(headers && { headers }),
    ...(manages && { manages }),
    ...(observed && { observed }),
    ...(isOutline && { isOutline }),
    get status() {
      return operation.status
    },
    get schemes() {
      return [...(operation.schemes ?? []), ...changes().flatMap((change) => change.schemes ?? [])]
    },
    get responses() {
      const gone = new Set(changes().flatMap((change) => Object.keys(change.responses ?? {})))
      const responses = Object.entries(operation.responses).filter(([status]) => !gone.has(status))
      return Object.fromEntries(responses.map(([status, schema]) => [status, schema && amend.schema(schema)]))
    },
  }
  const members: [keyof Operation, () => unknown][] = [
    [
      'query',
      () => documentedAs(documents(), merged<Documented>([operation.query, ...changes().map(({ query }) => query)])),
    ],
    [
      'filters',
      () => documentedAs(documents(), merged<Filter>([operation.filters, ...changes().map(({ filters }) => filters)])),
    ],
    ['body', () => bodyOf(operation, changes(), amend)],
  ]
  for (const [name, get] of members)
    if (name in operation) Object.defineProperty(amended, name, { enumerable: true, configurable: true, get })
  return readOnce(amended)
}

/** The body that is asked for, as the last of the changes says, or as it was. */
function bodyOf({ body }: Operation, changes: readonly OperationChanges[], amend: Amend): Schema | undefined {
  const request = changes.findLast((change) => change.body)?.body ?? body
  return request && amend.schema(request)
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
