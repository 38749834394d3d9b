/** Every release that can be chosen. */
import type { Release } from '../core/release.ts'
import { release as base } from './2024.8.3.ts'

/** Patches whose API is that of the base. */
const releases: readonly Release[] = ['2024.8.0', '2024.8.1', '2024.8.2', '2024.8.3', '2024.8.4'].map((version) => ({ ...base, version }))

/** @throws RangeError for a release that is not known */
export function findRelease(version: string): Release {
  const found = releases.find((one) => one.version === version)
  if (!found) throw new RangeError(`Failed to find the release "${version}". Known: ${releases.map((one) => one.version).join(', ')}.`)
  return found
}
