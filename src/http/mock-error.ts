/** The errors that the mock throws at whoever uses it. */

/**
 * What a `MockError` is about:
 * - `ERR_RELEASE`: a release of authentik that is not known
 * - `ERR_OPTION`: an option that cannot be
 * - `ERR_CLOCK`: something that is no instant
 * - `ERR_WORLD`: rows that do not fit together, or a row that is not there
 * - `ERR_USER`: a user who is not there
 * - `ERR_EXAMPLE`: an example for a Pact matcher that is not as documented
 * - `ERR_CONTROL`: something that a verb of `authentik-mock/control` cannot do
 * - `ERR_JOURNAL`: a request that was waited for, and did not come
 */
export type MockErrorCode =
  | 'ERR_RELEASE'
  | 'ERR_OPTION'
  | 'ERR_CLOCK'
  | 'ERR_WORLD'
  | 'ERR_USER'
  | 'ERR_EXAMPLE'
  | 'ERR_CONTROL'
  | 'ERR_JOURNAL'

/**
 * A mistake in what the mock was given, as its message says, with what to do about it.
 * @example
 * try {
 *   mock({ release: '2024.9' })
 * } catch (error) {
 *   if (error instanceof MockError && error.code === 'ERR_RELEASE') console.log(error.message)
 * }
 */
export class MockError extends Error {
  override readonly name = 'MockError'
  readonly code: MockErrorCode
  /** What is wrong, each with the path of the value, where there may be several: `users[2].groups: ...`. */
  readonly problems: readonly string[]

  constructor(code: MockErrorCode, message: string, problems: readonly string[] = []) {
    super(message)
    this.code = code
    this.problems = problems
    // The message has them: a console would print them once more, and an empty list where there are none.
    Object.defineProperty(this, 'problems', { enumerable: false })
  }
}
