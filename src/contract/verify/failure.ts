/** Says why a server could not be verified: what was asked, what came of it, and what to do. */

/** Exit codes of a verification. */
export const EXIT = { conforms: 0, broken: 1, usage: 2, unreachable: 3, refused: 4, nothing: 5, drift: 6 } as const

/** The server could not be verified: the command prints one line, and ends with the exit code. */
export class VerifyFailure extends Error {
  override readonly name = 'VerifyFailure'
  readonly code: number
  /** The parts of the message, so that secrets can be hidden in each of them. */
  readonly parts: readonly [address: string, cause: string, remedy: string]

  /**
   * @param code one of EXIT
   * @param address what was asked; empty where it is about no server
   * @param cause what came of it
   * @param remedy what to do, as a sentence
   */
  constructor(code: number, address: string, cause: string, remedy: string) {
    super(`${address && `${address}: `}${cause}. ${remedy}`)
    this.code = code
    this.parts = [address, cause, remedy]
  }
}
