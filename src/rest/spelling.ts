/** Finds which words were meant by words with a slip in them. */

/** How many slips are mended in a path, and how long a word may be. */
const MAX_SLIPS = 10
const MAX_WORD = 50

/**
 * Creates what takes a word that nobody knows for a slip of the known one that is most like it.
 * @param allWords the known ones, asked for at the first slip
 * @returns the words as they were meant; a word that is like none is left out
 */
export function createSpelling(allWords: () => string[]): (words: readonly string[]) => Set<string> {
  let vocabulary: Set<string> | undefined
  return (words) => {
    vocabulary ??= new Set(allWords())
    const spelled = new Set(words.filter((word) => vocabulary?.has(word)))
    const slips = words.filter((word) => !vocabulary?.has(word) && word.length <= MAX_WORD).slice(0, MAX_SLIPS)
    for (const slip of slips) {
      const shares = [...vocabulary].map((word) => ({ word, part: share(word, slip) }))
      const nearest = shares.reduce((best, next) => (next.part > best.part ? next : best), { word: '', part: LIKE })
      if (nearest.word !== '') spelled.add(nearest.word)
    }
    return spelled
  }
}

/** How much of two words is the same where one is a slip of the other. */
const LIKE = 0.65

/** How much of two words is the same at their beginnings and ends. @example share('users', 'userz') // 0.8 */
function share(word: string, slip: string): number {
  const [shorter, longer] = word.length < slip.length ? [word, slip] : [slip, word]
  let start = 0
  while (start < shorter.length && shorter[start] === longer[start]) start++
  let end = 0
  while (end < shorter.length - start && shorter.at(-1 - end) === longer.at(-1 - end)) end++
  // Of two that share as much, a slip rather changes a letter than loses one.
  return (start + end) / longer.length - (longer.length - shorter.length) / 1000
}
