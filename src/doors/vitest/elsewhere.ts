/** Tells which releases have a name that the release of a mock has not. */
import type { AuthentikRelease } from '../../authentik/behaviour.ts'
import { compareVersions, findRelease, lastOfLines, lineOf, versions } from '../../authentik/releases/index.ts'

/**
 * Where a name is, in words. It reads the documents of other releases, which takes a moment: only a message needs it.
 * @param release the version that has it not
 * @param has whether another has it
 * @returns undefined where none has it
 * @example whereElse('2024.8.3', hasOperation) // 'it is there from 2025.8 on'
 */
export function whereElse(release: string, has: (release: AuthentikRelease) => boolean): string | undefined {
  const isThere = (version: string) => has(findRelease(version))
  // The last patch of a line stands for it: what a line has gained it keeps to its end.
  const ends = lastOfLines()
  const end = ends.find((version) => compareVersions(version, release) > 0 && isThere(version))
  const earlier = ends.findLast((version) => compareVersions(version, release) < 0 && isThere(version))
  if (end === undefined) return earlier && `it was there until ${lineOf(earlier)}`
  const patches = versions.filter((version) => lineOf(version) === lineOf(end) && compareVersions(version, release) > 0)
  const first = patches.find(isThere) ?? end
  const name = first.endsWith('.0') ? lineOf(first) : first
  const last = ends.findLast(isThere)
  if (last === ends.at(-1)) return `it is there from ${name} on`
  return last === end ? `it is in ${lineOf(end)} alone` : `it is there from ${name} to ${lineOf(last ?? end)}`
}
