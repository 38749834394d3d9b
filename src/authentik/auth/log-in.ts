/** Logs a user in without the login flow, for whoever sends the headers of a browser by hand. */
import type { World } from '../../store/world.ts'
import { CSRF_COOKIE, CSRF_HEADER } from './csrf.ts'
import { SESSION_COOKIE, startSession } from './sessions.ts'

/** The headers that a browser of a logged-in user sends; the second only with what changes something. */
export interface BrowserHeaders {
  Cookie: string
  [CSRF_HEADER]: string
}

/**
 * Logs a user in.
 * @param user the pk of a user
 * @returns the cookies by their names, and the headers that show them
 */
export async function logInBrowser(
  user: number,
  world: World,
): Promise<{ cookies: Readonly<Record<string, string>>; headers: BrowserHeaders }> {
  const { session_key } = await startSession(user, world)
  const csrf = world.random.key(32)
  const cookies = { [SESSION_COOKIE]: session_key, [CSRF_COOKIE]: csrf }
  const Cookie = Object.entries(cookies)
    .map((pair) => pair.join('='))
    .join('; ')
  return { cookies, headers: { Cookie, [CSRF_HEADER]: csrf } }
}
