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
