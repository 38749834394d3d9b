/** What is done with users: writing them, a password, a service account, acting as another; and what uses one; loaded when asked for. */
import { invalid, permissionDenied, Problem } from '../../rest/errors.ts'
import { requireAllowed } from '../../rest/viewset.ts'
import type { Context } from '../../rest/operation.ts'
import { toInteger } from '../../rest/python.ts'
import type { Use } from '../../rest/used-by.ts'
import { createRow, readBody, unchecked } from '../../rest/write-row.ts'
import { DAY, toInstant } from '../../store/clock.ts'
import type { World } from '../../store/world.ts'
import { sessionOf } from '../auth/sessions.ts'
import { behaviourOf } from '../behaviour.ts'
import { authenticatedSessions, type AuthenticatedSession } from '../resources/authenticated-sessions.ts'
import { apiTokens, type ApiToken } from '../resources/api-tokens.ts'
import { groups, type Group } from '../resources/groups.ts'
import { users, type User } from '../resources/users.ts'
import { writeImpersonation, writePasswordSet } from './audit.ts'

// ---- users as they are written

/** The type of whom authentik makes for itself, such as an outpost. */
const INTERNAL = 'internal_service_account'

/** What a body makes of a user. @throws Problem 400 for a kind that no body may give, and for who is authentik's own */
export function writeUser(values: Record<string, unknown>, context: Context, user?: User) {
  const { world, operation } = context
  const now = toInstant(world.clock.now())
  const { type } = values
  const isInternal = type === INTERNAL
  const isOwn = user?.type === INTERNAL
  if (isInternal && !isOwn && !(user && behaviourOf(context).usersBecomeInternal))
    throw invalid({ type: ['Setting a user to internal service account is not allowed.'] })
  if (isOwn && type !== undefined && !isInternal)
    throw invalid({ type: ["Can't change internal service account to other user type."] })
  if (isOwn) throw invalid({ non_field_errors: ["Can't modify internal service account users"] })
  if (!user) return { date_joined: now, password_change_date: now, last_updated: now, ...values }
  // What a PUT says of no groups, it says of none.
  const reset = operation.method === 'PUT' ? { groups: [], roles: [] } : {}
  return { ...reset, ...values, last_updated: now }
}

/** A user who may not log in any more is logged out, and in later releases their tokens are gone. */
export async function leave(user: User, { world, release }: Context): Promise<void> {
  const sessions = world.tableNamed<{ uuid: string }>('authenticated_sessions')
  for (const session of sessions.pointing('user' as never, user.pk)) await sessions.delete(session.uuid)
  if (!behaviourOf({ release }).deactivationDropsTokens) return
  for (const name of ['access_tokens', 'refresh_tokens', 'device_tokens']) {
    const table = world.tableNamed<{ pk: number }>(name)
    for (const { pk } of table.pointing('user' as never, user.pk)) await table.delete(pk)
  }
}

/** What else uses one: in some releases, authentik lists the groups of a user twice. */
export const usesOfUser = (user: User, context: Context): Use[] =>
  behaviourOf(context).groupsUseUsersTwice ? [groupsAgain(user, context)] : []

const groupsAgain = (user: User, { world }: Context): Use => ({
  accessor: 'groups',
  model: groups.django as Use['model'],
  key: 'pk',
  rows: user.groups.map((pk) => world.table(groups).require(pk)),
  action: 'cascade_many',
})

// ---- what is done beside that

/** @throws Problem 403 without the permission */
const require = (permission: string, { caller }: Context, user?: User) =>
  requireAllowed(caller.may(permission, user?.pk), caller)

/** Sets the password of a user. @throws Problem 400, 403 */
export async function setPassword(user: User, context: Context): Promise<void> {
  require('reset_user_password', context, user)
  const isChecked = behaviourOf(context).newPasswordsAreChecked
  const { password } = await readBody(context, isChecked ? undefined : unchecked('password'))
  if (typeof (password ?? '') !== 'string') throw invalid({ password: ['Not a valid string.'] })
  const { world } = context
  const changed = { password: String(password ?? ''), password_change_date: toInstant(world.clock.now()) }
  const updated = await world.table(users).update(user.pk, (draft) => void Object.assign(draft, changed))
  await writePasswordSet(updated, context)
  await context.audit?.('updated', users, updated, context)
}

/** The longest name of a user. */
const MAX_NAME_LENGTH = 150

/** The word that the database has for what is wrong, where nothing looks at a body before it is written. */
const DATABASE = {
  taken: (model: string, column: string, value: string) =>
    `duplicate key value violates unique constraint "authentik_core_${model}_${column}_key"\nDETAIL:  Key (${column})=(${value}) already exists.`,
  missing: 'null value in column "username" of relation "authentik_core_user" violates not-null constraint',
  tooLong: `value too long for type character varying(${MAX_NAME_LENGTH})`,
}

/** The name of a new service account. @throws Problem 400 for none, one that somebody has, or one that is too long */
function nameIn({ name }: Record<string, unknown>, { world, release }: Context): string {
  const isChecked = behaviourOf({ release }).actionsCheckBodies
  const refused = (checked: string, database: string) =>
    invalid(isChecked ? { name: [checked] } : { non_field_errors: [database] })
  if (typeof name !== 'string') throw invalid({ non_field_errors: [DATABASE.missing] })
  if ([...name].length > MAX_NAME_LENGTH)
    throw refused(`Ensure this field has no more than ${MAX_NAME_LENGTH} characters.`, DATABASE.tooLong)
  if (!world.table(users).find('username', name)) return name
  throw refused('This field must be unique.', DATABASE.taken('user', 'username', name))
}

