/** Query parameters that narrow down what is seen, in the kinds that authentik's django-filter has (FACTS 3, 7). */
import type { Resource, Known } from '../store/resource.ts'
import { INVALID_CHOICE } from './errors.ts'
import { toInteger, toUuid } from './python.ts'
import { boolean, dateTime, integer, list, oneOf as oneOfSchema, text, uuid, type Schema } from '../schema/words.ts'

export interface Filter<Row extends object = any> {
  /** As documented. */
  schema: Schema
  /**
   * @param given every value that the query has for it, none of them when it is not there
   * @returns which rows are left; undefined for all
   * @throws Refused for a value that cannot be
   */
  read(given: readonly string[], known: Known): Condition<Row> | undefined
  /** Looked at only when no other filter is refused. */
  late?: boolean
}

/** Values that a row must have, or a test of it. */
export type Condition<Row extends object> = Partial<Row> | ((row: Row, known: Known) => boolean)

/** Why a filter's value cannot be: 400, under the filter's name. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

type Value<Row> = (row: Row) => unknown

/** Keeps what points at the row with this integer key. */
export const pointingAt = <Row extends object>(field: keyof Row & string, target: Resource): Filter<Row> => ({
  schema: integer(),
  read(given, known) {
    const last = given.at(-1)
    if (!last) return undefined
    const key = toInteger(last)
    if (key === undefined || !known.rows(target).get(Number(key))) throw new Refused(INVALID_CHOICE)
    return { [field]: Number(key) } as Partial<Row>
  },
})

/** Keeps what has a UUID, among those that exist. */
export const choosing = <Row extends object>(
  value: (row: Row, known: Known) => unknown,
  exists: (uuid: string, known: Known) => boolean,
): Filter<Row> => ({
  schema: uuid(),
  read(given, known) {
    const last = given.at(-1)
    if (!last) return undefined
    if (!exists(checkUuid(last), known)) throw new Refused(INVALID_CHOICE)
    return (row, rows) => value(row, rows) === toUuid(last)
  },
})

/** Keeps what has one of these, each of which must exist. */
export const among = <Row extends object>(
  of: Schema,
  values: (row: Row, known: Known) => readonly (string | number)[],
  toKey: (text: string) => string | number,
  exists: (key: string | number, known: Known) => boolean,
): Filter<Row> => ({
  schema: list(of),
  read(given, known) {
    if (given.length === 0) return undefined
    const keys = given.map(toKey)
    keys.forEach((key, at) => {
      if (!exists(key, known) || String(key) !== given[at]) throw new Refused(invalidChoice(given[at]!))
    })
    return (row, rows) => values(row, rows).some((one) => keys.includes(one))
  },
})

/** The key that a text writes, for `among`. @throws Refused for another text */
export const checkUuid = (given: string): string => toUuid(given) ?? refuse(`“${given}” is not a valid UUID.`)
export const checkInteger = (given: string): number =>
  Number(toInteger(given) ?? refuse(`“${given}” is not a valid value.`))

/** Keeps what has just this text. */
export const exactly = <Row extends object>(value: Value<Row>): Filter<Row> =>
  texts((given) => (row) => value(row) === given)

/** Keeps what begins with this text. */
export const startingWith = <Row extends object>(value: Value<Row>): Filter<Row> =>
  texts((given) => (row) => String(value(row)).startsWith(given))

function texts<Row extends object>(toCondition: (given: string) => Condition<Row>): Filter<Row> {
  return {
    schema: text(),
    read(given) {
      const last = given.at(-1)?.trim()
      if (!last) return undefined
      if (last.includes('\0')) throw new Refused('Null characters are not allowed.')
      return toCondition(last)
    },
  }
}

