/** Versions of authentik: which is older, and which are in a range. */

/** The line of a version. @example lineOf('2024.8.3') // '2024.8' */
export const lineOf = (version: string): string => version.split('.').slice(0, 2).join('.')

/** Which of two versions is older, as `Array.sort` asks; a candidate such as `2026.5.0-rc1` counts as its release. */
export function compareVersions(a: string, b: string): number {
  const [numbers, parts] = [b, a].map((version) => version.split('.').map((text) => Number.parseInt(text, 10)))
  for (const [index, number] of (parts ?? []).entries()) {
    const difference = number - (numbers?.[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * Whether a version is in a range of lines, of which either end may be left open.
 * @example isWithin('2025.12.4', '2024.10-2025.12') // true
 */
export function isWithin(version: string, lines: string): boolean {
  const [first = '', last = ''] = lines.split('-')
  const line = lineOf(version)
  return (first === '' || compareVersions(first, line) <= 0) && (last === '' || compareVersions(line, last) <= 0)
}
