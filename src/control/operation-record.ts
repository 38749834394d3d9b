/** What a release documents of an operation, and in which keys of the answer other releases differ. */
import type { AuthentikRelease } from '../authentik/behaviour.ts'
import { findRelease, lastOfLines } from '../authentik/releases/index.ts'
import { toDocument } from '../rest/document.ts'
import type { Operation } from '../rest/operation.ts'
import { isObject, readKey } from '../schema/json.ts'
import { meaningOf, type Schema } from '../schema/words.ts'
import { nearestIn } from './nearest.ts'
import { notThere } from './not-there.ts'
import type { OperationRecord } from './types.ts'

/** The record of an operation. @throws NotThere for an id that no operation has */
export function recordOfOperation(operationId: string, release: AuthentikRelease): OperationRecord {
  const operation = release.operations.find(({ id }) => id === operationId)
  if (!operation) {
    const { nearest } = nearestIn(release.operations, operationId)
    throw notThere(`operation "${operationId}" in ${release.version}; the nearest is ${nearest}`, 'docs/operations.md')
  }
  const document = toDocument(release)
  const { method, view, summary } = operation
  return {
    operationId,
    method,
    path: view.path,
    summary,
    documented: resolve(readKey(document.paths[view.path], method.toLowerCase()), document.components.schemas, []),
    releases: lastOfLines().flatMap((version) => differenceIn(version, operation)),
  }
}

/** In which keys of the answer a release differs. */
function differenceIn(version: string, operation: Operation): OperationRecord['releases'] {
  const counterpart = findRelease(version).operations.find(({ id }) => id === operation.id)
  if (!counterpart) return [{ release: version, added: [], removed: [], missing: true }]
  const [keys, counterpartKeys] = [keysOf(operation), keysOf(counterpart)]
  const added = counterpartKeys.filter((key) => !keys.includes(key))
  const removed = keys.filter((key) => !counterpartKeys.includes(key))
  return added.length || removed.length ? [{ release: version, added, removed, missing: false }] : []
}

/** The keys of the happy answer, with those inside by their paths. */
const keysOf = ({ responses, status }: Operation) => [...new Set(pathsIn(responses[status] ?? undefined, '', []))]

function pathsIn(schema: Schema | undefined, path: string, names: readonly string[]): string[] {
  if (!schema) return []
  const { component, parts, isList } = meaningOf(schema)
  if (!component?.shape) return parts.flatMap((part) => pathsIn(part, isList ? `${path}[]` : path, names))
  if (names.includes(component.name)) return []
  return Object.entries(component.shape).flatMap(([key, value]) => {
    const inner = path === '' ? key : `${path}.${key}`
    return [inner, ...pathsIn(value, inner, [...names, component.name])]
  })
}

/** A fragment of a document with its references resolved, each once on the way down. */
function resolve(value: unknown, schemas: Readonly<Record<string, unknown>>, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, schemas, path))
  if (!isObject(value)) return value
  const reference = value['$ref']
  const name = typeof reference === 'string' ? (reference.split('/').at(-1) ?? '') : ''
  if (name !== '' && name in schemas)
    return path.includes(name) ? value : resolve(schemas[name], schemas, [...path, name])
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, schemas, path)]))
}