/** What a form's select box, and what an API's own widget, takes for true or false; anything else does not narrow. */
export const SELECT_BOX = new Map([
  ...['true', 'True', '2'].map((word) => [word, true] as const),
  ...['false', 'False', '3'].map((word) => [word, false] as const),
])
const WIDGET = new Map([
  ...['1', 'true'].map((word) => [word, true] as const),
  ...['0', 'false'].map((word) => [word, false] as const),
])

/** Keeps what is so, or is not. */
export const flag = <Row extends object>(
  test: (row: Row, wanted: boolean, known: Known) => boolean,
  words?: ReadonlyMap<string, boolean>,
): Filter<Row> => ({
  schema: boolean(),
  read(given) {
    const last = given.at(-1)
    const wanted = last === undefined ? undefined : words ? words.get(last) : WIDGET.get(last.toLowerCase())
    return wanted === undefined ? undefined : (row, known) => test(row, wanted, known)
  },
})

/** Keeps what has this UUID, whether or not it exists. */
export const havingUuid = <Row extends object>(value: Value<Row>): Filter<Row> => ({
  schema: uuid(),
  read(given) {
    const last = given.at(-1)?.trim()
    if (!last) return undefined
    const wanted = toUuid(last) ?? refuse('Enter a valid UUID.')
    return (row) => value(row) === wanted
  },
})

/** Keeps what happens at this instant, or what a test says of it. */
export const at = <Row extends object>(
  value: Value<Row>,
  test: (row: Row, wanted: number) => boolean = (row, wanted) => Date.parse(String(value(row))) === wanted,
): Filter<Row> => ({
  schema: dateTime(),
  read(given) {
    const last = given.at(-1)?.trim()
    if (!last) return undefined
    const wanted = toMoment(last)
    if (wanted === undefined) throw new Refused('Enter a valid date/time.')
    return (row) => test(row, wanted)
  },
})

/** ISO 8601, in UTC where it does not say otherwise. @returns milliseconds since 1970; undefined for what is no moment */
function toMoment(given: string): number | undefined {
  const found = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,6})?)?)(Z|[+-]\d\d(?::?\d\d)?)?)?$/.exec(given)
  if (!found) return undefined
  const [, day, time = '00:00', zone = 'Z'] = found
  const moment = Date.parse(
    `${day}T${time.replace(',', '.')}${/^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`,
  )
  return Number.isNaN(moment) ? undefined : moment
}

/** Filters by a moment: at it, before and after, each under a name of its own. */
export function moments<Row extends object>(name: string, value: Value<Row>): Record<string, Filter<Row>> {
  const when = (row: Row) => Date.parse(String(value(row)))
  return {
    [name]: at(value),
    [`${name}__gt`]: at(value, (row, wanted) => when(row) > wanted),
    [`${name}__lt`]: at(value, (row, wanted) => when(row) < wanted),
  }
}

/** Keeps what has no value, or one. */
export const unset = <Row extends object>(value: Value<Row>): Filter<Row> =>
  flag((row, wanted) => (value(row) === null) === wanted, SELECT_BOX)

/** Keeps what has this one of a few values. */
export const oneOf = <Row extends object>(value: Value<Row>, values: readonly string[]): Filter<Row> => ({
  schema: oneOfSchema(values),
  read(given) {
    const last = given.at(-1)
    if (!last) return undefined
    checkChoice(last, values)
    return (row) => value(row) === last
  },
})

/** Keeps what has any of these of a few values. */
export const anyOf = <Row extends object>(value: Value<Row>, values: readonly string[]): Filter<Row> => ({
  schema: list(oneOfSchema(values)),
  read(given) {
    if (given.length === 0) return undefined
    for (const one of given) checkChoice(one, values)
    return (row) => given.includes(value(row) as string)
  },
})

function checkChoice(given: string, values: readonly string[]): void {
  if (!values.includes(given)) throw new Refused(invalidChoice(given))
}

const invalidChoice = (given: string) => `Select a valid choice. ${given} is not one of the available choices.`

function refuse(why: string): never {
  throw new Refused(why)
}
