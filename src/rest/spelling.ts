/** Finds which words were meant by words with a slip in them. */

/** How many words are looked at. */
const MAX_WORDS = 20
/** How much of two words is the same, at least, where one is a slip of the other. */
const LIKE = 0.65

/**
 * Creates what takes a word that nobody knows for a slip of the known one that is most like it.
 * @param allWords the known ones, asked for once
 * @returns the words as they were meant; an empty one for those that are like none
 */
export function createSpelling(allWords: () => string[]): (words: readonly string[]) => Set<string> {
  let vocabulary: Set<string> | undefined
  return (words) => {
    const present = (vocabulary ??= new Set(allWords()))
    return new Set(words.slice(0, MAX_WORDS).map((word) => (present.has(word) ? word : nearestOf(word, present))))
  }
}

function nearestOf(slip: string, vocabulary: ReadonlySet<string>): string {
  let nearest = ''
  let most = LIKE
  for (const word of vocabulary) {
    const part = share(word, slip)
    if (part > most) [nearest, most] = [word, part]
  }
  return nearest
}

/** How much of two words is the same at their beginnings and ends. @example share('users', 'userz') // 0.8 */
function share(word: string, slip: string): number {
  const least = Math.min(word.length, slip.length)
  const most = Math.max(word.length, slip.length)
  let start = 0
  while (start < least && word[start] === slip[start]) start++
  let end = 0
  while (end < least - start && word.at(-1 - end) === slip.at(-1 - end)) end++
  // Of two that share as much, a slip rather changes a letter than loses one.
  return (start + end) / most - (most - least) / 1000
}
