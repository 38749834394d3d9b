/** Reads JSON that others wrote, whose shape is not known, and writes parts of it. */

/** Reads a text as JSON. @returns undefined when it is none, or is nested deeper than `MAX_DEPTH` */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return isTooDeep(value) ? undefined : value
  } catch {
    return undefined
  }
}

/** A JSON value as a text: a text as it is, anything else as JSON. */
export const toText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Any value of JavaScript in a message: as JSON, of which a long one is cut, or as what it is instead. */
export function quote(value: unknown): string {
  const text = typeof value === 'bigint' ? `${value}n` : typeof value === 'number' ? String(value) : tryJson(value)
  return text.length <= MAX_QUOTE ? text : `${text.slice(0, MAX_QUOTE)}...`
}

const MAX_QUOTE = 200

function tryJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return 'an object that is no JSON'
  }
}

/** A text as JSON. Most have nothing to escape, which is found out faster than it is written. */
export const quoteText = (text: string): string => (ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`)
// JSON escapes control characters, and JavaScript the halves of a pair that stand alone.
// oxlint-disable-next-line no-control-regex
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/

/** Reads a key of any JSON value. @returns undefined when the value has no such key, or no keys at all */
export const readKey = (value: unknown, key: string): unknown => Reflect.get(Object(value), key)

/** A JSON object, whose members may be anything. */
export type JsonObject = Record<string, unknown>

/** Whether a JSON value is an object, and neither a list nor null. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * A copy of an object that a program gives; undefined for what is none. What the object itself throws when it is read is
 * the program's own, and stays what it is.
 */
export const copyOf = (value: unknown): JsonObject | undefined => (isObject(value) ? { ...value } : undefined)

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
