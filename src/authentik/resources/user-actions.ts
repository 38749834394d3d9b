/** What can be done with a user beside changing them: a new password, a service account, acting as them. */
import type { Header } from '../../http/message.ts'
import { credentialsMissing, invalid, permissionDenied, Problem } from '../../rest/errors.ts'
import { operation, type Context } from '../../rest/operation.ts'
import { rowAction } from '../../rest/viewset-operations.ts'
import { createRow, readBody } from '../../rest/write-row.ts'
import { boolean, component, dateTime, integer, optional, text, withDefault } from '../../schema/words.ts'
import { DAY, toInstant } from '../../store/clock.ts'
import { once } from '../../store/lazily.ts'
import { impersonate, SESSION_COOKIE, sessionOf, stopImpersonating, cookieScope } from '../auth/sessions.ts'
import { behaviourOf } from '../behaviour.ts'
import { IMPERSONATION_CREATES } from '../deviations.ts'
import { apiTokens } from './api-tokens.ts'
import { newSessionKey } from './authenticated-sessions.ts'
import { groups } from './groups.ts'
import { users, usersViewset, type User } from './users.ts'

/** The user, whom later releases do not look for before they know who asks. */
function findKnown(context: Context): User {
  if (behaviourOf(context).actionsCheckBodies && context.caller.user === undefined) throw credentialsMissing()
  return usersViewset.find(context)
}

const PasswordSet = once(() => component('UserPasswordSetRequest', { password: text({ minLength: 1 }) }))
/** Why somebody acts as another, from 2024.12 on. */
export const impersonation = once(() => component('ImpersonationRequest', { reason: text({ minLength: 1 }) }))
const ServiceAccount = once(() =>
  component('UserServiceAccountRequest', {
    name: text({ minLength: 1 }),
    create_group: withDefault(optional(boolean()), false),
    expiring: withDefault(optional(boolean()), true),
    expires: optional(dateTime()),
  }),
)
const ServiceAccountResponse = once(() =>
  component('UserServiceAccountResponse', {
    username: text(),
    token: text(),
    user_uid: text(),
    user_pk: integer(),
    group_pk: optional(text()),
  }),
)

/** @throws Problem 403 without the permission, for those whom nobody knows in other words */
function require(permission: string, { caller }: Context): void {
  if (caller.may(permission)) return
  throw caller.user === undefined ? credentialsMissing() : permissionDenied()
}

async function setPassword(user: User, context: Context): Promise<void> {
  require('reset_user_password', context)
  const { password } = await readBody(context, undefined, { partial: !behaviourOf(context).actionsCheckBodies })
  const { world } = context
  const changed = { password: String(password ?? ''), password_change_date: toInstant(world.clock.now()) }
  await world.table(users).update(user.pk, (draft) => void Object.assign(draft, changed))
}

/** The word that the database has for what is wrong, where nothing looks at a body before it is written. */
const DATABASE = {
  taken: (name: string) =>
    `duplicate key value violates unique constraint "authentik_core_user_username_key"\nDETAIL:  Key (username)=(${name}) already exists.`,
  missing: 'null value in column "username" of relation "authentik_core_user" violates not-null constraint',
}

/** The name of a new service account. @throws Problem 400 for none, or one that somebody has */
function nameIn({ name }: Record<string, unknown>, { world, release }: Context): string {
  const isChecked = behaviourOf({ release }).actionsCheckBodies
  if (typeof name !== 'string') throw invalid({ non_field_errors: [DATABASE.missing] })
  if (!world.table(users).find('username', name)) return name
  throw invalid(isChecked ? { name: ['This field must be unique.'] } : { non_field_errors: [DATABASE.taken(name)] })
}

