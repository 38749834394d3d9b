/** What can be done with a user beside changing them: a new password, a service account, acting as them. */
import type { Header } from '../../http/message.ts'
import { credentialsMissing } from '../../rest/errors.ts'
import { operation, type Context } from '../../rest/operation.ts'
import { rowAction } from '../../rest/viewset-operations.ts'
import { boolean, component, dateTime, integer, optional, text, withDefault } from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import { SESSION_COOKIE, sessionOf, cookieScope } from '../auth/sessions.ts'
import { behaviourOf } from '../behaviour.ts'
import { IMPERSONATION_CREATES } from '../deviations.ts'
import { newSessionKey } from './authenticated-sessions.ts'
import { usersViewset, type User } from './users.ts'

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

/** A session that a browser is given in which nobody is logged in. */
const anonymousSession = ({ call, world }: Context): Header[] =>
  sessionOf(call, world)
    ? []
    : [['Set-Cookie', `${SESSION_COOKIE}=${newSessionKey(world.random)}; HttpOnly; ${cookieScope(call)}`]]

const load = () => import('../answers/users.ts')
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
    resolve: async (user: User, context) => (await load()).setPassword(user, context),
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
    resolve: async (user: User, context) => (await load()).impersonateUser(user, context),
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
    resolve: async (context) => (await load()).stopImpersonating(context),
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
    resolve: async (context) => (await load()).createServiceAccount(context),
  }),
]
