/** Which of several names was meant by one that there is not: the nearest by its spelling. */
import { distance } from 'fastest-levenshtein'

/** How many letters of a name are compared: one that somebody sends may be of any length. */
const MAX_LETTERS = 100

/** In how many letters a candidate differs from a name; one that has the name in it does not differ. */
export const unlikeness = (candidate: string, name: string): number =>
  candidate.includes(name) ? 0 : distance(candidate, name.slice(0, MAX_LETTERS))

/** The name that differs least, the first of several; an empty one where there is none. */
export const nearestTo = (name: string, names: Iterable<string>): string =>
  nearestBy((candidate) => unlikeness(candidate, name), names)?.candidate ?? ''

/** How many names are listed, where a name is like none of them. */
const MAX_NAMES = 20

/**
 * Says what to give instead of a name that there is not: the nearest, where half of its letters are those of the name,
 * else all that there are.
 * @example nearestOrAll('statu', ['status', 'skip']) // 'the nearest is status'
 * @example nearestOrAll('nth', ['status', 'skip']) // 'there are status, skip'
 */
export function nearestOrAll(name: string, names: readonly string[]): string {
  const nearest = nearestTo(name, names)
  if (nearest !== '' && unlikeness(nearest, name) <= name.length / 2) return `the nearest is ${nearest}`
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : ''
  return names.length ? `there are ${names.slice(0, MAX_NAMES).join(', ')}${more}` : 'there is none here'
}

/** The first of those that are least unlike; undefined for none. */
function nearestBy(measure: (candidate: string) => number, names: Iterable<string>) {
  let nearest: { candidate: string; unlikeness: number } | undefined
  for (const candidate of names) {
    const letters = measure(candidate)
    if (!nearest || letters < nearest.unlikeness) nearest = { candidate, unlikeness: letters }
  }
  return nearest
}

/** The name that differs least, where it does in no more than so many letters: what has it in it is another name. */
export function findNear(name: string, names: readonly string[], maxLetters: number): string | undefined {
  const nearest = nearestBy((candidate) => distance(candidate, name.slice(0, MAX_LETTERS)), names)
  return nearest !== undefined && nearest.unlikeness <= maxLetters ? nearest.candidate : undefined
}
