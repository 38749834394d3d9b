/** The stage that logs somebody in. */
import { boolean, component } from '../../../schema/words.ts'
import { toInstant } from '../../../store/clock.ts'
import { toDuration } from '../../../store/duration.ts'
import type { World } from '../../../store/world.ts'
import { startSession } from '../../auth/sessions.ts'
import type { AuthenticatedSession } from '../../resources/authenticated-sessions.ts'
import { users, type User } from '../../resources/users.ts'
import { renewSession, type BrowserSession } from '../browser-session.ts'
import { pendingUser, userIn, type Outcome, type StageContext, type StageDefinition } from './stage.ts'

const FORM = component('UserLoginChallengeResponse', { remember_me: boolean() })

/** Logs a user in, in a session with a new key. @param validity for how long, in milliseconds; as long as a browser is open without it */
export async function logInUser(
  user: User,
  session: BrowserSession,
  world: World,
  validity?: number,
): Promise<AuthenticatedSession> {
  const row = await startSession(user.pk, world, validity)
  renewSession(session, row.session_key, world)
  await world.table(users).update(user.pk, (draft) => void (draft.last_login = toInstant(world.clock.now())))
  session.greeting = 'csrf'
  return row
}

/** For how long a login of this stage is good beyond the browser's own time; undefined for no longer. */
function validityOf({ stage }: StageContext, isRemembered: boolean): number | undefined {
  const validity = toDuration(stage.sessionDuration ?? '') ?? 0
  const offset = isRemembered ? (toDuration(stage.rememberOffset ?? '') ?? 0) : 0
  return validity + offset || undefined
}

async function logIn(context: StageContext, isRemembered: boolean): Promise<Outcome> {
  const user = userIn(context)
  if (!user) return { denied: 'No pending user to login.' }
  await logInUser(user, context.session, context.world, validityOf(context, isRemembered))
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
