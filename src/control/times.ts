/** Times as people write them: an instant, or a duration from now. */
import { readInstant, toInstant, type Clock } from '../store/clock.ts'
import { controlError } from './control-error.ts'

const UNITS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
])

/** The first instant that authentik knows. */
const EARLIEST = Date.parse('0001-01-01T00:00:00Z')
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

/**
 * Reads when something is to expire.
 * @param expires an instant, a duration from now such as `+5m`, or null for never
 * @returns milliseconds since 1970; null for never, undefined where nothing is said
 * @throws MockError ERR_CONTROL
 */
export function readExpiry(expires: unknown, clock: Pick<Clock, 'now'>): number | null | undefined {
  if (expires === undefined || expires === null) return expires
  const duration = typeof expires === 'string' ? readDuration(expires) : undefined
  try {
    // What is later than the year 9999 ends with it.
    if (duration !== undefined) return readInstant(toInstant(Math.max(clock.now() + duration, EARLIEST)))
    return readInstant(String(expires))
  } catch {
    throw controlError([
      `expires: ${JSON.stringify(expires)} is neither an instant nor a duration; write 2024-09-27T14:26:18Z or +5m`,
    ])
  }
}
