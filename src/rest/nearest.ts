/** Finds the paths that are most like one that nobody has; loaded when one is asked for. */
import { distance } from 'fastest-levenshtein'

/** How much of a path is looked at. */
const MAX_SEGMENTS = 20
const MAX_LETTERS = 60

/** In how many letters segments differ at most of which it is looked whether two were exchanged, which takes longer. */
const MAX_SLIPS = 4

/** What a segment costs that stands for a parameter, and one that is on one side alone; another one costs up to 1. */
const PARAMETER = 0.3
const MISSING = 1

/** A path, and how unlike it is: 0 for the same, 1 for one that has nothing in common. */
export interface Likeness {
  path: string
  unlikeness: number
}

const segmentsOf = (path: string) => path.split('/').filter(Boolean)

/**
 * Prepares paths, in which `{name}` is a parameter.
 * @param prefix what most of them begin with; where a path begins so too, that makes it like none
 * @returns finds those that differ least from a decoded path, the most alike first
 */
export function createNearest(paths: readonly string[], prefix: string): (path: string, count: number) => Likeness[] {
  const candidates = paths.map((path) => ({ path, segments: segmentsOf(path) }))
  const shared = segmentsOf(prefix).length
  return (path, count) => {
    const segments = segmentsOf(path)
      .slice(0, MAX_SEGMENTS)
      .map((segment) => segment.slice(0, MAX_LETTERS))
    const unlike = path.startsWith(`${prefix}/`) ? shared : 0
    const costs = segments.map(() => new Map<string, number>())
    const costOf = (index: number, candidate: string): number => {
      const present = costs[index]?.get(candidate)
      if (present !== undefined) return present
      const cost = unlikenessOf(segments[index] ?? '', candidate)
      costs[index]?.set(candidate, cost)
      return cost
    }
    const likenesses = candidates.map((candidate): Likeness => {
      const cost = align(segments.length, candidate.segments, costOf)
      const length = Math.max(segments.length, candidate.segments.length) - unlike
      return { path: candidate.path, unlikeness: cost / Math.max(1, length) }
    })
    return likenesses.sort((a, b) => a.unlikeness - b.unlikeness).slice(0, count)
  }
}

/** What it costs least to make one list of segments of the other. */
function align(
  length: number,
  candidate: readonly string[],
  costOf: (index: number, segment: string) => number,
): number {
  let row = Array.from({ length: candidate.length + 1 }, (_, column) => column * MISSING)
  for (let index = 0; index < length; index++) {
    const next = [(index + 1) * MISSING]
    for (const [column, segment] of candidate.entries())
      next.push(
        Math.min(
          (row[column] ?? 0) + costOf(index, segment),
          (row[column + 1] ?? 0) + MISSING,
          (next[column] ?? 0) + MISSING,
        ),
      )
    row = next
  }
  return row.at(-1) ?? 0
}

/** How unlike two segments are. */
function unlikenessOf(segment: string, candidate: string): number {
  if (segment === candidate) return 0
  if (candidate.startsWith('{')) return PARAMETER
  const letters = distance(segment, candidate)
  const edits = letters > MAX_SLIPS ? letters : editsOf(segment, candidate)
  return edits / Math.max(segment.length, candidate.length)
}

/** How many letters are left out, added, taken for others, or exchanged with the next. */
function editsOf(slip: string, word: string): number {
  let [earlier, row]: number[][] = [[], Array.from({ length: word.length + 1 }, (_, column) => column)]
  for (let index = 1; index <= slip.length; index++) {
    const next = [index]
    for (let column = 1; column <= word.length; column++) {
      const isSame = slip[index - 1] === word[column - 1]
      const isExchanged =
        index > 1 && column > 1 && slip[index - 1] === word[column - 2] && slip[index - 2] === word[column - 1]
      next.push(
        Math.min(
          (row?.[column - 1] ?? 0) + (isSame ? 0 : 1),
          (row?.[column] ?? 0) + 1,
          (next[column - 1] ?? 0) + 1,
          isExchanged ? (earlier?.[column - 2] ?? 0) + 1 : Infinity,
        ),
      )
    }
    ;[earlier, row] = [row ?? [], next]
  }
  return row?.at(-1) ?? 0
}
