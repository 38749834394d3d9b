/** What time it is in one mock: every date it gives follows from here. */

/** An instant as authentik writes it, such as `2024-09-27T14:26:18.306000Z`: six digits of a second or none (FACTS 2). */
export type Instant = string

export interface Clock {
  /** Milliseconds since 1970, as `Date.now()`. */
  now(): number
  /** Stops the clock, at `at` or where it is. */
  freeze(at?: Date | Instant | number): void
  /** Lets the clock run again from where it stands. */
  run(): void
  /** Moves the clock by so many milliseconds; back when negative. */
  move(milliseconds: number): void
  /** Shows again what it showed, or stands where it stood, at the start. */
  reset(): void
  /** Whether an instant has passed; the one that is now has not (authentik compares strictly, FACTS 2.1). */
  hasPassed(instant: Instant): boolean
  /** Runs something, and says the first millisecond at which it might see another time than it saw. */
  watch<T>(run: () => T): { result: T; until: number }
  /** How often the clock was set by hand. */
  readonly moves: number
}

/**
 * A clock that shows real time, or, given an instant, stands still there.
 * @throws RangeError when `at` is no instant.
 */
export function createClock(at?: Date | Instant | number): Clock {
  let offset = 0
  let stopped: number | undefined
  let until = Infinity
  let moves = 0
  const now = () => stopped ?? Date.now() + offset
  const clock: Clock = {
    now() {
      const shown = now()
      until = Math.min(until, shown + 1)
      return shown
    },
    hasPassed(instant) {
      const last = Date.parse(instant)
      const passed = now() > last
      if (!passed) until = Math.min(until, last + 1)
      return passed
    },
    watch(run) {
      until = Infinity
      return { result: run(), until }
    },
    get moves() {
      return moves
    },
    freeze(instant) {
      moves++
      stopped = instant === undefined ? now() : toMilliseconds(instant)
    },
    run() {
      moves++
      if (stopped === undefined) return
      offset = stopped - Date.now()
      stopped = undefined
    },
    move(milliseconds) {
      moves++
      if (stopped === undefined) offset += milliseconds
      else stopped += milliseconds
    },
    reset() {
      moves++
      offset = 0
      stopped = at === undefined ? undefined : toMilliseconds(at)
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

function toMilliseconds(at: Date | Instant | number): number {
  const milliseconds = typeof at === 'number' ? at : at instanceof Date ? at.getTime() : Date.parse(at)
  if (Number.isNaN(milliseconds))
    throw new RangeError(`Failed to set the clock: "${String(at)}" is no instant. Write one like 2024-09-27T14:26:18Z.`)
  return milliseconds
}

/** The instant in the documentation's example, from which a seeded world counts its past. */
export const EPOCH = Date.parse('2024-09-27T14:26:18.306Z')

export const DAY = 86_400_000
