/** What a clock shows, and how it is kept and brought back. */
import { toInstant, type Clock } from '../store/clock.ts'
import type { ClockState } from './types.ts'

/** Where a clock stands, in milliseconds since 1970, and whether it stands still. */
export interface KeptClock {
  now: number
  isFrozen: boolean
}

/** What a clock shows. */
export const clockState = (clock: Clock): ClockState => ({ now: toInstant(clock.now()), frozen: clock.isFrozen() })

/** Where a clock stands, for `restoreClock`. */
export const keepClock = (clock: Clock): KeptClock => ({ now: clock.now(), isFrozen: clock.isFrozen() })

/** Sets a clock to where it stood. */
export function restoreClock(clock: Clock, { now, isFrozen }: KeptClock): void {
  clock.freeze(now)
  if (!isFrozen) clock.run()
}
