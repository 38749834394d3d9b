/** The word that a misspelt one was probably meant to be. */
import { distance } from 'fastest-levenshtein'

/** @returns the closest of the known words, or undefined when none is close */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((one) => ({ one, far: one.startsWith(word) ? 0 : distance(word, one) }))
    .sort((a, b) => a.far - b.far)
  return best && best.far <= Math.max(2, word.length / 3) ? best.one : undefined
}
