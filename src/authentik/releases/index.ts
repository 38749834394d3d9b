/** Every release that can be chosen, by lines. A new line is a file of notes, and a name in this list. */
import { quote } from '../../schema/json.ts'
import { nearestTo } from '../../schema/nearest.ts'
import { MockError } from '../../store/mock-error.ts'
import type { AuthentikRelease } from '../behaviour.ts'
import { operations } from '../resources/index.ts'
import { line as v2024_2 } from './2024.2.ts'
import { line as v2024_4 } from './2024.4.ts'
import { line as v2024_6 } from './2024.6.ts'
import { line as v2024_8 } from './2024.8.ts'
import { line as v2024_10 } from './2024.10.ts'
import { line as v2024_12 } from './2024.12.ts'
import { line as v2025_2 } from './2025.2.ts'
import { line as v2025_4 } from './2025.4.ts'
import { line as v2025_6 } from './2025.6.ts'
import { line as v2025_8 } from './2025.8.ts'
import { line as v2025_10 } from './2025.10.ts'
import { line as v2025_12 } from './2025.12.ts'
import { line as v2026_2 } from './2026.2.ts'
import { line as v2026_5 } from './2026.5.ts'
import { line as v2026_8 } from './2026.8.ts'
import { toRelease, type ReleaseLine } from './note.ts'
import { compareVersions, lineOf } from './versions.ts'

export { compareVersions, lineOf } from './versions.ts'

const LINES: readonly ReleaseLine[] = [
  v2024_2,
  v2024_4,
  v2024_6,
  v2024_8,
  v2024_10,
  v2024_12,
  v2025_2,
  v2025_4,
  v2025_6,
  v2025_8,
  v2025_10,
  v2025_12,
  v2026_2,
  v2026_5,
  v2026_8,
]

/** The release that the mock is unless another is asked for: the one whose documentation it was first written from. */
export const DEFAULT_RELEASE = '2024.8.3'

/** Every release, the oldest first. */
export const versions: readonly string[] = LINES.flatMap(({ name, lastPatch }) =>
  Array.from({ length: lastPatch + 1 }, (_, patch) => `${name}.${patch}`),
)

/** The last release of each line, the oldest first. */
export const lastOfLines = (): string[] =>
  versions.filter((version, index) => lineOf(version) !== lineOf(versions[index + 1] ?? ''))

const releases = new Map<string, AuthentikRelease>()

/**
 * A release by its name.
 * @param text a release such as `2024.8.3`; a line of them such as `2024.8`, of which it is the last; `latest`; or a
 * version of authentik's client, such as `2024.8.3-1729836831`, which is that of the release that it was made for; or a
 * candidate for a release, such as `2026.2.3-rc1`, which is as that
 * @throws MockError ERR_RELEASE for a release that is not known
 */
export function findRelease(text: string): AuthentikRelease {
  if (typeof text !== 'string')
    throw new MockError('ERR_RELEASE', `Failed to find the release ${quote(text)}: it is no text. Write it in quotes.`)
  const name = text === 'latest' ? (versions.at(-1) ?? DEFAULT_RELEASE) : text.replace(/(?<=\..*)-(rc)?\d+$/, '')
  const line = LINES.find((candidate) => name === candidate.name || name.startsWith(`${candidate.name}.`))
  const version = line && name === line.name ? `${name}.${line.lastPatch}` : name
  if (!line || !versions.includes(version)) throw unknownRelease(text, name)
  const [first] = line.notes
  const note = line.notes.findLast((candidate) => compareVersions(candidate.version, version) <= 0) ?? first
  const release = releases.get(version) ?? toRelease(version, note, operations)
  releases.set(version, release)
  return release
}

/** @param name the text without what a client or a candidate has behind it */
function unknownRelease(text: string, name: string): MockError {
  const lines = LINES.map((line) => line.name).join(', ')
  const message = `Failed to find the release "${text}". The nearest is ${nearestRelease(name)}; known are the lines ${lines}.`
  return new MockError('ERR_RELEASE', message)
}

/** The newest that begins so, or has it in its name; else the one that differs least: in time where both are numbers, in letters otherwise. */
function nearestRelease(name: string): string {
  const text = name.replace(/^v/i, '').replace(/^(\d{4})[-_](?=\d)/, '$1.')
  const newestFirst = versions.toReversed()
  const newest = newestFirst.find((version) => version.startsWith(text))
  if (text && newest) return newest
  const isNumeric = /^\d{4}\.\d+(\.\d+)?$/.test(name)
  if (!isNumeric) return nearestTo(text || name, newestFirst)
  const weights = [12, 1, 0.01]
  const toMonths = (version: string) =>
    version.split('.').reduce((sum, part, index) => sum + Number(part) * (weights[index] ?? 0), 0)
  const difference = (version: string) => Math.abs(toMonths(version) - toMonths(name))
  return newestFirst.sort((a, b) => difference(a) - difference(b))[0] ?? DEFAULT_RELEASE
}
