/** Query parameters that narrow down what is seen, in the kinds that authentik's django-filter has (docs/authentik.md#filters). */
import { boolean, dateTime, integer, list, oneOf, text, toOpenApi, uuid, type Schema } from '../schema/words.ts'
import { readIso8601 } from '../store/clock.ts'
import { keysIn, type RowSource } from '../store/resource.ts'
import type { Key } from '../store/table.ts'
import { INVALID_CHOICE } from './errors.ts'
import { toInteger, toUuid } from './python.ts'

// A filter of a list of operations may be of any resource.
// oxlint-disable-next-line typescript/no-explicit-any
export interface Filter<Row extends object = any> {
  /** As documented. */
  schema: Schema
  /**
   * Reads what a query asks for.
   * @param values every value that the query has for it, none of them when it is not there
   * @returns which rows are left; undefined for all
   * @throws FilterError for a value that cannot be
   */
  read(values: readonly string[], source: RowSource): Condition<Row> | undefined
  /** Whether it is looked at only when no other filter is refused. */
  late?: boolean
  /** Whether the document does not say how a list is written, where it says so of others. */
  isBareList?: boolean
}

/** Values that a row must have, or a test of it. */
export type Condition<Row extends object> = Partial<Row> | RowTest<Row>

/** A test of a row. */
export type RowTest<Row extends object> = (row: Row, source: RowSource) => boolean

/** Why a filter's value cannot be: 400, under the filter's name. */
export class FilterError extends Error {
  override readonly name = 'FilterError'
}

/** Why a server was seen to fail over a filter's value: by the deviation of this id. */
export class FaultyFilter extends FilterError {
  readonly deviation: string
  constructor(message: string, deviation: string) {
    super(message)
    this.deviation = deviation
  }
}

/** What a filter is made from: a field of a resource, or what follows from a row. */
export interface FilterField<Row extends object> {
  /** The field that holds it, where one does. */
  field?: keyof Row & string
  value(row: Row, source: RowSource): unknown
  /** The texts that it can be, where they are few. */
  choices: readonly string[]
  /** The resource that it points at, by name. */
  target?: string | undefined
  /** As documented. */
  schema: Schema
}

/** A kind of filter, such as `exactly`. */
export type FilterKind = <Row extends object>(field: FilterField<Row>) => Filter<Row>

/**
 * Makes a filter of a value that no field holds.
 * @param options what the kind asks for beside the value: `choices` for `choosing`, a `target` for `pointing`
 * @example filterBy(exactly, (row: User, source) => ...)
 */
export const filterBy = <Row extends object>(
  kind: FilterKind,
  value: (row: Row, source: RowSource) => unknown,
  { choices = [], schema = text(), ...target }: Partial<Pick<FilterField<Row>, 'choices' | 'target' | 'schema'>> = {},
): Filter<Row> => kind<Row>({ value, choices, schema, ...target })

// ---- texts

/** Keeps what has just this text. */
export const exactly: FilterKind = ({ value }) => ofText((expected) => (row, source) => value(row, source) === expected)

/** Keeps what begins with this text. */
export const startingWith: FilterKind = ({ value }) =>
  ofText((start) => (row, source) => String(value(row, source)).startsWith(start))

function ofText<Row extends object>(toCondition: (text: string) => Condition<Row>): Filter<Row> {
  return {
    schema: text(),
    read(values) {
      const last = values.at(-1)?.trim()
      if (!last) return undefined
      if (last.includes('\0')) throw new FilterError('Null characters are not allowed.')
      return toCondition(last)
    },
  }
}

/** Keeps what has this one of a few values. */
export const choosing: FilterKind = ({ value, choices }) => ({
  schema: oneOf(choices),
  read(values) {
    const last = values.at(-1)
    if (!last) return undefined
    checkChoice(last, choices)
    return (row, source) => value(row, source) === last
  },
})

/** Keeps what has any of these of a few values. */
export const choosingAny: FilterKind = ({ value, choices }) => ({
  schema: list(oneOf(choices)),
  read(values) {
    if (values.length === 0) return undefined
    const accepted = new Set(values)
    for (const choice of accepted) checkChoice(choice, choices)
    return (row, source) => accepted.has(String(value(row, source)))
  },
})

function checkChoice(choice: string, choices: readonly string[]): void {
  if (!choices.includes(choice)) throw new FilterError(invalidChoice(choice))
}

const invalidChoice = (choice: string) => `Select a valid choice. ${choice} is not one of the available choices.`

// ---- true and false

const toWords = (truths: readonly string[], falsehoods: readonly string[]): ReadonlyMap<string, boolean> =>
  new Map([...truths.map((word) => [word, true] as const), ...falsehoods.map((word) => [word, false] as const)])

/** What a form's select box takes for true or false; anything else does not narrow. */
const SELECT_BOX = toWords(['true', 'True', '2'], ['false', 'False', '3'])
/** What an API's own widget takes, in any case. */
const WIDGET = toWords(['1', 'true'], ['0', 'false'])

/** Keeps what is so, or is not, as a form's select box says it. */
export const selectBox: FilterKind = ({ value }) => ofBoolean((word) => SELECT_BOX.get(word), value)

/** Keeps what is so, or is not, as an API's widget says it. */
export const widget: FilterKind = ({ value }) => ofBoolean((word) => WIDGET.get(word.toLowerCase()), value)

