/** What time it is in one mock: every date it gives follows from here. */
import { quote } from '../schema/json.ts'
import { MockError } from './mock-error.ts'

/** An instant as authentik writes it, such as `2024-09-27T14:26:18.306000Z`: six digits of a second or none. */
export type Instant = string

/** The clock of one mock. */
export interface Clock {
  /** Milliseconds since 1970, as `Date.now()`. */
  now(): number
  /**
   * Stops the clock, at an instant or where it is.
   * @param instant a date, milliseconds since 1970, or a text in RFC 3339 with its zone
   * @throws MockError ERR_CLOCK for what is no instant
   * @example clock.freeze('2100-01-01T00:00:00Z')
   */
  freeze(instant?: Date | Instant | number): void
  /** Lets the clock run again from where it stands. */
  run(): void
  /**
   * Moves the clock by so many milliseconds; back when negative.
   * @throws MockError ERR_CLOCK for what is no number, or when it would leave the years 1 to 9999
   * @example clock.move(61_000)
   */
  move(milliseconds: number): void
  /** Shows again what it showed, or stands where it stood, at the start. */
  reset(): void
  /** Whether it stands still. */
  isFrozen(): boolean
  /** Whether an instant has passed; the present one has not, because authentik compares strictly, and null never does. */
  hasPassed(instant: Instant | null): boolean
}

/**
 * A clock that shows real time, or, when it gets an instant, stands still there.
 * @throws MockError ERR_CLOCK when `start` is no instant
 */
export function createClock(start?: Date | Instant | number): Clock {
  let offset = 0
  let stopped: number | undefined
  const now = () => stopped ?? Date.now() + offset
  let second: Second | undefined
  const secondOf = (time: number): Second => {
    const begin = Math.floor(time / 1000)
    if (second?.begin !== begin) second = { begin, text: textOf(begin), next: textOf(begin + 1) }
    return second
  }
  const clock: Clock = {
    now,
    isFrozen: () => stopped !== undefined,
    hasPassed(instant) {
      if (instant === null) return false
      const time = now()
      const { text, next } = secondOf(time)
      if (isPlain(instant) && instant < text) return true
      if (isPlain(instant) && instant >= next) return false
      return time > Date.parse(instant)
    },
    freeze(instant) {
      stopped = instant === undefined ? now() : toMilliseconds(instant)
    },
    run() {
      if (stopped === undefined) return
      offset = stopped - Date.now()
      stopped = undefined
    },
    move(milliseconds) {
      if (typeof milliseconds !== 'number')
        throw new MockError(
          'ERR_CLOCK',
          `Failed to move the clock: ${quote(milliseconds)} is no number of milliseconds. Write one such as 61_000.`,
        )
      toMilliseconds(now() + milliseconds)
      if (stopped === undefined) offset += milliseconds
      else stopped += milliseconds
    },
    reset() {
      offset = 0
      stopped = start === undefined ? undefined : toMilliseconds(start)
    },
  }
  clock.reset()
  return clock
}

/** Whether a text is in the order of time: in UTC, with seconds and a year of four digits. To read it takes ten times as long. */
const isPlain = (instant: Instant) => instant[4] === '-' && instant[16] === ':' && instant.endsWith('Z')

/** A second, by what the texts of its instants begin with. */
interface Second {
  /** In seconds since 1970. */
  begin: number
  text: string
  /** What the texts of the next second begin with. */
  next: string
}

/** What the texts of the instants of a second begin with; what is after each text where that is beyond the year 9999. */
const textOf = (second: number): string =>
  second * 1000 > RANGE.last ? ':' : new Date(second * 1000).toISOString().slice(0, 19)

/**
 * Writes milliseconds since 1970, and microseconds within the millisecond, as authentik does. What would be later than
 * the year 9999, such as the end of what is made in that year, ends with it.
 */
