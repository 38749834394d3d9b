/** Sessions of logged-in users, which a browser shows by cookie (docs/authentik.md#sessions-and-csrf). */
import { DAY, toInstant } from '../../store/clock.ts'
import { cookieOf } from '../../http/cookies.ts'
import { baseOf, originOf, type Call, type Header } from '../../http/message.ts'
import { once } from '../../schema/lazily.ts'
import type { World } from '../../store/world.ts'
import { users } from '../resources/users.ts'
import { cleanUpLater } from './clean-up.ts'
import {
  authenticatedSessions,
  newSessionKey,
  SESSION_COOKIE,
  type AuthenticatedSession,
} from '../resources/authenticated-sessions.ts'

export { SESSION_COOKIE } from '../resources/authenticated-sessions.ts'

/** How long a session lasts of which its login stage says nothing, be somebody logged in or not, in milliseconds. */
export const SESSION_AGE = DAY

// To import a module again takes a part of what a login does.
const loadAudit = once(() => import('../answers/audit.ts'))
const loadBrowser = once(() => import('../answers/browser.ts'))

/**
 * Logs a user in; the session's key is the cookie.
 * @param user the pk of a user
 * @param validity for how long, in milliseconds, if the cookie is to outlive the browser
 * @param call that by which they log in
 */
export async function startSession(
  user: number,
  world: World,
  validity?: number,
  call?: Call,
): Promise<AuthenticatedSession> {
  const { random, clock } = world
  const session: Partial<AuthenticatedSession> = {
    uuid: random.uuid(),
    session_key: newSessionKey(random),
    user,
    expires: toInstant(clock.now() + (validity ?? SESSION_AGE)),
    remembered: validity !== undefined,
    auth_time: toInstant(clock.now()),
    last_used: toInstant(clock.now()),
    ...(call && (await loadBrowser()).browserOf(call)),
  }
  const row = cleanUpLater(await world.table(authenticatedSessions).create(session), world)
  const facts = { action: 'login', app: 'authentik.events.signals', context: { auth_method: 'password' } }
  if (!call) return row
  const { writeEvent } = await loadAudit()
  await writeEvent({ ...facts, user: world.table(users).get(user) }, call, world)
  return row
}

/** The session that a call's cookie names; undefined for one that is over, and for that of a user who was deactivated. */
export function sessionOf(call: Call, world: World): AuthenticatedSession | undefined {
  const key = cookieOf(call, SESSION_COOKIE)
  const session = key === undefined ? undefined : world.table(authenticatedSessions).find('session_key', key)
  if (!session || world.clock.hasPassed(session.expires)) return undefined
  return world.table(users).get(session.user)?.is_active ? session : undefined
}

/** What every cookie of the server ends with. */
export const cookieScope = (call: Call): string =>
  `Path=${baseOf(call)}/; SameSite=Lax${originOf(call).startsWith('https:') ? '; Secure' : ''}`

/** The cookie of a session, which outlives the browser only where its login is remembered. */
export function sessionCookie(key: string, call: Call, world: World): Header {
  const { expires = null, remembered = false } = world.table(authenticatedSessions).find('session_key', key) ?? {}
  const end = expires !== null && remembered ? Date.parse(expires) : undefined
  if (end === undefined) return ['Set-Cookie', `${SESSION_COOKIE}=${key}; HttpOnly; ${cookieScope(call)}`]
  const age = Math.ceil((end - world.clock.now()) / 1000) - 1
  const lifetime = `expires=${new Date(end).toUTCString()}; HttpOnly; Max-Age=${age}`
  return ['Set-Cookie', `${SESSION_COOKIE}=${key}; ${lifetime}; ${cookieScope(call)}`]
}

/** Takes a browser's cookie away. */
export const noSessionCookie = (call: Call): Header => [
  'Set-Cookie',
  `${SESSION_COOKIE}=""; expires=${new Date(0).toUTCString()}; Max-Age=0; Path=${baseOf(call)}/; SameSite=Lax`,
]