/** Keeps what has no value, or one. */
export const isNull: FilterKind = ({ value }) =>
  ofBoolean(
    (word) => SELECT_BOX.get(word),
    (row, source) => value(row, source) === null,
  )

function ofBoolean<Row extends object>(
  toBoolean: (word: string) => boolean | undefined,
  value: FilterField<Row>['value'],
): Filter<Row> {
  return filterOfFlag(toBoolean, (row, expected, source) => value(row, source) === expected)
}

/** Keeps what a test says of true or of false, as a form's select box says it. */
export const flagged = <Row extends object>(
  test: (row: Row, expected: boolean, source: RowSource) => boolean,
): Filter<Row> => filterOfFlag((word) => SELECT_BOX.get(word), test)

function filterOfFlag<Row extends object>(
  toBoolean: (word: string) => boolean | undefined,
  test: (row: Row, expected: boolean, source: RowSource) => boolean,
): Filter<Row> {
  return {
    schema: boolean(),
    read(values) {
      const last = values.at(-1)
      const expected = last === undefined ? undefined : toBoolean(last)
      return expected === undefined ? undefined : (row, source) => test(row, expected, source)
    },
  }
}

// ---- keys

/** Keeps what points at the row with this key, which must exist; what points at several, where it is one of them. */
export const pointing: FilterKind = ({ field, value, target = '', schema }) => {
  const hasInteger = toOpenApi(schema).type === 'integer'
  return {
    schema: hasInteger ? integer() : uuid(),
    read(values, source) {
      const last = values.at(-1)
      if (!last) return undefined
      const key = hasInteger ? toInteger(last) : toUuidKey(last)
      const rowKey = typeof key === 'bigint' ? Number(key) : key
      if (rowKey === undefined || !source.tableNamed(target).has(rowKey)) throw new FilterError(INVALID_CHOICE)
      if (field) return { [field]: rowKey } as never
      return (row, rows) => [value(row, rows)].flat().includes(rowKey)
    },
  }
}

/** The UUID that a text writes. @throws FilterError for another text */
export const toUuidKey = (value: string): string => {
  const key = toUuid(value)
  if (key === undefined) throw new FilterError(`“${value}” is not a valid UUID.`)
  return key
}

/** The integer that a text writes. @throws FilterError for another text */
export const toNumberKey = (value: string): number => {
  const key = toInteger(value)
  if (key === undefined) throw new FilterError(`“${value}” is not a valid value.`)
  return Number(key)
}

/**
 * Keeps what has one of these keys, each of which must exist.
 * @param item the schema of one of them
 * @param keysOf the keys that a row has
 * @param toKey reads a key from the query. @throws FilterError for a text that is none
 * @param exists whether there is something with this key
 */
export const among = <Row extends object, K extends Key>(
  item: Schema,
  keysOf: (row: Row, source: RowSource) => readonly K[],
  toKey: (text: string) => K,
  exists: (key: K, source: RowSource) => boolean,
): Filter<Row> => ({
  schema: list(item),
  read(values, source) {
    if (values.length === 0) return undefined
    const keys = values.map((value) => ({ value, key: toKey(value) }))
    for (const { value, key } of keys)
      if (!exists(key, source) || String(key) !== value) throw new FilterError(invalidChoice(value))
    const accepted = new Set(keys.map(({ key }) => key))
    return (row, rows) => keysOf(row, rows).some((candidate) => accepted.has(candidate))
  },
})

/** Keeps what has one of these rows of another resource in its list. */
export const containingAny: FilterKind = ({ value, target = '' }) =>
  among(
    uuid(),
    (row, source) => keysIn(value(row, source)),
    toUuidKey,
    (key, source) => source.tableNamed(target).has(key),
  )

/** Keeps what has this UUID, whether or not it exists. */
export const havingUuid: FilterKind = ({ value }) => ({
  schema: uuid(),
  read(values) {
    const last = values.at(-1)?.trim()
    if (!last) return undefined
    const expected = toUuid(last)
    if (expected === undefined) throw new FilterError('Enter a valid UUID.')
    return (row, source) => value(row, source) === expected
  },
})

// ---- instants

/** Keeps what happens at this instant. */
export const happening: FilterKind = ({ value }) => ofInstant(value, (instant, expected) => instant === expected)
/** Keeps what happens later than this instant. */
export const happeningLater: FilterKind = ({ value }) => ofInstant(value, (instant, expected) => instant > expected)
/** Keeps what happens earlier than this instant. */
export const happeningEarlier: FilterKind = ({ value }) => ofInstant(value, (instant, expected) => instant < expected)

function ofInstant<Row extends object>(
  value: FilterField<Row>['value'],
  test: (instant: number, expected: number) => boolean,
): Filter<Row> {
  return {
    schema: dateTime(),
    read(values) {
      const last = values.at(-1)?.trim()
      if (!last) return undefined
      const expected = readIso8601(last)?.milliseconds
      if (expected === undefined) throw new FilterError('Enter a valid date/time.')
      return (row, source) => test(Date.parse(String(value(row, source))), expected)
    },
  }
}

/** Filters by an instant: at it, later and earlier, each under a name of its own. */
export const instants = <Row extends object>(
  name: string,
  value: (row: Row) => unknown,
): Record<string, Filter<Row>> => ({
  [name]: filterBy(happening, value),
  [`${name}__gt`]: filterBy(happeningLater, value),
  [`${name}__lt`]: filterBy(happeningEarlier, value),
})
