/** Free attributes as PostgreSQL keeps them. */
import * as z from 'zod/mini'
import { objectZod, zodSchema } from '../../schema/words.ts'

/** Attributes with their keys as PostgreSQL's jsonb gives them back: by length, then by their bytes. */
export const jsonb = () =>
  zodSchema(() =>
    z.pipe(
      objectZod(),
      z.transform((value) => toJsonb(value) as Attributes),
    ),
  )

/** The free attributes of a user or a group. */
export type Attributes = Record<string, unknown>

function toJsonb(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonb)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
      .map(([key, item]) => [key, toJsonb(item)]),
  )
}
