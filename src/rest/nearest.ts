/** Finds the paths that are most like one that nobody has; loaded when one is asked for. */
import { distance } from 'fastest-levenshtein'

/** How much of a path is looked at. */
const MAX_SEGMENTS = 20
const MAX_LETTERS = 60

/** In how many letters segments differ at most of which it is looked whether two were exchanged, which takes longer. */
const MAX_SLIPS = 4

/** Of how many segments it is remembered how unlike they are to all words. */
const MAX_REMEMBERED = 32

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
  const segmentsByPath = paths.map(segmentsOf)
  const vocabulary = [...new Set(segmentsByPath.flat())]
  const places = new Map(vocabulary.map((word, place) => [word, place]))
  // Words stand for themselves by their places: a path is compared with hundreds of others.
  const candidates = paths.map((path, index) => ({
    path,
    words: (segmentsByPath[index] ?? []).map((word) => places.get(word) ?? 0),
  }))
  const costsOf = remember((segment) => Float64Array.from(vocabulary, (word) => unlikenessOf(segment, word)))
  const shared = segmentsOf(prefix).length
  return (path, count) => {
    const costs = segmentsOf(path)
      .slice(0, MAX_SEGMENTS)
      .map((segment) => costsOf(segment.slice(0, MAX_LETTERS)))
    const unlike = path.startsWith(`${prefix}/`) ? shared : 0
    const likenesses: Likeness[] = []
    for (const candidate of candidates) {
      const { length } = candidate.words
      const compared = Math.max(1, Math.max(costs.length, length) - unlike)
      const limit = likenesses.length < count ? Infinity : (likenesses.at(-1)?.unlikeness ?? 0)
      // What is longer or shorter by so many segments differs in these at least.
      if ((Math.abs(costs.length - length) * MISSING) / compared >= limit) continue
      const unlikeness = align(costs, candidate.words) / compared
      if (unlikeness >= limit) continue
      const place = likenesses.findIndex((likeness) => likeness.unlikeness > unlikeness)
      likenesses.splice(place === -1 ? likenesses.length : place, 0, { path: candidate.path, unlikeness })
      if (likenesses.length > count) likenesses.pop()
    }
    return likenesses
  }
}

/**
 * Sorts paths by their place beside a route that is spelt right: first what begins as it does for longest, then what ends
 * as it does, has parameters where it has them, and has its method. What begins otherwise is left out, unless all does.
 * @param likenesses the most alike first, which decides between equals
 * @param options what all paths begin with, and whether one has the method that is asked for
 */
export function sortByPlace(
  route: string,
  likenesses: readonly Likeness[],
  { shared, hasMethod }: { shared: string; hasMethod: (path: string) => boolean },
): readonly Likeness[] {
  const segments = formOf(route)
  const least = segmentsOf(shared).length
  const related = likenesses
    .map((likeness) => ({ likeness, ...placeOf(segments, formOf(likeness.path)), lacks: !hasMethod(likeness.path) }))
    .filter(({ begun }) => begun > least)
    .sort(
      (a, b) =>
        b.begun - a.begun || a.ending - b.ending || a.differing - b.differing || Number(a.lacks) - Number(b.lacks),
    )
  return related.length > 0 ? related.map(({ likeness }) => likeness) : likenesses
}

/** The segments of a path, whose parameters have no names. */
const formOf = (path: string) => segmentsOf(path).map((segment) => (segment.startsWith('{') ? '{}' : segment))

/** What a segment is: absent, a parameter or fixed. */
const kindOf = (segment: string | undefined) => (segment && segment !== '{}' ? 'fixed' : segment)

/** With how many segments both begin, how unlike their last ones are, and at how many places their kinds differ. */
function placeOf(route: readonly string[], candidate: readonly string[]) {
  const unlike = route.findIndex((segment, index) => segment !== candidate[index])
  const [last, end] = [route.at(-1), candidate.at(-1)]
  const longest = route.length > candidate.length ? route : candidate
  return {
    begun: unlike < 0 ? route.length : unlike,
    ending: last === end ? 0 : kindOf(last) === kindOf(end) ? 1 : 2,
    differing: longest.filter((_, index) => kindOf(route[index]) !== kindOf(candidate[index])).length,
  }
}

/** What of the last segments was found out. */
function remember<T>(find: (segment: string) => T): (segment: string) => T {
  const present = new Map<string, T>()
  return (segment) => {
    const value = present.get(segment) ?? find(segment)
    present.delete(segment)
    present.set(segment, value)
    const [oldest] = present.keys()
    if (present.size > MAX_REMEMBERED && oldest !== undefined) present.delete(oldest)
    return value
  }
}

/** What it costs least to make one list of segments of the other. @param costs of each segment, those of each word */
function align(costs: readonly Float64Array[], words: readonly number[]): number {
  const costAt = (index: number, column: number) => costs[index]?.[words[column] ?? 0] ?? MISSING
  // Where both begin alike nothing is gained by another way.
  let start = 0
  while (start < costs.length && start < words.length && costAt(start, start) === 0) start++
  const width = words.length - start
  for (let column = 0; column <= width; column++) ROW[column] = column * MISSING
  for (let index = start; index < costs.length; index++) {
    let diagonal = ROW[0] ?? 0
    ROW[0] = diagonal + MISSING
    for (let column = 0; column < width; column++) {
      const upper = ROW[column + 1] ?? 0
      const replaced = diagonal + costAt(index, start + column)
      ROW[column + 1] = Math.min(replaced, upper + MISSING, (ROW[column] ?? 0) + MISSING)
      diagonal = upper
    }
  }
  return ROW[width] ?? 0
}

/** The row of the table that is filled, which is used again: there are hundreds of tables for each path. */
const ROW: number[] = []

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
