/** Free attributes of users and groups: how they are looked for, and put together. */
import { Problem } from '../../rest/errors.ts'
import type { Filter } from '../../rest/filters.ts'
import { isObject, isTooDeep } from '../../schema/json.ts'
import { text } from '../../schema/words.ts'
import type { Attributes } from './jsonb.ts'

/**
 * Keeps what has these attributes, as the JSON of an object names them: `{"department": "R&D"}`. A key may lead into an
 * attribute, as in `settings__locale`, and end in one of Django's lookups: `department__icontains`.
 */
export const attributesFilter = (): Filter<{ attributes: Attributes }> => ({
  schema: text(),
  late: true,
  read(values) {
    const json = values.at(-1)?.trim()
    if (!json) return undefined
    const mapping = parse(json)
    if (mapping === undefined) throw new Problem(400, ['filter: failed to parse JSON'])
    if (!isObject(mapping)) throw new Problem(400, ['filter: value must be key:value mapping'])
    const tests = Object.entries(mapping).map(([key, value]) => toTest(key, value))
    return (row) => tests.every((test) => test(row.attributes))
  },
})

function parse(json: string): unknown {
  try {
    // Python takes these for numbers.
    const value: unknown = /^\s*-?(NaN|Infinity)\s*$/.test(json) ? Number.NaN : JSON.parse(json)
    return isTooDeep(value) ? undefined : value
  } catch {
    return undefined
  }
}

function toTest(key: string, expected: unknown): (attributes: Attributes) => boolean {
  const steps = key.split('__')
  const lookup = LOOKUPS.get(steps.at(-1) ?? '')
  const path = lookup ? steps.slice(0, -1) : steps
  return (attributes) => (lookup ?? isSame)(valueAt(attributes, path), expected)
}

const valueAt = (attributes: Attributes, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, step) => (holdsKey(value, step) ? value[step] : undefined), attributes)

/** Whether an object or a list has something there. */
const holdsKey = (value: unknown, key: string): value is Attributes =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)

type Lookup = (value: unknown, expected: unknown) => boolean

const isSame: Lookup = (value, expected) => value !== undefined && sortedJson(value) === sortedJson(expected)

/** The order of an object's keys says nothing. */
const sortedJson = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  )

/** Compares a value as a text; one that is no text is compared as its JSON. */
const asText =
  (test: (text: string, expected: string) => boolean, fold: (value: string) => string = (value) => value): Lookup =>
  (value, expected) => {
    if (value === undefined || value === null) return false
    return test(fold(typeof value === 'string' ? value : JSON.stringify(value)), fold(String(expected)))
  }
const toUpper = (value: string) => value.toUpperCase()

/** As PostgreSQL has it: a list contains the items of another in any order, an object the keys of another. */
const contains: Lookup = (value, expected) => {
  if (Array.isArray(value)) {
    if (!Array.isArray(expected)) return value.some((item) => isSame(item, expected))
    return expected.every((part) => value.some((item) => contains(item, part)))
  }
  if (isObject(value) && isObject(expected))
    return Object.entries(expected).every(([key, part]) => Object.hasOwn(value, key) && contains(value[key], part))
  return isSame(value, expected)
}
const hasKey = (value: unknown, key: unknown) =>
  Array.isArray(value) ? value.includes(key) : isObject(value) && Object.hasOwn(value, String(key))

type Ordered = string | number

/** Compares what is of one kind. */
const asOrdered =
  (test: (value: Ordered, expected: Ordered) => boolean): Lookup =>
  (value, expected) =>
    typeof value === typeof expected && test(value as Ordered, expected as Ordered)

/** Those of Django's lookups that make sense of JSON. */
const LOOKUPS = new Map<string, Lookup>([
  ['exact', isSame],
  ['iexact', asText((value, expected) => value === expected, toUpper)],
  ['contains', contains],
  ['icontains', asText((value, expected) => value.includes(expected), toUpper)],
  ['startswith', asText((value, expected) => value.startsWith(expected))],
  ['istartswith', asText((value, expected) => value.startsWith(expected), toUpper)],
  ['endswith', asText((value, expected) => value.endsWith(expected))],
  ['iendswith', asText((value, expected) => value.endsWith(expected), toUpper)],
  // With another value than true or false Django gives up, and authentik lists all.
  ['isnull', (value, expected) => typeof expected !== 'boolean' || (value === undefined) === expected],
  ['in', (value, expected) => Array.isArray(expected) && expected.some((item) => isSame(value, item))],
  ['has_key', hasKey],
  ['has_keys', (value, expected) => Array.isArray(expected) && expected.every((key) => hasKey(value, key))],
  ['has_any_keys', (value, expected) => Array.isArray(expected) && expected.some((key) => hasKey(value, key))],
  ['gt', asOrdered((value, expected) => value > expected)],
  ['gte', asOrdered((value, expected) => value >= expected)],
  ['lt', asOrdered((value, expected) => value < expected)],
  ['lte', asOrdered((value, expected) => value <= expected)],
])

/** Attributes put together, later ones over earlier: objects are merged, lists joined. */
export const merge = (layers: readonly Attributes[]): Attributes => layers.reduce(mergeObjects, {})

function mergeTwo(lower: unknown, upper: unknown): unknown {
  if (Array.isArray(lower) && Array.isArray(upper)) return [...lower, ...upper]
  return isObject(lower) && isObject(upper) ? mergeObjects(lower, upper) : upper
}

function mergeObjects(lower: Attributes, upper: Attributes): Attributes {
  const keys = [...new Set([...Object.keys(lower), ...Object.keys(upper)])]
  const mergeKey = (key: string) =>
    Object.hasOwn(lower, key) && Object.hasOwn(upper, key)
      ? mergeTwo(lower[key], upper[key])
      : (Object.hasOwn(upper, key) ? upper : lower)[key]
  return Object.fromEntries(keys.map((key) => [key, mergeKey(key)]))
}
