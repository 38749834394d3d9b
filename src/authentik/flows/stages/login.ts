/** The stage that logs somebody in. */
import { boolean, component } from '../../../schema/words.ts'
import { toInstant } from '../../../store/clock.ts'
import { toDuration } from '../../../store/duration.ts'
import { startSession } from '../../auth/sessions.ts'
import { behaviourIn, type OAuthContext } from '../../oidc/endpoint.ts'
import {
  authenticatedSessions,
  newSessionKey,
  type AuthenticatedSession,
} from '../../resources/authenticated-sessions.ts'
import { users, type User } from '../../resources/users.ts'
import { renewSession, type BrowserSession } from '../browser-session.ts'
import { pendingUser, userIn, type Outcome, type StageContext, type StageDefinition } from './stage.ts'

const FORM = component('UserLoginChallengeResponse', { remember_me: boolean() })

/** Logs a user in, in a session with a new key. @param validity for how long, in milliseconds; as long as a browser is open without it */
export async function logInUser(
  user: User,
  session: BrowserSession,
  context: Pick<OAuthContext, 'world' | 'release' | 'call'>,
  validity?: number,
): Promise<AuthenticatedSession> {
  const { world } = context
  await endFormerSession(session, context)
  const row = await startSession(user.pk, world, validity, context.call)
  renewSession(session, row.session_key, world)
  await world.table(users).update(user.pk, (draft) => void (draft.last_login = toInstant(world.clock.now())))
  session.greeting = 'csrf'
  return row
}

/**
 * Has the cookie of who was logged in before open nothing any more. Until 2025.2 their session stays listed, and what
 * hangs on it stays good (recorded in 2024.8.4 and 2026.2.2).
 */
async function endFormerSession({ key }: BrowserSession, context: Pick<OAuthContext, 'world' | 'release'>) {
  const table = context.world.table(authenticatedSessions)
  const row = table.find('session_key', key)
  // One that is over opens nothing as it is.
  if (!row || context.world.clock.hasPassed(row.expires)) return
  if (behaviourIn(context).loginReplacesSession) await table.delete(row.uuid)
  else await table.update(row.uuid, (draft) => void (draft.session_key = newSessionKey(context.world.random)))
}

/** For how long a login of this stage is good beyond the browser's own time; undefined for no longer. */
function validityOf({ stage }: StageContext, isRemembered: boolean): number | undefined {
  const validity = toDuration(stage.sessionDuration ?? '') ?? 0
  const offset = isRemembered ? (toDuration(stage.rememberOffset ?? '') ?? 0) : 0
  return validity + offset || undefined
}

async function logIn(context: StageContext, isRemembered: boolean): Promise<Outcome> {
  const user = userIn(context)
  if (!user?.is_active) return { denied: 'No pending user to login.' }
  await logInUser(user, context.session, context, validityOf(context, isRemembered))
  context.session.hasMessage = true
  return 'done'
}

export const login: StageDefinition = {
  component: 'ak-stage-user-login',
  async pass(context) {
    const isAsked = (toDuration(context.stage.rememberOffset ?? '') ?? 0) > 0 && context.autoLogin === undefined
    if (isAsked && userIn(context)) return undefined
    const outcome = await logIn(context, false)
    if (outcome === 'done') context.session.greeting = 'csrf and device'
    return outcome
  },
  challenge: pendingUser,
  form: () => FORM,
  answer: (context, { remember_me: isRemembered }) => logIn(context, isRemembered === true),
}
