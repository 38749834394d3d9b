/** Which of several names was meant by one that there is not: the nearest by its spelling. */
import { distance } from 'fastest-levenshtein'

/** How many letters of a name are compared: one that somebody sends may be of any length. */
const MAX_LETTERS = 100

/** In how many letters a candidate differs from a name; one that has the name in it does not differ. */
export const unlikeness = (candidate: string, name: string): number =>
  candidate.includes(name) ? 0 : distance(candidate, name.slice(0, MAX_LETTERS))

/** The name that differs least, the first of several; an empty one where there is none. */
export function nearestTo(name: string, names: Iterable<string>): string {
  let nearest = ''
  let least = Infinity
  for (const candidate of names) {
    const letters = unlikeness(candidate, name)
    if (letters >= least) continue
    least = letters
    nearest = candidate
  }
  return nearest
}

/** The name that differs least, where it does in no more than so many letters. */
export function findNear(name: string, names: readonly string[], maxLetters: number): string | undefined {
  const nearest = nearestTo(name, names)
  return names.length > 0 && unlikeness(nearest, name) <= maxLetters ? nearest : undefined
}
