/** The stages that the mock plays: what each asks, and what it makes of the answer (docs/authentik.md#flow-executor). */
import { toDuration } from '../../store/duration.ts'
import { toInstant } from '../../store/clock.ts'
import { createRow } from '../../rest/write-row.ts'
import { readKey } from '../../schema/json.ts'
import { baseOf, type Call } from '../../http/message.ts'
import type { World } from '../../store/world.ts'
import { passwordOf } from '../auth/passwords.ts'
import { sessionOf, startSession } from '../auth/sessions.ts'
import { accessTokens } from '../resources/access-tokens.ts'
import { authorizationCodes } from '../resources/authorization-codes.ts'
import { authenticatedSessions, type AuthenticatedSession } from '../resources/authenticated-sessions.ts'
import { fulfil } from '../oidc/fulfil.ts'
import { applications } from '../resources/applications.ts'
import { launchUrlOf } from '../resources/application-launch.ts'
import { scopeMappings } from '../resources/scope-mappings.ts'
import { userConsents } from '../resources/user-consents.ts'
import { toAvatar, users, type User } from '../resources/users.ts'
import { behaviourIn, type OAuthContext } from '../oidc/endpoint.ts'
import { newSessionKey, renewSession, type BrowserSession } from './browser-session.ts'
import type { Plan, Stage, StageKind } from './plan.ts'

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
  | 'done'
  /** The same stage asks again. */
  | { errors?: StageErrors | undefined }
  /** The flow ends with a challenge. */
  | { end: Record<string, unknown> }
  /** Nobody may go on. */
  | { denied: string }

/** One kind of stage. */
interface StageKindDefinition {
  /** Goes on without asking, where nothing is to be asked. */
  pass?(context: StageContext): Promise<Outcome | undefined>
  /** What it asks, behind `flow_info`, `component` and what is wrong. */
  challenge(context: StageContext): Record<string, unknown>
  component: string
  answer(context: StageContext, body: unknown): Promise<Outcome> | Outcome
}

const error = (string: string, code: string) => [{ string, code }]
const REQUIRED = error('This field is required.', 'required')

/** Leaves out the keys that a release does not have. */
const inRelease = (context: OAuthContext, keys: Record<string, unknown>): Record<string, unknown> => {
  const { hasChallengeKey } = behaviourIn(context)
  return Object.fromEntries(Object.entries(keys).filter(([key, value]) => value !== undefined && hasChallengeKey(key)))
}

const userIn = ({ plan, world }: StageContext): User | undefined =>
  plan.user === undefined ? undefined : world.table(users).get(plan.user)

/** Who is at it, as far as they have said. */
function pendingUser(context: StageContext) {
  const user = userIn(context)
  const name = user?.username ?? context.plan.identifier ?? ''
  return { pending_user: name, pending_user_avatar: user?.avatar ?? toAvatar(name, '4b2a5f') }
}

/** Whoever is logged in without a page. */
export function autoUserOf({ autoLogin, world, call }: OAuthContext, hint?: string): User | undefined {
  if (autoLogin === undefined) return undefined
  const hinted = hint === undefined ? undefined : findUser(hint, world)
  const user = hinted ?? userOfSession(call, world) ?? world.table(users).find('username', autoLogin)
  return user?.is_active ? user : undefined
}

/** A user by their name, or by their address. */
function findUser(identifier: string, world: World): User | undefined {
  const address = identifier.toLowerCase()
  const byAddress = () =>
    [...world.table(users).values()].find(({ email }) => email !== '' && email.toLowerCase() === address)
  return world.table(users).find('username', identifier) ?? byAddress()
}

const userOfSession = (call: Call, world: World) => {
  const session = sessionOf(call, world)
  return session && world.table(users).get(session.user)
}