/** A name as Django writes it in an address: ASCII letters in lower case, digits, and dashes for spaces. */
const toSlug = (name: string) =>
  name
    .normalize('NFKD')
    .replace(/[^ -~\t\n\r]/g, '')
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replace(/[-\s]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '')

/** Lets through a group and a token that nobody has. @throws Problem 400 before anything is written */
function checkFree(name: string, identifier: string, hasGroup: boolean, context: Context): void {
  const { world } = context
  const { actionsCheckBodies, groupsHaveParents } = behaviourOf(context)
  // The database did not mind two groups of one name before a group had several parents.
  const isGroupTaken = hasGroup && groupsHaveParents && world.table(groups).find('name', name) !== undefined
  if (!isGroupTaken && !world.table(apiTokens).has(identifier)) return
  const database = isGroupTaken
    ? DATABASE.taken('group', 'name', name)
    : DATABASE.taken('token', 'identifier', identifier)
  throw invalid({
    non_field_errors: [actionsCheckBodies ? 'A user/group with these details already exists' : database],
  })
}

/** Notes what was made, in authentik's order: it saves the user twice, and puts them into the group afterwards. */
async function auditServiceAccount(user: User, group: Group | undefined, token: ApiToken, context: Context) {
  await context.audit?.('created', users, user, context)
  await context.audit?.('updated', users, user, context)
  if (group) {
    await context.audit?.('created', groups, group, context)
    await context.audit?.('updated', groups, group, context)
  }
  await context.audit?.('created', apiTokens, token, context)
}

/** Makes a service account with a token, and a group where one is asked for. @throws Problem 400, 403 */
export async function createServiceAccount(context: Context) {
  const { world, caller, release } = context
  if (!caller.may('add_token')) throw permissionDenied()
  const partial = !behaviourOf({ release }).actionsCheckBodies
  const body = await readBody(context, undefined, { partial })
  const name = nameIn(body, context)
  const { create_group: isGroupWanted = false, expiring = true, expires } = body
  const hasGroup = isGroupWanted === true && caller.may('add_group')
  const identifier = toSlug(`service-account-${name}-password`)
  checkFree(name, identifier, hasGroup, context)
  const now = toInstant(world.clock.now())
  const group = hasGroup ? await createRow(groups, context, { name }) : undefined
  const user = await createRow(users, context, {
    username: name,
    name,
    type: 'service_account',
    path: 'goauthentik.io/service-accounts',
    attributes: { 'goauthentik.io/user/token-expires': expiring },
    groups: group ? [group.pk] : [],
    date_joined: now,
    password_change_date: now,
    last_updated: now,
  })
  const token = await createRow(apiTokens, context, {
    identifier,
    intent: 'app_password',
    user: user.pk,
    expires: expires ?? toInstant(world.clock.now() + 360 * DAY),
    expiring,
  })
  await auditServiceAccount(user, group, token, context)
  return {
    username: name,
    user_uid: user.uid,
    user_pk: user.pk,
    ...(group && { group_pk: group.pk }),
    token: token.key,
  }
}

/** Acts as another user from here on, in the session that asks; who has none is given one that nobody is logged in with. */
export async function impersonateUser(user: User, context: Context): Promise<void> {
  const { call, world, caller } = context
  const { impersonationAsksForReason, impersonationSaysReason, actionsCheckBodies } = behaviourOf(context)
  require('impersonate', context, user)
  const { reason } = await readBody(context, actionsCheckBodies ? undefined : unchecked('reason'), { partial: true })
  if (impersonationAsksForReason && !reason)
    throw impersonationSaysReason ? invalid({ reason: 'This field is required.' }) : new Problem(401, undefined)
  if (user.pk === caller.user) throw new Problem(401, undefined)
  const session = sessionOf(call, world)
  if (session) await actAs(user.pk, session, world)
  const original = world.table(users).get(session?.user ?? caller.user ?? 0)
  const motive = impersonationAsksForReason ? reason : undefined
  await writeImpersonation('impersonation_started', { user: original, behalf: user }, context, motive)
}

/** Has whoever asks act as themselves again. */
export async function stopImpersonating(context: Context): Promise<void> {
  const { call, world } = context
  const session = sessionOf(call, world)
  if (!session || session.impersonated === null) return
  await actAs(null, session, world)
  await writeImpersonation('impersonation_ended', { user: world.table(users).get(session.user) }, context)
}

const actAs = (user: number | null, { uuid }: AuthenticatedSession, world: World) =>
  world.table(authenticatedSessions).update(uuid, (draft) => void (draft.impersonated = user))

/** Deletes the sessions of the users whom a query names. @throws Problem 403 */
export async function deleteSessions(context: Context) {
  const { caller, query, world } = context
  if (!caller.may('delete_authenticatedsession')) throw permissionDenied()
  const owners = new Set(query.getAll('user_pks').map((pk) => Number(toInteger(pk))))
  const table = world.table(authenticatedSessions)
  const sessions = [...table.values()].filter(({ user }) => owners.has(user))
  for (const session of sessions) await table.delete(session.uuid)
  return { deleted: sessions.length }
}
