/**
 * How much of each property a run tries. `npm test` tries a part of what is many, and `npm run test:all` the whole: every
 * definition of a release, every run of a property. No test is left out of both.
 */
import { findRelease, versions } from '../../src/authentik/releases/index.ts'
import { toDocument } from '../../src/rest/document.ts'

/** Whether everything is tried. */
export const isWhole = process.env['TEST_TIER'] === 'all'

/** How often a property is tried. @param whole how often when everything is */
export const runsOf = (whole: number): number => (isWhole ? whole : Math.ceil(whole / 40))

/** The oldest, the base and the newest, and some between which answers change most. */
export const SPREAD: readonly string[] = ['2024.2.0', '2024.8.3', '2025.8.6', '2026.8.3']

/**
 * The releases that a test tries which is about each release: the last of each definition, or a spread of them.
 *
 * Two releases are of one definition when they have the same document, the same behaviour and the same filters, so that
 * nothing but their name tells them apart.
 */
export const triedReleases = (): readonly string[] => (isWhole ? definitions() : SPREAD)

/** The last release of each definition, the oldest first. */
export function definitions(): string[] {
  const lastOfEach = new Map<string, string>()
  for (const version of versions) lastOfEach.set(definitionOf(version), version)
  return [...lastOfEach.values()]
}

const functionIds = new Map<unknown, number>()
const idOf = (code: unknown) => {
  functionIds.set(code, functionIds.get(code) ?? functionIds.size)
  return functionIds.get(code)
}

/** Writes all that a release is, but for its name. A function counts by its identity. */
function definitionOf(version: string): string {
  const release = findRelease(version)
  const filters = release.operations.map((operation) => [operation.id, operation.query, operation.filters])
  const code = JSON.stringify(filters, (key, value: unknown) =>
    key === 'schema' ? undefined : typeof value === 'function' ? `function ${idOf(value)}` : value,
  )
  return JSON.stringify([toDocument(release), release.behaviour, code]).replaceAll(JSON.stringify(version), '""')
}
