/** How answers are written: by the schema of the release, as documented or as observed. */
import type { Deviation } from './deviation.ts'
import { isOptional, meaning, toOpenApi, type Schema } from '../schema/words.ts'

export interface Voice {
  /** A value as the schema of the release has it: its keys, in its order. */
  say(schema: Schema, value: unknown): unknown
  /** Whether a deviation is part of it, by its id: for what is more than another value of a component. */
  has(deviation: string): boolean
}

/**
 * @param deviations those that hold in the release; undefined for the documented voice, which fits each value into its
 * schema: what is null or empty where the documentation does not allow it becomes an empty text, or is left out
 */
export function createVoice(deviations: readonly Deviation[] | undefined): Voice {
  const ids = new Set(deviations?.map(({ id }) => id))
  const writers = new Map<Schema, Writer>()
  const writerOf = (schema: Schema): Writer => {
    const known = writers.get(schema)
    if (known) return known
    const made = createWriter(schema, deviations, writerOf)
    writers.set(schema, made)
    return made
  }
  return { has: (id) => ids.has(id), say: (schema, value) => writerOf(schema)(value) }
}

type Writer = (value: any) => unknown

const leaveOutNull: Writer = (value) => value ?? undefined
const asItIs: Writer = (value) => value

function createWriter(
  schema: Schema,
  deviations: readonly Deviation[] | undefined,
  writerOf: (schema: Schema) => Writer,
): Writer {
  const { component, parts, isList } = meaning(schema)
  if (component?.shape && !component.extra?.additionalProperties)
    return writeComponent(component.name, component.shape, deviations, writerOf)
  if (component || parts.length === 0) return asItIs
  const write = writerOf(parts[0]!)
  if (write === asItIs) return asItIs
  if (isList) return (value) => value && value.map(write)
  return (value) => (value === null || value === undefined ? value : write(value))
}

function writeComponent(
  name: string,
  shape: Record<string, Schema>,
  deviations: readonly Deviation[] | undefined,
  writerOf: (schema: Schema) => Writer,
): Writer {
  const absent = new Set(
    deviations?.flatMap((one) => (one.given === 'absent' && one.components?.includes(name) ? (one.keys ?? []) : [])),
  )
  const keys = Object.entries(shape).map(
    ([key, schema]) =>
      [key, absent.has(key) ? leaveOutNull : deviations ? writerOf(schema) : fitted(schema, writerOf(schema))] as const,
  )
  // Cloned and filled it keeps the shape that the engine knows; JSON has no undefined.
  const empty: Record<string, unknown> = Object.fromEntries(keys.map(([key]) => [key, undefined]))
  return (value) => {
    if (value === null) return null
    const written = { ...empty }
    for (const [key, write] of keys) written[key] = write === asItIs ? value[key] : write(value[key])
    return written
  }
}

/** What is documented otherwise than null or empty is made so, as far as it can be. */
function fitted(schema: Schema, write: Writer): Writer {
  const { nullable, type, format } = toOpenApi(schema) as { nullable?: boolean; type?: string; format?: string }
  if (!nullable && isOptional(schema))
    return (value) => (value === null || (format === 'email' && value === '') ? undefined : write(value))
  if (!nullable && type === 'string' && !format) return (value) => value ?? ''
  return write
}
