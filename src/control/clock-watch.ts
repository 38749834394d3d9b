/** Tells when a clock is set, stopped or moved. */
import type { Clock } from '../store/clock.ts'

/** The same clock, which tells of what is done to it. */
export function createClockWatch(clock: Clock, tell: () => void): Clock {
  const watched =
    <Arguments extends readonly unknown[]>(change: (...values: Arguments) => void) =>
    (...values: Arguments) => {
      change(...values)
      tell()
    }
  return {
    ...clock,
    freeze: watched(clock.freeze),
    run: watched(clock.run),
    move: watched(clock.move),
    reset: watched(clock.reset),
  }
}