const identification: StageKindDefinition = {
  component: 'ak-stage-identification',
  async pass(context) {
    const user = autoUserOf(context)
    context.plan.user = user?.pk ?? context.plan.user
    return user && 'done'
  },
  challenge(context) {
    const { session, world } = context
    const application =
      session.application === undefined ? undefined : world.table(applications).get(session.application)
    return inRelease(context, {
      user_fields: ['email', 'username'],
      pending_user_identifier: null,
      password_fields: false,
      allow_show_password: false,
      application_pre: application?.name,
      application_pre_launch: application && (launchUrlOf(application, world) ?? undefined),
      flow_designation: 'authentication',
      captcha_stage: null,
      primary_action: 'Log in',
      sources: [],
      show_source_labels: false,
      enable_remember_me: false,
      passkey_challenge: null,
    })
  },
  answer(context, body) {
    const identifier = readKey(body, 'uid_field')
    if (typeof identifier !== 'string' || identifier.trim() === '')
      return { errors: missingIdentifier(context, identifier) }
    const { plan, world } = context
    plan.identifier = identifier
    const user = findUser(identifier, world)
    plan.user = user?.is_active ? user.pk : undefined
    return 'done'
  },
}

function missingIdentifier(context: StageContext, identifier: unknown): StageErrors {
  if (behaviourIn(context).identificationNeedsData)
    return { non_field_errors: error('No identification data provided.', 'invalid') }
  return { uid_field: identifier === '' ? error('This field may not be blank.', 'blank') : REQUIRED }
}

/** How many passwords end the flow. */
const MAX_FAILURES = 5

const password: StageKindDefinition = {
  component: 'ak-stage-password',
  pass: async (context) => (context.autoLogin !== undefined && userIn(context) ? 'done' : undefined),
  challenge: (context) => inRelease(context, { ...pendingUser(context), allow_show_password: false }),
  answer(context, body) {
    const { plan } = context
    const typed = readKey(body, 'password')
    const user = userIn(context)
    if (user && typeof typed === 'string' && typed === passwordOf(user, context.world.aside)) return 'done'
    plan.failures++
    if (plan.failures >= MAX_FAILURES) return { denied: 'Failed to authenticate.' }
    if (typed === undefined) return { errors: { password: REQUIRED } }
    return { errors: { password: error('Invalid password', 'invalid') } }
  },
}

/** Logs a user in, in a session with a new key. */
export async function logInUser(user: User, session: BrowserSession, world: World): Promise<AuthenticatedSession> {
  const row = await startSession(user.pk, world)
  renewSession(session, row.session_key, world)
  await world.table(users).update(user.pk, (draft) => void (draft.last_login = toInstant(world.clock.now())))
  session.isNew = true
  return row
}

const login: StageKindDefinition = {
  component: 'ak-stage-user-login',
  challenge: () => ({}),
  async pass(context) {
    const { session, world } = context
    const user = userIn(context)
    if (!user) return { denied: 'No pending user to login.' }
    await logInUser(user, session, world)
    return 'done'
  },
  answer: () => 'done',
}

const consent: StageKindDefinition = {
  component: 'ak-stage-consent',
  async pass(context) {
    if (context.autoLogin !== undefined) {
      await keepConsent(context)
      return 'done'
    }
    const row = keptConsent(context)
    return row !== undefined && row.permissions === scopesOf(context).join(' ') ? 'done' : undefined
  },
  challenge(context) {
    const { plan, world } = context
    plan.consentToken = world.random.uuid()
    const allowed = new Set(keptConsent(context)?.permissions.split(' '))
    const permissions = scopesOf(context).map((id) => ({ name: descriptionOf(id, context), id }))
    const isNew = allowed.size === 0
    return {
      ...pendingUser(context),
      ...(plan.application ? { header_text: `You're about to sign into ${plan.application.name}.` } : {}),
      permissions: isNew ? permissions : permissions.filter(({ id }) => allowed.has(id)),
      additional_permissions: isNew ? [] : permissions.filter(({ id }) => !allowed.has(id)),
      token: plan.consentToken,
    }
  },
  async answer(context, body) {
    const token = readKey(body, 'token')
    if (token === undefined) return { errors: { token: REQUIRED } }
    if (token !== context.plan.consentToken) return { errors: wrongToken(context) }
    await keepConsent(context)
    return 'done'
  },
}

