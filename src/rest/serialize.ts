/** How rows become answers: by the schema of the release, as documented or as observed. */
import { isOptional, meaningOf, toOpenApi, type Component, type Schema, type Shape } from '../schema/words.ts'
import type { Deviation } from './deviation.ts'
import type { Context, Serializer } from './operation.ts'

/**
 * Makes a serializer.
 * @param deviations those that hold in the release; undefined for answers as documented, where each value is made to fit
 * its schema: what is null or empty where the documentation does not allow it becomes an empty text, or is left out
 */
export function createSerializer(deviations: readonly Deviation[] | undefined): Serializer {
  const ids = new Set(deviations?.map(({ id }) => id))
  const writers = new Map<Schema, Writer>()
  const writerOf: WriterOf = (schema) => {
    const writer = writers.get(schema) ?? createWriter(schema, deviations, writerOf)
    writers.set(schema, writer)
    return writer
  }
  return {
    has: (id) => ids.has(id),
    serialize: (schema, value, context) => writerOf(schema)(value, context),
  }
}

type Writer = (value: unknown, context: Context) => unknown
type WriterOf = (schema: Schema) => Writer
type Deviations = readonly Deviation[] | undefined
type Row = Record<string, unknown>

const leaveOutNull: Writer = (value) => value ?? undefined
const unchanged: Writer = (value) => value

function createWriter(schema: Schema, deviations: Deviations, writerOf: WriterOf): Writer {
  const { component, parts, isList } = meaningOf(schema)
  const [inner] = parts
  if (component?.shape && !component.additionalProperties)
    return writeComponent(component, component.shape, deviations, writerOf)
  if (component || !inner) return unchanged
  const write = writerOf(inner)
  if (write === unchanged) return unchanged
  if (isList) return (items, context) => (Array.isArray(items) ? items.map((item) => write(item, context)) : items)
  return (value, context) => (value === null || value === undefined ? value : write(value, context))
}

function writeComponent(
  { name, getters = {} }: Component,
  shape: Shape,
  deviations: Deviations,
  writerOf: WriterOf,
): Writer {
  const absent = new Set(
    deviations?.flatMap(({ actual, components, keys = [] }) =>
      actual === 'absent' && components?.includes(name) ? keys : [],
    ),
  )
  const writerFor = (key: string, schema: Schema): Writer => {
    if (absent.has(key)) return leaveOutNull
    return deviations ? writerOf(schema) : fitted(schema, writerOf(schema))
  }
  const keys = Object.entries(shape).map(([key, schema]) => {
    return { key, read: Object.hasOwn(getters, key) ? getters[key] : undefined, write: writerFor(key, schema) }
  })
  // Cloned and filled it keeps the shape that the engine knows; JSON has no undefined.
  const empty: Row = Object.fromEntries(keys.map(({ key }) => [key, undefined]))
  return (row, context) => {
    if (row === null || row === undefined) return row
    const written = { ...empty }
    for (const { key, read, write } of keys) {
      const value: unknown = read ? read(row, context) : (row as Row)[key]
      written[key] = write === unchanged ? value : write(value, context)
    }
    return written
  }
}

/** What is documented otherwise than null or empty is made so, as far as it can be. */
function fitted(schema: Schema, write: Writer): Writer {
  const { nullable, type, format } = toOpenApi(schema)
  if (!nullable && isOptional(schema))
    return (value, context) =>
      value === null || (format === 'email' && value === '') ? undefined : write(value, context)
  if (!nullable && type === 'string' && !format) return (value) => value ?? ''
  return write
}