async function createServiceAccount(context: Context) {
  const { world, caller, release } = context
  if (!caller.may('add_token')) throw permissionDenied()
  const partial = !behaviourOf({ release }).actionsCheckBodies
  const body = await readBody(context, undefined, { partial })
  const name = nameIn(body, context)
  const { create_group: hasGroup = false, expiring = true, expires } = body
  const now = toInstant(world.clock.now())
  const group = hasGroup ? await createRow(groups, context, { name }) : undefined
  const user = await createRow(users, context, {
    username: name,
    name,
    type: 'service_account',
    path: 'goauthentik.io/service-accounts',
    attributes: { 'goauthentik.io/user/token-expires': expiring },
    groups: group ? [group.pk] : [],
    avatar: null,
    date_joined: now,
    password_change_date: now,
    last_updated: now,
  })
  const token = await createRow(apiTokens, context, {
    identifier: `service-account-${name}-password`,
    intent: 'app_password',
    user: user.pk,
    expires: expires ?? toInstant(world.clock.now() + 360 * DAY),
    expiring,
  })
  return {
    username: name,
    user_uid: user.uid,
    user_pk: user.pk,
    ...(group && { group_pk: group.pk }),
    token: token.key,
  }
}

/** Acts as another user from here on, in the session that asks; who has none is given one that nobody is logged in with. */
async function impersonateUser(user: User, context: Context): Promise<void> {
  const { call, world, caller } = context
  const { impersonationAsksForReason, impersonationSaysReason } = behaviourOf(context)
  require('impersonate', context)
  const { reason } = await readBody(context, undefined, { partial: true })
  if (impersonationAsksForReason && !reason)
    throw impersonationSaysReason ? invalid({ reason: 'This field is required.' }) : new Problem(401, undefined)
  if (user.pk === caller.user) throw new Problem(401, undefined)
  const session = sessionOf(call, world)
  if (session) await impersonate(session, user.pk, world)
}

/** A session that a browser is given in which nobody is logged in. */
const anonymousSession = ({ call, world }: Context): Header[] =>
  sessionOf(call, world)
    ? []
    : [['Set-Cookie', `${SESSION_COOKIE}=${newSessionKey(world.random)}; HttpOnly; ${cookieScope(call)}`]]

const common = { tag: 'core', parameters: {} } as const

/** What can be done with users beside changing them. */
export const operations = [
  rowAction(usersViewset, {
    id: 'core_users_set_password_create',
    method: 'POST',
    name: 'set_password',
    summary: 'Gives a user a password.',
    description: 'Set password for user',
    find: findKnown,
    body: PasswordSet,
    responses: () => ({ 204: null, 400: null }),
    resolve: setPassword,
  }),
  rowAction(usersViewset, {
    id: 'core_users_impersonate_create',
    method: 'POST',
    name: 'impersonate',
    summary: 'Acts as a user until it is said to end.',
    description: 'Impersonate a user',
    find: findKnown,
    responses: () => ({ 204: null, 401: null }),
    headers: anonymousSession,
    observed: ({ serializer }) => (serializer.has(IMPERSONATION_CREATES) ? { status: 201 } : undefined),
    resolve: impersonateUser,
  }),
  operation({
    ...common,
    id: 'core_users_impersonate_end_retrieve',
    method: 'GET',
    view: {
      path: '/core/users/impersonate_end/',
      name: 'Impersonate end',
      description: 'End Impersonation a user',
      open: 'users',
    },
    summary: 'Acts as oneself again.',
    responses: { 204: null },
    async resolve({ call, world }) {
      const session = sessionOf(call, world)
      if (session) await stopImpersonating(session, world)
    },
  }),
  operation({
    ...common,
    id: 'core_users_service_account_create',
    method: 'POST',
    view: {
      path: '/core/users/service_account/',
      name: 'Service account',
      description: 'Create a new user account that is marked as a service account',
      model: 'user',
    },
    summary: 'Makes a service account, with a token that is its password.',
    get body() {
      return ServiceAccount()
    },
    get responses() {
      return { 200: ServiceAccountResponse() }
    },
    observed: ({ serializer }) => ({ isPlain: serializer.has('service-account-order') }),
    resolve: createServiceAccount,
  }),
]
