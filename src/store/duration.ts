/** Spans of time as authentik writes them: `hours=1;minutes=30` (FACTS 2.3). */

const UNITS: Record<string, number> = {
  microseconds: 0.001,
  milliseconds: 1,
  seconds: 1000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
}

/** @returns milliseconds; undefined for what authentik refuses. Units that it does not know it passes over, if there is one that it does */
export function toSpan(text: string): number | undefined {
  let span: number | undefined
  for (const pair of text.split(';')) {
    const [unit, count, ...rest] = pair.split('=')
    if (count === undefined || rest.length) return undefined
    const size = Object.hasOwn(UNITS, unit!.toLowerCase()) ? UNITS[unit!.toLowerCase()] : undefined
    if (size === undefined) continue
    if (!/^\s*[+-]?(\d+(_\d+)*(\.\d*)?|\.\d+)(e[+-]?\d+)?\s*$/i.test(count)) return undefined
    span = (span ?? 0) + Number(count.replaceAll('_', '')) * size
  }
  return span
}
