/** Durations as authentik writes them: `hours=1;minutes=30` (docs/authentik.md#time-and-expiry). */

const UNITS: ReadonlyMap<string, number> = new Map([
  ['microseconds', 0.001],
  ['milliseconds', 1],
  ['seconds', 1000],
  ['minutes', 60_000],
  ['hours', 3_600_000],
  ['days', 86_400_000],
  ['weeks', 604_800_000],
])

/** The longest that Python keeps, 999,999,999 days. */
const LONGEST = 86_400_000 * 999_999_999

/**
 * Reads a duration. Units that authentik does not know it passes over, if there is one that it does.
 * @returns milliseconds; undefined for what authentik refuses
 * @example toDuration('minutes=1;seconds=30') // 90_000
 */
export function toDuration(text: string): number | undefined {
  let duration: number | undefined
  for (const pair of text.split(';')) {
    const [unit = '', count, ...rest] = pair.split('=')
    if (count === undefined || rest.length) return undefined
    const size = UNITS.get(unit.toLowerCase())
    if (size === undefined) continue
    if (!/^\s*[+-]?(\d+(_\d+)*(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i.test(count)) return undefined
    duration = (duration ?? 0) + Number(count.replaceAll('_', '')) * size
  }
  return duration === undefined || Math.abs(duration) <= LONGEST ? duration : undefined
}
