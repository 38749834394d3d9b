/** Asks servers that we do not own, and says in the words of a verification why one gave no answer. */
import { createClient, type ClientOptions, type Send } from '../client/client.ts'
import { RequestFailure } from '../client/failure.ts'
import { EXIT, VerifyFailure } from './failure.ts'

export type { Answer, ClientOptions, Send } from '../client/client.ts'

/** How long an answer may take from its first byte to its last, in milliseconds. */
const DURATION = 4000

/**
 * Makes a function that sends requests. Once a request was not answered in time, it sends no more to that server and fails
 * at once, so that a silent server is waited for once and not for every interaction.
 *
 * @throws VerifyFailure when there is no whole answer, or one that is too large
 */
export function createSend(options?: ClientOptions): Send {
  try {
    const send = createClient(options)
    return (request) =>
      send({ duration: DURATION, ...request }).catch((error: unknown) => {
        throw toFailure(error)
      })
  } catch (error) {
    throw toFailure(error)
  }
}

const toFailure = (error: unknown) =>
  error instanceof RequestFailure ? new VerifyFailure(EXIT.unreachable, ...error.parts) : error

/** The scheme, host and port of an address. */
export const originOf = (url: string) => new URL(url).origin
