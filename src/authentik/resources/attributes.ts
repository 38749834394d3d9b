/** Free attributes of users and groups: how they are looked for, and put together. */
import type { Filter } from '../../rest/filters.ts'
import { Problem } from '../../rest/errors.ts'
import { text } from '../../schema/words.ts'

type Attributes = Record<string, unknown>

/**
 * Keeps what has these attributes, given as the JSON of an object: `{"department": "R&D", "settings__locale": "en"}`.
 * A key may end in one of Django's lookups: `{"department__icontains": "r"}`.
 */
export const attributesFilter = (): Filter<{ attributes: Attributes }> => ({
  schema: text(),
  late: true,
  read(given) {
    const last = given.at(-1)?.trim()
    if (!last) return undefined
    const wanted = parse(last)
    if (wanted === undefined) throw new Problem(400, ['filter: failed to parse JSON'])
    if (wanted === null || typeof wanted !== 'object' || Array.isArray(wanted))
      throw new Problem(400, ['filter: value must be key:value mapping'])
    const tests = Object.entries(wanted).map(([key, value]) => toTest(key, value))
    return (row) => tests.every((test) => test(row.attributes))
  },
})

function parse(json: string): unknown {
  try {
    // Python takes these for numbers.
    return /^\s*-?(NaN|Infinity)\s*$/.test(json) ? Number.NaN : JSON.parse(json)
  } catch {
    return undefined
  }
}

function toTest(key: string, wanted: unknown): (attributes: Attributes) => boolean {
  const steps = key.split('__')
  const lookup = LOOKUPS.get(steps.at(-1)!)
  const path = lookup ? steps.slice(0, -1) : steps
  return (attributes) =>
    (lookup ?? isSame)(
      path.reduce<any>((value, step) => (Object.hasOwn(value ?? {}, step) ? value[step] : undefined), attributes),
      wanted,
    )
}

type Lookup = (value: unknown, wanted: any) => boolean

const isSame: Lookup = (value, wanted) => value !== undefined && sorted(value) === sorted(wanted)

/** The order of an object's keys says nothing. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, one) =>
    isObject(one) ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))) : one,
  )

const inText =
  (test: (own: string, wanted: string) => boolean, fold: (own: string) => string = (own) => own): Lookup =>
  (value, wanted) =>
    value !== undefined &&
    value !== null &&
    test(fold(typeof value === 'string' ? value : JSON.stringify(value)), fold(String(wanted)))
const upper = (own: string) => own.toUpperCase()

/** As PostgreSQL has it: a list contains the items of another in any order, an object the keys of another. */
const contains: Lookup = (value, wanted) => {
  if (Array.isArray(value))
    return Array.isArray(wanted)
      ? wanted.every((one) => value.some((own) => contains(own, one)))
      : value.some((own) => isSame(own, wanted))
  if (isObject(value) && isObject(wanted))
    return Object.entries(wanted).every(([key, one]) => Object.hasOwn(value, key) && contains(value[key], one))
  return isSame(value, wanted)
}
const hasKey = (value: unknown, key: unknown) =>
  Array.isArray(value) ? value.includes(key) : isObject(value) && Object.hasOwn(value, String(key))

/** Those of Django's lookups that make sense of JSON. */
const LOOKUPS = new Map<string, Lookup>([
  ['exact', isSame],
  ['iexact', inText((own, wanted) => own === wanted, upper)],
  ['contains', contains],
  ['icontains', inText((own, wanted) => own.includes(wanted), upper)],
  ['startswith', inText((own, wanted) => own.startsWith(wanted))],
  ['istartswith', inText((own, wanted) => own.startsWith(wanted), upper)],
  ['endswith', inText((own, wanted) => own.endsWith(wanted))],
  ['iendswith', inText((own, wanted) => own.endsWith(wanted), upper)],
  // With another value than true or false Django gives up, and authentik lists all.
  ['isnull', (value, wanted) => typeof wanted !== 'boolean' || (value === undefined) === wanted],
  ['in', (value, wanted) => Array.isArray(wanted) && wanted.some((one) => isSame(value, one))],
  ['has_key', hasKey],
  ['has_keys', (value, wanted) => Array.isArray(wanted) && wanted.every((key) => hasKey(value, key))],
  ['has_any_keys', (value, wanted) => Array.isArray(wanted) && wanted.some((key) => hasKey(value, key))],
  ['gt', (value, wanted) => typeof value === typeof wanted && (value as number) > wanted],
  ['gte', (value, wanted) => typeof value === typeof wanted && (value as number) >= wanted],
  ['lt', (value, wanted) => typeof value === typeof wanted && (value as number) < wanted],
  ['lte', (value, wanted) => typeof value === typeof wanted && (value as number) <= wanted],
])

/** Attributes put together, later ones over earlier: objects are merged, lists joined. */
export const merge = (all: readonly Attributes[]): Attributes =>
  all.reduce<Attributes>((sum, one) => mergeTwo(sum, one) as Attributes, {})

function mergeTwo(under: unknown, over: unknown): unknown {
  if (Array.isArray(under) && Array.isArray(over)) return [...under, ...over]
  if (!isObject(under) || !isObject(over)) return over
  return Object.fromEntries(
    [...new Set([...Object.keys(under), ...Object.keys(over)])].map((key) => [
      key,
      key in under && key in over ? mergeTwo(under[key], over[key]) : (over[key] ?? under[key]),
    ]),
  )
}

const isObject = (value: unknown): value is Attributes =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
