/** What a browser's session holds beside who is logged in: the flow that it is in (docs/authentik.md#flow-executor). */
import { cookieOf } from '../../http/cookies.ts'
import type { Call, Header, Reply } from '../../http/message.ts'
import type { World } from '../../store/world.ts'
import { onCleanUp } from '../auth/clean-up.ts'
import { CSRF_COOKIE } from '../auth/csrf.ts'
import { behaviourIn, type OAuthContext } from '../oidc/endpoint.ts'
import { cookieScope, noSessionCookie, SESSION_AGE, SESSION_COOKIE, sessionCookie } from '../auth/sessions.ts'
import { newSessionKey } from '../resources/authenticated-sessions.ts'
import type { Plan } from './plan.ts'

/** A session of a browser, of somebody or of nobody. */
export interface BrowserSession {
  /** The value of its cookie. */
  key: string
  /** In milliseconds since 1970. */
  expires: number
  plan?: Plan | undefined
  /** The application for which somebody has to log in, by its pk. */
  application?: string | undefined
  /** The log-in for which `prompt=login` was answered already, by the time of it. */
  promptedLogin?: string | undefined
  /** Which cookies the answer that ends a login has to give, beside that of the session. */
  greeting?: 'csrf' | 'csrf and device' | undefined
  /** How many passwords were refused, where the release counts them so. */
  failures?: number | undefined
  /** Whether a login left a message for the first page that shows it. */
  hasMessage?: boolean | undefined
  /** Whether what it held was thrown away with a logout. */
  isFlushed?: boolean | undefined
}

/** How many sessions are kept of browsers that are in a flow: the oldest goes first. */
const MAX_SESSIONS = 10_000

type BrowserSessions = Map<string, BrowserSession>

/** The sessions of a world by their cookies, the one that was used last at the end. */
function createSessions(world: World): BrowserSessions {
  const sessions: BrowserSessions = new Map()
  onCleanUp(world, (instant) => {
    for (const { key, expires } of sessions.values()) if (expires <= instant) sessions.delete(key)
  })
  return sessions
}

/** The session that a call's cookie names, or a new one. */
export function browserSessionOf(call: Call, world: World): BrowserSession {
  const key = cookieOf(call, SESSION_COOKIE)
  const stored = key === undefined ? undefined : world.remember(createSessions).get(key)
  const isOver = stored !== undefined && world.clock.now() > stored.expires
  const session = stored && !isOver ? stored : { key: key || newSessionKey(world.random), expires: 0 }
  keep(session, world)
  return session
}

/** Has a page show what a login left for it, which changes the session, so that its cookie is given again. */
export function takeMessage(reply: Reply, context: OAuthContext): Reply {
  const { call, world } = context
  const key = cookieOf(call, SESSION_COOKIE)
  const session = key === undefined ? undefined : world.remember(createSessions).get(key)
  const { status, headers, body } = reply
  // Django writes no session down for a server that broke.
  const isPage =
    status !== 403 && status < 500 && body !== '' && headers.some(([, value]) => value.startsWith('text/html'))
  if (!session?.hasMessage || !isPage || !behaviourIn(context).pagesTakeMessage) return reply
  session.hasMessage = undefined
  const isGiven = headers.some(([name, value]) => name === 'Set-Cookie' && value.startsWith(`${SESSION_COOKIE}=`))
  if (isGiven) return reply
  return { ...reply, headers: [...reply.headers, cookieOfSession(session, context)] }
}

function keep(session: BrowserSession, world: World): void {
  const sessions = world.remember(createSessions)
  session.expires = world.clock.now() + SESSION_AGE
  sessions.delete(session.key)
  sessions.set(session.key, session)
  const [oldest] = sessions.keys()
  if (sessions.size > MAX_SESSIONS && oldest !== undefined) sessions.delete(oldest)
}

/** Gives a session a new key, so that who knew the old one is not logged in with it. */
export function renewSession(session: BrowserSession, key: string, world: World): void {
  world.remember(createSessions).delete(session.key)
  session.key = key
  keep(session, world)
}

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