export function toInstant(milliseconds: number, microseconds = 0): Instant {
  const iso = new Date(Math.min(milliseconds, RANGE.last)).toISOString()
  const fraction = iso.slice(20, 23) + String(microseconds).padStart(3, '0')
  return fraction === '000000' ? `${iso.slice(0, 19)}Z` : `${iso.slice(0, 19)}.${fraction}Z`
}

/**
 * Reads an instant in the form of RFC 3339: a day, a time with its seconds, and a zone.
 *
 * @returns milliseconds since 1970; what is finer than a millisecond is cut off
 * @throws MockError ERR_CLOCK for another text, with what is wrong with it and what to write instead
 * @example readInstant('2024-09-27T16:26:18+02:00') // 1727447178000
 */
export function readInstant(text: string): number {
  const [, day, time, fraction = '', zone] = RFC_3339.exec(text) ?? []
  if (day === undefined || time === undefined) throw instantError('')
  if (zone === undefined) throw instantError('It has no zone. ', `${text}Z for UTC, or another zone such as +02:00`)
  if (!isDay(day)) throw instantError('There is no such day. ')
  // Date.parse takes 24:00:00 for the next midnight.
  const instant = time.startsWith('24')
    ? Number.NaN
    : Date.parse(`${day}T${time}${fraction.slice(0, 4)}${zone.toUpperCase()}`)
  if (Number.isNaN(instant)) throw instantError('There is no such time. ')
  if (!isInRange(instant)) throw instantError(OUT_OF_RANGE)
  return instant
}

/** Whether the calendar has a day, such as `2024-02-29`; Date.parse takes a 31 February for a 2 March. */
export function isDay(day: string): boolean {
  const midnight = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day)
}

const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)?$/

const ISO_8601 = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,6})?)?)(Z|[+-]\d\d(?::?\d\d)?)?)?$/

/** ISO 8601 as Django reads it, in UTC where it does not say otherwise. @returns undefined for what is no instant to Django */
export function readIso8601(value: string): { milliseconds: number; microseconds: number } | undefined {
  const [, day, time = '00:00', zone = 'Z'] = ISO_8601.exec(value) ?? []
  if (day === undefined || !isDay(day) || time.startsWith('24')) return undefined
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')
  const milliseconds = Date.parse(`${day}T${time.replace(',', '.')}${offset}`)
  const [, fraction = ''] = /[.,](\d+)/.exec(time) ?? []
  return Number.isNaN(milliseconds)
    ? undefined
    : { milliseconds, microseconds: Number(fraction.padEnd(6, '0').slice(3)) }
}

/** The years that Python's dates have, and with them authentik's. */
const RANGE = { first: Date.parse('0001-01-01T00:00:00Z'), last: Date.parse('9999-12-31T23:59:59.999Z') }
const isInRange = (milliseconds: number) => milliseconds >= RANGE.first && milliseconds <= RANGE.last
const OUT_OF_RANGE = 'It is not within the years 1 to 9999. '

const instantError = (reason: string, remedy = 'one like 2024-09-27T14:26:18Z') =>
  new MockError('ERR_CLOCK', `${reason}Write ${remedy}.`)

/** @throws MockError ERR_CLOCK for what is no instant */
function toMilliseconds(instant: Date | Instant | number): number {
  try {
    if (typeof instant === 'string') return readInstant(instant)
    if (typeof instant !== 'number' && !isDate(instant)) throw instantError('')
    const milliseconds = Number(instant)
    if (!isInRange(milliseconds)) throw instantError(Number.isFinite(milliseconds) ? OUT_OF_RANGE : '')
    return milliseconds
  } catch (error) {
    if (!(error instanceof MockError)) throw error
    throw new MockError('ERR_CLOCK', `Failed to set the clock: ${quote(instant)} is no instant. ${error.message}`)
  }
}

/** A date of another realm, such as that of a test environment, is no instance of this one's Date. */
const isDate = (value: unknown) => Object.prototype.toString.call(value) === '[object Date]'

/** The instant in the documentation's example, from which a seeded world counts its past. */
export const EPOCH = Date.parse('2024-09-27T14:26:18.306Z')

/** A day in milliseconds. */
export const DAY = 86_400_000
