/** Every release that can be chosen, each as what changed since another. */
import { distance } from 'fastest-levenshtein'
import type { Release } from '../../rest/operation.ts'
import { toOperations, type Note } from './note.ts'
import { operations } from '../resources/index.ts'
import { note as v2024_2 } from './2024.2.0.ts'
import { note as v2024_4 } from './2024.4.0.ts'
import { note as v2024_6 } from './2024.6.0.ts'
import { note as v2024_8 } from './2024.8.0.ts'
import { note as v2024_8_5 } from './2024.8.5.ts'
import { note as v2024_10 } from './2024.10.0.ts'
import { note as v2024_10_3 } from './2024.10.3.ts'
import { note as v2024_12 } from './2024.12.0.ts'
import { note as v2025_2 } from './2025.2.0.ts'
import { note as v2025_4 } from './2025.4.0.ts'
import { note as v2025_8 } from './2025.8.0.ts'
import { note as v2025_8_6 } from './2025.8.6.ts'
import { note as v2025_10 } from './2025.10.0.ts'
import { note as v2025_10_4 } from './2025.10.4.ts'
import { note as v2025_12 } from './2025.12.0.ts'
import { note as v2025_12_2 } from './2025.12.2.ts'
import { note as v2025_12_5 } from './2025.12.5.ts'
import { note as v2026_2 } from './2026.2.0.ts'
import { note as v2026_2_2 } from './2026.2.2.ts'
import { note as v2026_2_3 } from './2026.2.3.ts'
import { note as v2026_5 } from './2026.5.0.ts'
import { note as v2026_8 } from './2026.8.0.ts'
import { behaviourOf } from './behaviour.ts'

/** In order: a patch has what the nearest before it has. */
const notes: readonly Note[] = [
  v2024_2,
  v2024_4,
  v2024_6,
  v2024_8,
  v2024_8_5,
  v2024_10,
  v2024_10_3,
  v2024_12,
  v2025_2,
  v2025_4,
  v2025_8,
  v2025_8_6,
  v2025_10,
  v2025_10_4,
  v2025_12,
  v2025_12_2,
  v2025_12_5,
  v2026_2,
  v2026_2_2,
  v2026_2_3,
  v2026_5,
  v2026_8,
]

/** The last patch of each line. */
const LAST: Record<string, number> = {
  '2024.2': 4,
  '2024.4': 4,
  '2024.6': 5,
  '2024.8': 6,
  '2024.10': 5,
  '2024.12': 5,
  '2025.2': 4,
  '2025.4': 4,
  '2025.6': 4,
  '2025.8': 6,
  '2025.10': 4,
  '2025.12': 6,
  '2026.2': 3,
  '2026.5': 6,
  '2026.8': 3,
}

/** Every release, the oldest first. */
export const versions: readonly string[] = Object.entries(LAST).flatMap(([line, last]) =>
  Array.from({ length: last + 1 }, (_, patch) => `${line}.${patch}`),
)

/**
 * @param wanted a release such as `2024.8.3`, or a line of them such as `2024.8`, of which it is the last
 * @throws RangeError for a release that is not known
 */
export function findRelease(wanted: string): Release {
  const version = wanted in LAST ? `${wanted}.${LAST[wanted]}` : wanted
  if (!versions.includes(version))
    throw new RangeError(
      `Failed to find the release "${wanted}". The nearest is ${nearestTo(wanted)}; known are the lines ${Object.keys(LAST).join(', ')}.`,
    )
  const known = made.get(version)
  if (known) return known
  const note = notes.findLast((one) => compareVersions(one.version, version) <= 0)!
  const release = {
    version,
    operations: toOperations(operations, note),
    behaviour: behaviourOf(version, compareVersions),
  }
  made.set(version, release)
  return release
}

const made = new Map<string, Release>()

/** Which of two versions is older, as `Array.sort` asks. */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [a, b].map((version) => version.split('.').map(Number))
  for (const [at, number] of one!.entries()) if (number !== other![at]) return number - (other![at] ?? 0)
  return 0
}

/** The known one that differs least: in time where both are numbers, in letters otherwise. */
function nearestTo(wanted: string): string {
  const toMonths = (version: string) =>
    version.split('.').reduce((sum, part, at) => sum + Number(part) * [12, 1, 0.01][at]!, 0)
  const isNumeric = /^\d{4}\.\d+(\.\d+)?$/.test(wanted)
  const difference = (version: string) =>
    isNumeric ? Math.abs(toMonths(version) - toMonths(wanted)) : distance(version, wanted)
  return versions.toSorted((a, b) => difference(a) - difference(b))[0]!
}
