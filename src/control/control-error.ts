/** What a verb is told that cannot be done. */
import { distance } from 'fastest-levenshtein'
import { MockError } from '../store/mock-error.ts'

/** Something that a verb cannot do. @param problems each with the path of the value */
export const controlError = (problems: readonly string[]) =>
  new MockError('ERR_CONTROL', `Failed to control the mock: ${problems.join('; ')}.`, problems)

/** The name that a wrong one was meant for. @returns '' where there are none */
export const nearestTo = (text: string, names: readonly string[]): string =>
  names.toSorted((a, b) => distance(a, text) - distance(b, text))[0] ?? ''

/** What is said of a field, or a parameter, that there is not. */
export const noSuch = (kind: 'field' | 'parameter', name: string, names: readonly string[]): string =>
  names.length
    ? `${name}: there is no such ${kind}; the nearest is ${nearestTo(name, names)}`
    : `${name}: there is no such ${kind}; there is none here`
