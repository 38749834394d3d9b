/** What users see of themselves, and the paths that users have. */
import { operation, type Context } from '../../rest/operation.ts'
import { listRows } from '../../rest/viewset.ts'
import { isObject } from '../../schema/json.ts'
import {
  anyObject,
  boolean,
  component,
  described,
  email,
  integer,
  list,
  optional,
  readOnly,
  text,
} from '../../schema/words.ts'
import { callerOf } from '../auth/caller.ts'
import { sessionCookie, sessionOf } from '../auth/sessions.ts'
import { avatarOf } from '../avatar.ts'
import { behaviourOf } from '../behaviour.ts'
import { addressOfFile } from '../static-files.ts'
import { merge } from './attributes.ts'
import { withAncestors } from './groups.ts'
import { EMAIL, isSuperuser, rolesOf, USERNAME, users, usersViewset, UserTypeEnum, type User } from './users.ts'

/** A user as they see themselves. */
export const UserSelf = component('UserSelf', {
  pk: readOnly(integer()),
  username: text({ maxLength: 150, pattern: USERNAME }),
  name: text(),
  is_active: readOnly(boolean()),
  is_superuser: readOnly(boolean()),
  groups: readOnly(list(component('UserSelfGroups', { name: readOnly(text()), pk: readOnly(text()) }))),
  email: optional(email(EMAIL)),
  avatar: readOnly(text()),
  uid: readOnly(text()),
  settings: readOnly(anyObject()),
  type: optional(UserTypeEnum),
  system_permissions: described(
    readOnly(list(text())),
    'Permissions on authentik itself rather than on what it keeps.',
  ),
})

const SessionUser = component('SessionUser', { user: UserSelf, original: optional(UserSelf) })
const UserPath = component('UserPath', { paths: readOnly(list(text())) })

function toUserSelf(row: User, context: Context) {
  const { world } = context
  const caller = callerOf(row, world)
  const memberships = withAncestors(row.groups, world)
  const attributes = merge([...memberships.map((group) => group.attributes), row.attributes])
  return {
    ...row,
    avatar: addressOfFile(avatarOf(row), context),
    is_superuser: isSuperuser(row, world),
    is_current: true,
    groups: memberships.map(({ name, pk }) => ({ name, pk })),
    roles: rolesOf(row, world),
    settings: isObject(attributes['settings']) ? attributes['settings'] : {},
    system_permissions: behaviourOf(context).systemPermissions.filter((permission) => caller.may(permission)),
  }
}

const common = { tag: 'core', parameters: {}, method: 'GET' } as const

/** What can be asked of users beside themselves. */
export const operations = [
  operation({
    ...common,
    id: 'core_users_me_retrieve',
    view: {
      path: '/core/users/me/',
      name: 'User me',
      description: 'Get information about current user',
      model: 'user',
    },
    summary: 'Shows whoever asks, with their groups, also those above.',
    responses: { 200: SessionUser },
    headers({ call, world }) {
      const session = sessionOf(call, world)
      return session ? [sessionCookie(session.session_key, call, world)] : []
    },
    resolve(context) {
      const { call, world, caller } = context
      const table = world.table(users)
      // Whoever asks is active, if only because another acts as them.
      const user = { ...toUserSelf(table.require(caller.user ?? 0), context), is_active: true }
      const session = sessionOf(call, world)
      const original = session?.impersonated === caller.user && toUserSelf(table.require(session?.user ?? 0), context)
      return { user, users: [user], ...(original && { original }) }
    },
  }),
  operation({
    ...common,
    id: 'core_users_paths_retrieve',
    view: { path: '/core/users/paths/', name: 'Paths', description: 'Get all user paths', model: 'user' },
    summary: 'Lists every path that a user has.',
    query: { search: { schema: text() } },
    filters: users.filters,
    resource: users,
    responses: { 200: UserPath },
    resolve: (context) => ({
      paths: [
        ...new Set(
          Array.from(
            listRows(context, { ...usersViewset.viewset, defaultOrdering: [], orderings: {} }),
            ({ path }) => path,
          ),
        ),
      ].sort(),
    }),
  }),
]
