/** What a browser's session holds beside who is logged in: the flow that it is in (docs/authentik.md#flow-executor). */
import { cookieOf } from '../../http/cookies.ts'
import type { Call, Header } from '../../http/message.ts'
import type { World } from '../../store/world.ts'
import { CSRF_COOKIE } from '../auth/csrf.ts'
import { behaviourIn, type OAuthContext } from '../oidc/endpoint.ts'
import { cookieScope, noSessionCookie, SESSION_COOKIE, sessionCookie } from '../auth/sessions.ts'
import type { Plan } from './plan.ts'

/** A session of a browser, of somebody or of nobody. */
export interface BrowserSession {
  /** The value of its cookie. */
  key: string
  plan?: Plan | undefined
  /** The application for which somebody has to log in, by its pk. */
  application?: string | undefined
  /** The log-in for which `prompt=login` was answered already, by the time of it. */
  promptedLogin?: string | undefined
  /** Which cookies the answer that ends a login has to give, beside that of the session. */
  greeting?: 'csrf' | 'csrf and device' | undefined
  /** Whether what it held was thrown away with a logout. */
  isFlushed?: boolean | undefined
}

/** How many sessions are kept of browsers that are in a flow: the oldest goes first. */
const MAX_SESSIONS = 10_000

const sessionsByWorld = new WeakMap<World, Map<string, BrowserSession>>()

function sessionsOf(world: World): Map<string, BrowserSession> {
  let sessions = sessionsByWorld.get(world)
  if (!sessions) sessionsByWorld.set(world, (sessions = new Map()))
  return sessions
}

/** The session that a call's cookie names, or a new one. */
export function browserSessionOf(call: Call, world: World): BrowserSession {
  const sessions = sessionsOf(world)
  const key = cookieOf(call, SESSION_COOKIE)
  const session = (key === undefined ? undefined : sessions.get(key)) ?? { key: key || newSessionKey(world) }
  keep(session, sessions)
  return session
}

function keep(session: BrowserSession, sessions: Map<string, BrowserSession>): void {
  sessions.delete(session.key)
  sessions.set(session.key, session)
  const [oldest] = sessions.keys()
  if (sessions.size > MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest)
}

/** Gives a session a new key, so that who knew the old one is not logged in with it. */
export function renewSession(session: BrowserSession, key: string, world: World): void {
  const sessions = sessionsOf(world)
  sessions.delete(session.key)
  session.key = key
  keep(session, sessions)
}

/** A key that no session has. */
export const newSessionKey = (world: World): string => world.random.key(32).toLowerCase()

/** A cookie of chance that outlives the browser. @param age in seconds */
function lastingCookie(name: string, age: number, { call, world }: OAuthContext): Header {
  const expires = new Date(world.clock.now() + age * 1000).toUTCString()
  return ['Set-Cookie', `${name}=${world.random.key(32)}; expires=${expires}; Max-Age=${age}; ${cookieScope(call)}`]
}

/** The cookie that a form must show again, so that a page of another site cannot send it. */
export const csrfCookie = (context: OAuthContext): Header => lastingCookie(CSRF_COOKIE, YEAR, context)

const YEAR = 31_449_600
const MONTH = 2_592_000
const LOCALISED: Header = ['Vary', 'Cookie, Accept-Language']

/** The cookie of a session. */
export const cookieOfSession = ({ key }: BrowserSession, { call, world }: OAuthContext): Header =>
  sessionCookie(key, call, world)

/** The cookies of an answer: after a login also those that a page needs, and a name of the browser from 2025.8 on. */
export function cookiesOf(session: BrowserSession, context: OAuthContext): Header[] {
  const { call, release } = context
  const { isFlushed, greeting } = session
  session.isFlushed = undefined
  if (isFlushed && !session.plan) return cookieOf(call, SESSION_COOKIE) === undefined ? [] : [noSessionCookie(call)]
  if (!greeting || session.plan) return [cookieOfSession(session, context)]
  session.greeting = undefined
  const namesDevice = greeting === 'csrf and device' && behaviourIn(context).loginNamesDevice
  return [
    ...(namesDevice ? [lastingCookie('authentik_device', MONTH, context)] : []),
    csrfCookie(context),
    ...(release.behaviour.answersAreLocalised ? [LOCALISED] : []),
    cookieOfSession(session, context),
  ]
}
