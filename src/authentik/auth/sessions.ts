/** Sessions of logged-in users, which a browser shows by cookie (docs/authentik.md#sessions-and-csrf). */
import { toInstant } from '../../store/clock.ts'
import { cookieOf } from '../../http/cookies.ts'
import { baseOf, originOf, type Call, type Header } from '../../http/message.ts'
import type { World } from '../../store/world.ts'
import { authenticatedSessions, type AuthenticatedSession } from '../resources/authenticated-sessions.ts'

/** The name of the cookie. */
export const SESSION_COOKIE = 'authentik_session'

/** Logs a user in; the session's key is the cookie. @param user the pk of a user */
export function startSession(user: number, world: World): Promise<AuthenticatedSession> {
  const { random } = world
  const session: Partial<AuthenticatedSession> = {
    uuid: random.uuid(),
    session_key: random.key(32).toLowerCase(),
    user,
    expires: null,
    auth_time: toInstant(world.clock.now()),
  }
  return world.table(authenticatedSessions).create(session)
}

/** The session that a call's cookie names; undefined for one that is over. */
export function sessionOf(call: Call, world: World): AuthenticatedSession | undefined {
  const key = cookieOf(call, SESSION_COOKIE)
  const session = key === undefined ? undefined : world.table(authenticatedSessions).find('session_key', key)
  return session?.expires && world.clock.hasPassed(session.expires) ? undefined : session
}

/** What every cookie of the server ends with. */
export const cookieScope = (call: Call): string =>
  `Path=${baseOf(call)}/; SameSite=Lax${originOf(call).startsWith('https:') ? '; Secure' : ''}`

/** The cookie of a session. */
export const sessionCookie = (key: string, call: Call): Header => [
  'Set-Cookie',
  `${SESSION_COOKIE}=${key}; HttpOnly; ${cookieScope(call)}`,
]
