/** Decides with whose credentials a request of a pact is sent. */
import type { IncomingHttpHeaders } from 'node:http'

/** The headers that say who asks. */
export interface Credentials {
  headers: Record<string, string>
  /** Whether they are the pact's own, which the server need not know. */
  areOwn: boolean
}

/** Whether an answer refuses whoever asks. */
export const isRefusal = (status: number) => status === 401 || status === 403

/**
 * The credentials of a request. A bearer token in a pact stands for any good one, so that a real one takes its place;
 * where a refusal is expected, and with any other scheme or a cookie, the pact is taken at its word.
 *
 * @param expected the status of the answer that the pact expects
 * @param stateToken the token that a state asks for
 */
export function chooseCredentials(
  { authorization, cookie }: IncomingHttpHeaders,
  expected: number,
  stateToken: string | undefined,
  token: string | undefined,
): Credentials {
  const cookies = cookie === undefined ? {} : { Cookie: cookie }
  if (authorization === undefined) return { headers: cookies, areOwn: cookie !== undefined }
  const bearer = (key: string | undefined) => ({
    headers: { ...cookies, Authorization: `Bearer ${key}` },
    areOwn: false,
  })
  if (stateToken !== undefined) return bearer(stateToken)
  if (/^bearer /i.test(authorization) && !isRefusal(expected)) return bearer(token)
  return { headers: { ...cookies, Authorization: authorization }, areOwn: true }
}
