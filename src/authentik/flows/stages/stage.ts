/** What every stage is: what it plays in, what it asks, and what comes of the answer (docs/authentik.md#flow-executor). */
import type { Call, Header } from '../../../http/message.ts'
import type { FieldRules } from '../../../rest/parse-body.ts'
import type { Schema } from '../../../schema/words.ts'
import type { World } from '../../../store/world.ts'
import { avatarOf, initialsOf } from '../../avatar.ts'
import { addressOfFile } from '../../static-files.ts'
import { behaviourIn, type OAuthContext } from '../../oidc/endpoint.ts'
import { users, type User } from '../../resources/users.ts'
import type { BrowserSession } from '../browser-session.ts'
import type { Plan, Stage } from '../plan.ts'

/** What a stage plays in. */
export interface StageContext extends OAuthContext {
  session: BrowserSession
  plan: Plan
  stage: Stage
  /** The parameters that the flow was entered with. */
  entry: URLSearchParams
}

/** What is wrong with an answer, by field. */
export type StageErrors = Record<string, readonly { string: string; code: string }[]>

/** What comes of an answer, or of a stage that asks nothing. */
export type Outcome =
  /** The next stage is played. */
  | 'done'
  /** The server cannot go on; the plan is gone. */
  | 'failed'
  /** The server has no answer to such a request. */
  | 'unanswered'
  /** The same stage asks again. */
  | { errors?: StageErrors | undefined }
  /** The flow ends with a challenge. */
  | { end: Record<string, unknown> }
  /** A challenge is shown; the plan of the session stays what it is. */
  | { show: Record<string, unknown>; headers?: readonly Header[] }
  /** Nobody may go on, be it that authentik lets nobody or that the mock does not play the stage. */
  | { denied: string; isUnplayed?: boolean }

/** One kind of stage. */
export interface StageDefinition {
  /** What it asks is called so; undefined for one that asks nothing. */
  component?: string
  /** What is asked, behind `flow_info`, `component` and what is wrong. */
  challenge?(context: StageContext): Record<string, unknown>
  /** Goes on without asking, where nothing is to be asked. */
  pass?(context: StageContext): Promise<Outcome | undefined> | Outcome | undefined
  /** What an answer holds. */
  form?(context: StageContext): Schema
  /** What the form does not say of its fields. */
  rules?: Readonly<Record<string, FieldRules>>
  /** Takes an answer of that form; a stage that asks and takes none fails. */
  answer?(context: StageContext, values: Record<string, unknown>): Promise<Outcome> | Outcome
  /** Looks at an answer that is refused, which may be one too many. */
  refuse?(context: StageContext, errors: StageErrors): Outcome | undefined
}

/** What is wrong with a field, as a stage says it. */
export const error = (string: string, code: string) => [{ string, code }]

/** Leaves out the keys that a release does not have. */
export const inRelease = (context: OAuthContext, keys: Record<string, unknown>): Record<string, unknown> => {
  const { hasChallengeKey } = behaviourIn(context)
  return Object.fromEntries(Object.entries(keys).filter(([key, value]) => value !== undefined && hasChallengeKey(key)))
}

/** The user that a plan is about. */
export const userIn = ({ plan, world }: { plan: Pick<Plan, 'user'>; world: World }): User | undefined =>
  plan.user === undefined ? undefined : world.table(users).get(plan.user)

/** What is told of who is at it. */
interface Pending {
  plan: Pick<Plan, 'user'> & Partial<Pick<Plan, 'identifier' | 'hidesUser'>>
  world: World
}

/** The name of who is at it, as far as they have said. */
export const nameIn = (context: Pending): string | undefined => shownUser(context)?.username ?? context.plan.identifier

/** The user that a plan is about, unless it is shown what was typed. */
const shownUser = (context: Pending): User | undefined => (context.plan.hidesUser ? undefined : userIn(context))

/** Who is at it, as far as they have said. */
export function pendingUser(context: Pending & { call: Call }) {
  const user = shownUser(context)
  const name = nameIn(context)
  if (name === undefined) return { pending_user: '', pending_user_avatar: addressOfFile(DEFAULT_AVATAR, context) }
  return { pending_user: name, pending_user_avatar: user ? addressOfFile(avatarOf(user), context) : initialsOf(name) }
}

const DEFAULT_AVATAR = '/static/dist/assets/images/user_default.png'
