/** What a release documents of an answer, beside what the answer has. */
import type { OperationRecord } from '../types.ts'
import { formatValue } from './format.ts'

/** A key of an answer, as it is and as it is documented. */
export interface KeyRow {
  key: string
  /** Undefined when the answer has it not. */
  actual: string | undefined
  /** Undefined when the release documents it not. */
  documented: string | undefined
  isRequired: boolean
  /** Releases that have it otherwise: `not in 2024.2.0`. */
  releases: string[]
}

type Node = Record<string, unknown>

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value)
const nodeAt = (node: unknown, ...path: string[]): unknown =>
  path.reduce<unknown>((child, key) => (isNode(child) && Object.hasOwn(child, key) ? child[key] : undefined), node)

/** The schema that an operation documents for an answer with a status; undefined for none. */
export function schemaOf({ documented }: OperationRecord, status: number): unknown {
  const answers = nodeAt(documented, 'responses')
  const answer = nodeAt(answers, String(status)) ?? nodeAt(answers, 'default')
  const contents = nodeAt(answer, 'content')
  return (
    nodeAt(contents, 'application/json', 'schema') ??
    nodeAt(Object.values(isNode(contents) ? contents : {})[0], 'schema')
  )
}

/** Whether an operation documents an answer with a status at all. */
export const documentsStatus = ({ documented }: OperationRecord, status: number): boolean =>
  nodeAt(documented, 'responses', String(status)) !== undefined

/** What of an answer has the keys: itself, or the first row of a list. */
export function rowOf(body: unknown): Node | undefined {
  const rows = nodeAt(body, 'results')
  const row = Array.isArray(rows) ? rows[0] : Array.isArray(body) ? body[0] : body
  return isNode(row) ? row : undefined
}

/** The same of a schema. */
function rowSchemaOf(schema: unknown): Node {
  const items = nodeAt(schema, 'properties', 'results', 'items') ?? nodeAt(schema, 'items')
  return merge(items ?? schema)
}

/** A schema with what stands in its `allOf`. */
function merge(schema: unknown): Node {
  if (!isNode(schema)) return {}
  const parts = Array.isArray(schema['allOf']) ? schema['allOf'].map(merge) : []
  const schemas = [...parts, schema]
  const required = schemas.flatMap((part) => (Array.isArray(part['required']) ? part['required'] : []))
  return {
    ...Object.assign({}, ...parts),
    ...schema,
    properties: Object.assign({}, ...schemas.map((part) => part['properties'])),
    required,
  }
}

/** A type in few words: `string (uuid)`, `integer or null`, `array of string`. */
export function typeOf(schema: unknown): string {
  if (!isNode(schema)) return 'anything'
  const alternatives = schema['oneOf'] ?? schema['anyOf'] ?? schema['allOf']
  const { type, format, nullable, items } = schema
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => formatValue(value, 30)).join(' | ')
  const base = Array.isArray(alternatives)
    ? [...new Set(alternatives.map(typeOf))].join(' | ')
    : type === 'array'
      ? `array of ${typeOf(items)}`
      : `${[type ?? 'anything'].flat().join(' or ')}${typeof format === 'string' ? ` (${format})` : ''}`
  return nullable === true ? `${base} or null` : base
}

/** The keys of an answer, of its documentation, and of other releases. */
export function compareKeys(record: OperationRecord, status: number, body: unknown): KeyRow[] {
  const actual = rowOf(body) ?? {}
  const schema = rowSchemaOf(schemaOf(record, status))
  const properties = isNode(schema['properties']) ? schema['properties'] : {}
  const required = Array.isArray(schema['required']) ? schema['required'] : []
  const isSuccess = status < 300
  const releases = isSuccess ? record.releases.filter(({ missing }) => !missing) : []
  const keys = new Set([
    ...Object.keys(actual),
    ...Object.keys(properties),
    ...releases.flatMap(({ added }) => added.filter((key) => !key.includes('.'))),
  ])
  return [...keys].map((key) => ({
    key,
    actual: Object.hasOwn(actual, key) ? formatValue(actual[key]) : undefined,
    documented: Object.hasOwn(properties, key) ? typeOf(properties[key]) : undefined,
    isRequired: required.includes(key),
    releases: releases.flatMap(({ release, added, removed }) => [
      ...(added.includes(key) ? [`in ${release}`] : []),
      ...(removed.includes(key) ? [`not in ${release}`] : []),
    ]),
  }))
}
