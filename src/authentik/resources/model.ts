/** What the rows of every resource have in common. */
import * as z from 'zod'
import { anyObject, type Schema } from '../../schema/words.ts'

/** A row: exactly these fields, so that a misspelt one in a world file is refused. */
export const model = <S extends Record<string, Schema>>(shape: S) => z.strictObject(shape)

/** A field that a world file may leave out. */
export const defaulted = <S extends Schema>(schema: S, value: z.output<S>) =>
  schema.default(() => structuredClone(value) as never)

/** A field that authentik computes: a world file may state it, the row does not keep it. */
export const derived = <S extends Schema>(schema: S) => schema.transform(() => undefined).optional()

/** Free attributes, with their keys as PostgreSQL's jsonb gives them back: by length, then by their bytes (FACTS 2). */
export const attributes = () =>
  anyObject()
    .default({})
    .transform((value) => toJsonb(value) as Record<string, unknown>)

/** The row that a model describes. */
export type RowOf<M extends Schema> = z.output<M>

function toJsonb(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonb)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
      .map(([key, item]) => [key, toJsonb(item)]),
  )
}