const wrongToken = (context: StageContext): StageErrors | undefined =>
  behaviourIn(context).consentTokenIsExplained
    ? { token: error('Invalid consent token, re-showing prompt', 'invalid') }
    : undefined

/** The scopes that are asked for, in the order of their names. */
const scopesOf = ({ plan }: StageContext): readonly string[] => plan.authorization?.request.scopes.toSorted() ?? []

const descriptionOf = (scope: string, { plan, world }: StageContext) =>
  plan.authorization?.provider.property_mappings
    .map((pk) => world.table(scopeMappings).require(pk))
    .find(({ scope_name }) => scope_name === scope)?.description ?? ''

function keptConsent(context: StageContext) {
  const { plan, stage, world } = context
  if (stage.mode === 'always_require') return undefined
  return [...world.table(userConsents).values()].find(
    ({ user, application, expires, expiring }) =>
      user === plan.user &&
      application === plan.application?.pk &&
      !(expiring && expires !== null && world.clock.hasPassed(expires)),
  )
}

async function keepConsent(context: StageContext): Promise<void> {
  const { plan, stage, world } = context
  if (stage.mode === 'always_require' || plan.user === undefined || !plan.application) return
  const permissions = scopesOf(context).join(' ')
  const validity = stage.mode === 'expiring' ? toDuration(stage.validity ?? 'weeks=4') : undefined
  const expires = validity === undefined ? null : toInstant(world.clock.now() + validity)
  const row = { permissions, expires, expiring: expires !== null }
  const consentRow = keptConsent(context)
  if (consentRow) await world.table(userConsents).update(consentRow.pk, (draft) => void Object.assign(draft, row))
  else await createRow(userConsents, { world }, { user: plan.user, application: plan.application.pk, ...row })
}

const authorization: StageKindDefinition = {
  component: '',
  challenge: () => ({}),
  pass: async (context) => ({ end: await fulfil(context) }),
  answer: async (context) => ({ end: await fulfil(context) }),
}

/** Ends the session, and what hangs on it. */
const logout: StageKindDefinition = {
  component: '',
  challenge: () => ({}),
  async pass(context) {
    await endSession(context)
    return 'done'
  },
  answer: () => 'done',
}

/** Tells that the application's session is over, and that authentik's is not. */
const sessionEnd: StageKindDefinition = {
  component: 'ak-stage-session-end',
  challenge(context) {
    const { session, world, call } = context
    const application =
      session.application === undefined ? undefined : world.table(applications).get(session.application)
    return {
      ...pendingUser(context),
      ...(application && {
        application_name: application.name,
        application_launch_url: launchUrlOf(application, world),
        invalidation_flow_url: `${baseOf(call)}/if/flow/default-invalidation-flow/`,
      }),
      brand_name: 'authentik',
    }
  },
  answer: () => 'done',
}

async function endSession({ call, world, session, ...context }: StageContext): Promise<void> {
  const row = sessionOf(call, world)
  if (!row) return
  const isOf = ({ session: key }: { session?: string }) => key === row.session_key
  for (const { pk } of [...world.table(accessTokens).values()].filter(isOf)) await world.table(accessTokens).delete(pk)
  if (behaviourIn(context).codesDieWithSession)
    for (const { pk } of [...world.table(authorizationCodes).values()].filter(isOf))
      await world.table(authorizationCodes).delete(pk)
  await world.table(authenticatedSessions).delete(row.uuid)
  renewSession(session, newSessionKey(world), world)
}

/** What the mock cannot play ends the flow, and says what it is. */
const unsupported: StageKindDefinition = {
  component: '',
  challenge: () => ({}),
  pass: async ({ stage }) => ({ denied: `authentik-mock does not play the ${stage.name}.` }),
  answer: ({ stage }) => ({ denied: `authentik-mock does not play the ${stage.name}.` }),
}

/** Every kind of stage that is played. */
export const STAGES: Readonly<Record<StageKind, StageKindDefinition>> = {
  identification,
  password,
  login,
  consent,
  authorization,
  logout,
  'session-end': sessionEnd,
  unsupported,
}
