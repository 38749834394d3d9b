/** What is wrong in a world, as an error. */
import { MockError } from '../http/mock-error.ts'

export { MockError, type MockErrorCode } from '../http/mock-error.ts'

/** Something is wrong in a world. @param problems each with the path of the value */
export function worldError(problems: readonly string[]): MockError {
  const listed = problems.slice(0, 5).join('; ')
  const rest = problems.length > 5 ? `; and ${problems.length - 5} more` : ''
  const remedy = 'Mend it, or print a whole one with: authentik-mock seed'
  return new MockError('ERR_WORLD', `Failed to load the world: ${listed}${rest}. ${remedy}`, problems)
}
