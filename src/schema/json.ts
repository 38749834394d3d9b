/** Reads JSON that others wrote, whose shape is not known. */

/** Reads a text as JSON. @returns undefined when it is none */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Reads a key of any JSON value. @returns undefined when the value has no such key, or no keys at all */
export const readKey = (value: unknown, key: string): unknown => Reflect.get(Object(value), key)

/** A JSON object, whose members may be anything. */
export type JsonObject = Record<string, unknown>

/** Whether a JSON value is an object, and neither a list nor null. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * How deep lists and objects may stand in one another. Nothing that authentik keeps is as deep; what reads and writes
 * a value calls itself for each level.
 */
export const MAX_DEPTH = 100

/** Whether lists and objects stand deeper in one another than `MAX_DEPTH`. */
export const isTooDeep = (value: unknown, depth = MAX_DEPTH): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (depth === 0 || Object.values(value).some((item) => isTooDeep(item, depth - 1)))
