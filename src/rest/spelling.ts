/** Finds which words were meant by words with a slip in them. */
import { distance } from 'fastest-levenshtein'

/** How many words are looked at. */
const MAX_WORDS = 20

/**
 * Creates what takes a word that nobody knows for a slip of the known ones that are most like it.
 * @param allWords the known ones, asked for once
 * @returns the words as they were meant, without those that are like none
 */
export function createSpelling(allWords: () => string[]): (words: readonly string[]) => Set<string> {
  let vocabulary: Set<string> | undefined
  return (words) => {
    const present = (vocabulary ??= new Set(allWords()))
    return new Set(words.slice(0, MAX_WORDS).flatMap((word) => (present.has(word) ? word : nearestOf(word, present))))
  }
}

/** The words that differ least from one, in at most a third of its letters. */
function nearestOf(slip: string, vocabulary: ReadonlySet<string>): string[] {
  let nearest: string[] = []
  let least = slip.length / 3
  for (const word of vocabulary) {
    // As many letters as one is longer by are other ones, which is told at once.
    if (Math.abs(word.length - slip.length) > least) continue
    const edits = distance(word, slip)
    if (edits < least) nearest = []
    if (edits <= least) nearest.push(word)
    least = Math.min(least, edits)
  }
  return nearest
}
