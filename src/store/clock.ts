/** What time it is in one mock: every date it gives follows from here. */
import { MockError } from './mock-error.ts'

/** An instant as authentik writes it, such as `2024-09-27T14:26:18.306000Z`: six digits of a second or none. */
export type Instant = string

/** The clock of one mock. */
export interface Clock {
  /** Milliseconds since 1970, as `Date.now()`. */
  now(): number
  /** Stops the clock, at an instant or where it is. @example clock.freeze('2100-01-01T00:00:00Z') */
  freeze(instant?: Date | Instant | number): void
  /** Lets the clock run again from where it stands. */
  run(): void
  /** Moves the clock by so many milliseconds; back when negative. @example clock.move(61_000) */
  move(milliseconds: number): void
  /** Shows again what it showed, or stands where it stood, at the start. */
  reset(): void
  /** Whether an instant has passed; the present one has not, because authentik compares strictly. */
  hasPassed(instant: Instant): boolean
}

/**
 * A clock that shows real time, or, when it gets an instant, stands still there.
 * @throws MockError ERR_CLOCK when `start` is no instant
 */
export function createClock(start?: Date | Instant | number): Clock {
  let offset = 0
  let stopped: number | undefined
  const now = () => stopped ?? Date.now() + offset
  const clock: Clock = {
    now,
    hasPassed: (instant) => now() > Date.parse(instant),
    freeze(instant) {
      stopped = instant === undefined ? now() : toMilliseconds(instant)
    },
    run() {
      if (stopped === undefined) return
      offset = stopped - Date.now()
      stopped = undefined
    },
    move(milliseconds) {
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

/** Writes milliseconds since 1970, and microseconds within the millisecond, as authentik does. */
export function toInstant(milliseconds: number, microseconds = 0): Instant {
  const iso = new Date(milliseconds).toISOString()
  const fraction = iso.slice(20, 23) + String(microseconds).padStart(3, '0')
  return fraction === '000000' ? `${iso.slice(0, 19)}Z` : `${iso.slice(0, 19)}.${fraction}Z`
}

function toMilliseconds(instant: Date | Instant | number): number {
  const date = typeof instant === 'string' ? new Date(Date.parse(instant)) : new Date(instant)
  if (!Number.isNaN(date.getTime())) return typeof instant === 'number' ? instant : date.getTime()
  const remedy = 'Write one like 2024-09-27T14:26:18Z.'
  throw new MockError('ERR_CLOCK', `Failed to set the clock: "${String(instant)}" is no instant. ${remedy}`)
}

/** The instant in the documentation's example, from which a seeded world counts its past. */
export const EPOCH = Date.parse('2024-09-27T14:26:18.306Z')

/** A day in milliseconds. */
export const DAY = 86_400_000
