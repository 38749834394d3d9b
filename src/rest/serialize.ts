/** How rows become JSON: by the schema of the release, as documented or as observed. */
import { quoteText } from '../schema/json.ts'
import { isOptional, meaningOf, toOpenApi, type Component, type Schema, type Shape } from '../schema/words.ts'
import type { Deviation } from './deviation.ts'
import type { Context, Serializer } from './operation.ts'
import { RowTexts, type TextsByRow } from './row-texts.ts'

/**
 * Makes a serializer, which writes text at once: no object is built to be stringified.
 * @param deviations those that hold in the release; undefined for answers as documented, where each value is made to fit
 * its schema: what is null or empty where the documentation does not allow it becomes an empty text, or is left out
 */
export function createSerializer(deviations: readonly Deviation[] | undefined): Serializer {
  const ids = new Set(deviations?.map(({ id }) => id))
  const writers = new Map<Schema, Writer>()
  const texts = new RowTexts()
  const writerOf: WriterOf = (schema) => {
    const writer = writers.get(schema) ?? createWriter(schema, { deviations, writerOf, texts })
    writers.set(schema, writer)
    return writer
  }
  return {
    has: (id) => ids.has(id),
    serialize: (schema, value, context) => writerOf(schema)(value, context) ?? 'null',
  }
}

/** Writes a value as JSON; undefined for what is left out, as JSON.stringify has it. */
type Writer = (value: unknown, context: Context) => string | undefined
type WriterOf = (schema: Schema) => Writer
type Row = Record<string, unknown>

/** What the writers of one serializer share. */
interface Shared {
  deviations: readonly Deviation[] | undefined
  writerOf: WriterOf
  texts: RowTexts
}

/** What most values are is written at once, which takes half as long as to call JSON.stringify for it. */
const unchanged: Writer = (value) => {
  if (typeof value === 'string') return quoteText(value)
  if (value === null) return 'null'
  return typeof value === 'boolean' || Number.isFinite(value) ? String(value) : JSON.stringify(value)
}
const leaveOutNull: Writer = (value, context) => (value === null ? undefined : unchanged(value, context))

function createWriter(schema: Schema, shared: Shared): Writer {
  const { component, parts, isList } = meaningOf(schema)
  const [inner] = parts
  if (component?.shape && !component.additionalProperties) return writeComponent(component, component.shape, shared)
  if (component || !inner) return unchanged
  const write = shared.writerOf(inner)
  if (write === unchanged) return unchanged
  if (isList) return writeList(write)
  return (value, context) => (value === null || value === undefined ? unchanged(value, context) : write(value, context))
}

const writeList =
  (write: Writer): Writer =>
  (items, context) => {
    if (!Array.isArray(items)) return unchanged(items, context)
    let text = ''
    for (const item of items) text += (text && ',') + (write(item, context) ?? 'null')
    return `[${text}]`
  }

function writeComponent(component: Component, shape: Shape, shared: Shared): Writer {
  const { getters = {}, variant } = component
  const keys = Object.entries(shape).map(([key, schema]) => ({
    key,
    label: `${JSON.stringify(key)}:`,
    read: Object.hasOwn(getters, key) ? getters[key] : undefined,
    write: writerOfKey(component, key, schema, shared),
  }))
  const writeMember = ({ key, label, read, write }: (typeof keys)[number], row: Row, context: Context) => {
    const text = write(read ? read(row, context) : row[key], context)
    return text === undefined ? '' : label + text
  }
  const write = (row: Row, context: Context): string => {
    let text = ''
    for (const key of keys) {
      const member = writeMember(key, row, context)
      // What is added is put in one piece later, with the whole answer.
      if (member) text += (text && ',') + member
    }
    return `{${text}}`
  }
  // What is kept is put in one piece now, for every answer that it will be in.
  const writeWhole = (row: Row, context: Context): string => {
    const members = keys.map((key) => writeMember(key, row, context))
    return `{${members.filter(Boolean).join()}}`
  }
  const writeRow = variant ? keepText(writeWhole, variant, shared.texts) : write
  return (row, context) => (row === null || row === undefined ? unchanged(row, context) : writeRow(row as Row, context))
}

/** Writes each variant of a row once for as long as no row changes; what is not frozen is no row of a table, and is written anew. */
function keepText(
  write: (row: Row, context: Context) => string,
  variant: NonNullable<Component['variant']>,
  texts: RowTexts,
): typeof write {
  const groups = new Map<string, TextsByRow>()
  return (row, context) => {
    // The rows of a table are frozen; whether an object can be extended is told faster than whether it is frozen.
    if (Object.isExtensible(row)) return write(row, context)
    const name = variant(context)
    let group = groups.get(name)
    if (!group) groups.set(name, (group = new Map()))
    return texts.get(group, row, context.world.changes, () => write(row, context))
  }
}

function writerOfKey({ name }: Component, key: string, schema: Schema, { deviations, writerOf }: Shared): Writer {
  const isAbsent = deviations?.some(
    ({ actual, components, keys }) => actual === 'absent' && components?.includes(name) && keys?.includes(key),
  )
  if (isAbsent) return leaveOutNull
  return deviations ? writerOf(schema) : fitted(schema, writerOf(schema))
}

/** What is documented otherwise than null or empty is made so, as far as it can be. */
function fitted(schema: Schema, write: Writer): Writer {
  const { nullable, type, format } = toOpenApi(schema)
  if (!nullable && isOptional(schema))
    return (value, context) =>
      value === null || (format === 'email' && value === '') ? undefined : write(value, context)
  if (!nullable && type === 'string' && !format) return (value, context) => unchanged(value ?? '', context)
  return write
}
