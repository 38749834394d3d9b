/** Times from now, as people write them: `+5m`, `-1h30m`. */
import { toInstant, type Instant } from './clock.ts'

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
])

const DURATION = /^([+-]?)((?:\d+(?:\.\d+)?(?:ms|[smhdw]))+)$/

/**
 * Reads a duration.
 * @returns milliseconds; undefined for another text
 * @example readDuration('+1h30m') // 5_400_000
 */
export function readDuration(text: string): number | undefined {
  const [, sign, parts] = DURATION.exec(text.trim()) ?? []
  if (parts === undefined) return undefined
  let duration = 0
  for (const [, count, unit = ''] of parts.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g))
    duration += Number(count) * (UNITS.get(unit) ?? 0)
  return sign === '-' ? -duration : duration
}

/** The first instant that authentik knows. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z')

/**
 * The instant that lies a duration from another; what is later than the year 9999 ends with it.
 * @param now in milliseconds since 1970
 * @returns undefined for a text that is no duration
 * @example fromNow('+5m', clock.now())
 */
export function fromNow(text: string, now: number): Instant | undefined {
  const duration = readDuration(text)
  return duration === undefined ? undefined : toInstant(Math.max(now + duration, EARLIEST))
}
