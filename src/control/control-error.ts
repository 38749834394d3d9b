/** What a verb is told that cannot be done. */
import { MockError } from '../store/mock-error.ts'
import { nearestOrAll } from '../schema/nearest.ts'

/** Something that a verb cannot do. @param problems each with the path of the value */
export const controlError = (problems: readonly string[]) =>
  new MockError('ERR_CONTROL', `Failed to control the mock: ${problems.join('; ')}.`, problems)

/** What is said of a field, or a parameter, that there is not. */
export const noSuch = (kind: 'field' | 'parameter', name: string, names: readonly string[]): string =>
  `${name}: there is no such ${kind}; ${nearestOrAll(name, names)}`
