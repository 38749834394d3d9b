/** Guesses which word a misspelt one was meant to be. */
import { distance } from 'fastest-levenshtein'

/** Finds the candidate that is closest to a word. @returns undefined when none is close */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((candidate) => ({ candidate, edits: candidate.startsWith(word) ? 0 : distance(word, candidate) }))
    .sort((a, b) => a.edits - b.edits)
  return best && best.edits <= Math.max(2, word.length / 3) ? best.candidate : undefined
}
