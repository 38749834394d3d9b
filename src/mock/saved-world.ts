/** A world that was saved. Few mocks load one, so that this is imported when one does; it imports nothing itself. */
import type { WorldState } from '../store/world.ts'
import type { WorldFile } from '../store/world-file.ts'

/** A world as JSON, for a mock that began as the one did that saved it. */
export interface SavedWorld extends WorldState {
  /** What the mock began with: another text for another release, seed, number of codes, token or world. */
  start: string
  world: WorldFile
}

/**
 * Whether a world can be loaded as far as it does not lie with its rows: those are checked as any.
 * @param start what the mock that loads it began with
 * @returns what is wrong with it; empty for nothing
 */
export function findFault(value: unknown, start: string): string {
  const { start: origin, highest, random }: Partial<SavedWorld> = Object(value)
  if (origin === undefined) return 'it is none. Give what save() gave'
  if (origin !== start) return 'a mock of another release, seed, codes, token or world saved it'
  const numbers = [...Object.values(Object(highest)), ...(Array.isArray(random) ? random : [])]
  const isWhole =
    Array.isArray(random) && random.length === 4 && isRecord(highest) && numbers.every(Number.isSafeInteger)
  return isWhole ? '' : 'it is not as save() gave it'
}

const isRecord = (value: unknown) => typeof value === 'object' && value !== null
