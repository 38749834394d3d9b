/** Every release that can be chosen. */
import type { Release } from '../core/release.ts'
import { release as base } from './2024.8.3.ts'

const releases: readonly Release[] = [base]

/** @throws RangeError for a release that is not known */
export function findRelease(version: string): Release {
  const found = releases.find((one) => one.version === version)
  if (!found) throw new RangeError(`Failed to find the release "${version}". Known: ${releases.map((one) => one.version).join(', ')}.`)
  return found
}
