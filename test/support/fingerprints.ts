/** Fingerprints of what a client or validator reads in an OpenAPI document, without the prose. */
import { createHash } from 'node:crypto'
import type { Row } from './client.ts'

export interface Fingerprints {
  components: Record<string, string>
  operations: Record<string, string>
  /** Parameters and responses that operations refer to. */
  shared: Record<string, string>
  servers: string
}

/** @param like another document: what that has none of is left out */
export function toFingerprints(document: Row, like: Row = document): Fingerprints {
  const sharedOf = ({ components }: Row) => ({ ...components.parameters, ...components.responses })
  return {
    components: mapValues(document.components.schemas, like.components.schemas),
    operations: mapValues(toOperations(document), toOperations(like)),
    shared: mapValues(sharedOf(document), sharedOf(like)),
    servers: toFingerprint(document.servers ?? []),
  }
}

/** A document's operations by operationId, each with the path and method that it stands on. */
export const toOperations = ({ paths }: Row): Record<string, Row> =>
  Object.fromEntries(
    Object.entries<Record<string, Row>>(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [operation.operationId, { path, method, ...operation }]),
    ),
  )

/**
 * A schema or operation without `description` and `title`, which are for people, and with its keywords in one order.
 * The order of `properties` stays, because answers keep it; that of `required` says nothing.
 */
export function toEssence(value: unknown, isProperties = false): unknown {
  if (Array.isArray(value)) return value.map((item) => toEssence(item))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).filter(([key]) => isProperties || (key !== 'description' && key !== 'title'))
  if (!isProperties) entries.sort(([first], [second]) => (first < second ? -1 : 1))
  return Object.fromEntries(
    entries.map(([key, item]) => [
      key,
      key === 'required' && Array.isArray(item) ? item.toSorted() : toEssence(item, key === 'properties'),
    ]),
  )
}

const toFingerprint = (value: unknown) =>
  createHash('sha256')
    .update(JSON.stringify(toEssence(value)))
    .digest('hex')
    .slice(0, 32)

const mapValues = (values: Record<string, unknown>, like: object) =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([key]) => key in like)
      .sort(([first], [second]) => (first < second ? -1 : 1))
      .map(([key, value]) => [key, toFingerprint(value)]),
  )
