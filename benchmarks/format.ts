/** Writes results as Markdown. */

/** Writes a table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map((_, index) => (index === 0 ? '---' : '---:')), ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/**
 * Writes a number with about three digits that count, and commas between thousands.
 * @example formatNumber(1234.5) // '1,235'
 * @example formatNumber(12.345) // '12.3'
 */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return 'not measured'
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return Number.isInteger(value) ? value.toLocaleString('en') : value.toLocaleString('en', fixed(digits))
}

/** Writes a ratio. */
export const formatRatio = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : 'not measured')

const fixed = (digits: number) => ({ minimumFractionDigits: digits, maximumFractionDigits: digits })

/**
 * Writes the lists of a report, whatever they hold, as a table each: a row for each member, a column for each key.
 * @example formatLists({ worlds: [{ codes: 100, perCode: 33 }] }, { perCode: 'µs' })
 * @param units the units of numbers by their key
 */
export function formatLists(report: object, units: Readonly<Record<string, string>>): string[] {
  return Object.values(report).flatMap((list: unknown) => {
    const rows = Array.isArray(list) ? list.filter(isRecord) : []
    const keys = [...new Set(rows.flatMap(Object.keys))]
    if (keys.length === 0) return []
    const cells = rows.map((row) => keys.map((key) => formatCell(row[key], units[key])))
    return [table(keys.map(toWords), cells)]
  })
}

function formatCell(value: unknown, unit: string | undefined): string {
  if (typeof value !== 'number') return value === undefined || value === null ? '' : String(value)
  return unit === undefined ? formatNumber(value) : `${formatNumber(value)} ${unit}`
}

/** Parts a name into words: `afterDelete` becomes `after delete`. */
const toWords = (name: string) =>
  name === 'name' ? '' : name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

/** Tells whether a value is an object whose keys can be read. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
