/** Users: people, and the service accounts that act as users. */
import { DAY, EPOCH, toInstant } from '../../store/clock.ts'
import {
  among,
  anyOf,
  checkUuid,
  exactly,
  flag,
  havingUuid,
  SELECT_BOX,
  startingWith,
  type Filter,
} from '../../rest/filters.ts'
import { LIST_QUERY, operation, type Context } from '../../rest/operation.ts'
import { paginated, toAutocomplete, toPage } from '../../rest/pagination.ts'
import { lastOf } from '../../rest/python.ts'
import { resource, type Known } from '../../store/resource.ts'
import {
  anyObject,
  boolean,
  choice,
  component,
  dateTime,
  described,
  email,
  integer,
  list,
  nullable,
  optional,
  readOnly,
  text,
  unlessSaid,
  uuid,
} from '../../schema/words.ts'
import {
  deleteRow,
  findRow,
  findUsed,
  idIn,
  listRows,
  type Viewset,
  whereAny,
  whereViewable,
} from '../../rest/viewset.ts'
import { attributesFilter, merge } from './attributes.ts'
import { groups, makesSuperuser, toUserGroup, UserGroup, withThoseAbove } from './groups.ts'
import { attributes, defaulted, derived, model, type RowOf } from './model.ts'
import { USED_BY_VIEW, UsedBy, usedBy } from './used-by.ts'

const TYPES = ['internal', 'external', 'service_account', 'internal_service_account'] as const
export const UserTypeEnum = choice('UserTypeEnum', TYPES)
const EMAIL = { maxLength: 254 }

// ---- as documented

/** What a username may hold, where the documentation says so. */
export const USERNAME = '^[\\w.@+-]+$'

/** A user as it stands inside a grant (FACTS 2.4). */
export const User = component('User', {
  pk: readOnly(integer()),
  username: text({ maxLength: 150 }),
  name: described(text(), 'The name that is shown.'),
  is_active: described(optional(boolean()), 'An inactive user can neither log in nor use a token.'),
  last_login: optional(nullable(dateTime())),
  is_superuser: readOnly(boolean()),
  groups: optional(list(uuid())),
  groups_obj: readOnly(nullable(list(UserGroup))),
  email: optional(email(EMAIL)),
  avatar: described(readOnly(text()), 'An http(s) URL or a data URI.'),
  attributes: optional(anyObject()),
  uid: described(readOnly(text()), '64 hexadecimal digits that stay the same for as long as the user exists.'),
  path: optional(text()),
  type: optional(UserTypeEnum),
  uuid: readOnly(uuid()),
})

/** A user as they see themselves (FACTS 7). */
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

// ---- as kept

/** When a user came and changed, where a world file does not say. */
const LONG_AGO = '2024-01-01T00:00:00Z'

const Row = model({
  pk: integer(),
  username: text({ maxLength: 150 }),
  name: defaulted(text(), ''),
  is_active: defaulted(boolean(), true),
  last_login: defaulted(nullable(dateTime()), null),
  is_superuser: derived(boolean()),
  groups: defaulted(list(uuid()), []),
  email: defaulted(text(EMAIL), ''),
  avatar: defaulted(text(), '/static/dist/assets/images/user_default.png'),
  attributes: attributes(),
  uid: text(),
  path: defaulted(text(), 'users'),
  type: defaulted(UserTypeEnum, 'internal'),
  uuid: uuid(),
  password: described(optional(text()), 'What the login flow accepts.'),
  // from 2025.2 on
  date_joined: defaulted(dateTime(), LONG_AGO),
  last_updated: defaulted(dateTime(), LONG_AGO),
  password_change_date: defaulted(dateTime(), LONG_AGO),
  roles: defaulted(list(uuid()), []),
})
export type User = RowOf<typeof Row>

export const users = resource<User>({
  name: 'users',
  key: 'pk',
  unique: ['username'],
  model: Row,
  references: { groups },
  django: {
    app: 'authentik_core',
    model: 'user',
    className: 'User',
    words: ({ username }) => username,
    many: { groups: 'ak_groups' },
  },
  count: () => SEEDED.length,
  seed({ number, faker, known, dice }) {
    const { username: fixed, name: fixedName, in: memberships = [], ...rest } = SEEDED[number - 1]!
    const [firstName, lastName] = [faker.person.firstName(), faker.person.lastName()]
    const username = fixed ?? `${firstName}.${lastName}${number}`.toLowerCase().replace(/[^a-z.0-9]/g, '')
    const name = fixedName ?? `${firstName} ${lastName}`
    return {
      pk: number,
      username,
      name,
      is_active: true,
      last_login:
        number % 3 === 0 ? null : toInstant(EPOCH - Math.floor(dice.next() * 30 * DAY), Math.floor(dice.next() * 1000)),
      groups: [...known.rows(groups).all()]
        .filter((group) => memberships.includes(group.name))
        .map((group) => group.pk),
      email: `${username}@example.com`,
      avatar: toAvatar(name, dice.hex(6)),
      attributes: number % 2 === 0 ? { department: faker.commerce.department(), settings: { locale: 'en' } } : {},
      uid: dice.hex(64),
      path: 'users',
      type: 'internal',
      uuid: faker.string.uuid(),
      password: `${username}-password`,
      date_joined: toInstant(EPOCH - 300 * DAY + number * DAY),
      last_updated: toInstant(EPOCH - 100 * DAY + number * DAY),
      password_change_date: toInstant(EPOCH - 200 * DAY + number * DAY),
      roles: [],
      ...rest,
    }
  },
  derive: (row, known) => ({ is_superuser: isSuperuser(row, known) }),
})

const SEEDED: (Partial<User> & { in?: string[] })[] = [
  { username: 'akadmin', name: 'authentik Default Admin', in: ['authentik Admins'] },
  { in: ['developers'] },
  { in: ['developers', 'staff'] },
  { in: ['staff'] },
  { type: 'external' },
  { username: 'ak-service', name: 'Service Account', type: 'service_account', path: 'goauthentik.io/service-accounts' },
  { is_active: false },
  {
    username: 'ak-outpost',
    name: 'Embedded Outpost',
    type: 'internal_service_account',
    path: 'goauthentik.io/outposts',
  },
]

/** Whether one of a user's groups, or one above it, makes superusers. */
export const isSuperuser = (row: User, known: Known) => row.groups.some((group) => makesSuperuser(group, known))

// ---- as answered

/**
 * `groups_obj` is null when `?include_groups=` says other than true, on every path that has a user in its answer (FACTS
 * 2.4); likewise `roles_obj`.
 */
export function toUser(row: User, { world, query, release }: Context) {
  const wanted = (name: string) => (lastOf(query, name) ?? 'true').toLowerCase() === 'true'
  const withGroups = !release.behaviour.leavesGroupsOut || wanted('include_groups')
  return {
    pk: row.pk,
    username: row.username,
    name: row.name,
    is_active: row.is_active,
    last_login: row.last_login,
    date_joined: row.date_joined,
    is_superuser: isSuperuser(row, world),
    groups: row.groups,
    groups_obj: withGroups ? row.groups.map((group) => toUserGroup(world.rows(groups).get(group)!, world)) : null,
    roles: row.roles,
    roles_obj: wanted('include_roles') ? rolesOf(row) : null,
    email: row.email,
    avatar: row.avatar,
    attributes: row.attributes,
    uid: row.uid,
    path: row.path,
    type: row.type,
    uuid: row.uuid,
    password_change_date: row.password_change_date,
    last_updated: row.last_updated,
  }
}

/** authentik makes a role for a user who is given permissions; others the world does not know. */
export const roleName = ({ pk }: User) => `ak-managed-role--user-${pk}`
const rolesOf = (row: User) => row.roles.map((pk) => ({ pk, name: roleName(row) }))

function toUserSelf(row: User, { world, caller, release }: Context) {
  const all = withThoseAbove(row.groups, world)
  return {
    pk: row.pk,
    username: row.username,
    name: row.name,
    is_active: row.is_active,
    is_superuser: isSuperuser(row, world),
    is_current: true,
    groups: all.map(({ name, pk }) => ({ name, pk })),
    roles: rolesOf(row),
    email: row.email,
    avatar: row.avatar,
    uid: row.uid,
    settings: merge([...all.map((group) => group.attributes), row.attributes])['settings'] ?? {},
    type: row.type,
    system_permissions: release.behaviour.systemPermissions.filter((one) => caller.may(one)),
  }
}

/** In the order in which what is wrong with them is said. */
const filters: Record<string, Filter<User>> = {
  username: exactly((row) => row.username),
  email: exactly((row) => row.email),
  name: exactly((row) => row.name),
  is_active: flag((row, wanted) => row.is_active === wanted, SELECT_BOX),
  // Of the groups that a user is in directly, one of which has to be so.
  is_superuser: flag(
    (row, wanted, known) => row.groups.some((group) => known.rows(groups).get(group)!.is_superuser === wanted),
    SELECT_BOX,
  ),
  attributes: attributesFilter(),
  groups_by_name: among(
    text(),
    (row, known) => row.groups.map((group) => known.rows(groups).get(group)!.name),
    (given) => given,
    (name, known) => [...known.rows(groups).all()].some((group) => group.name === name),
  ),
  groups_by_pk: among(
    uuid(),
    (row) => row.groups,
    checkUuid,
    (key, known) => known.rows(groups).get(key) !== undefined,
  ),
  type: anyOf((row) => row.type, TYPES),
  uuid: havingUuid((row) => row.uuid),
  path: exactly((row) => row.path),
  path_startswith: startingWith((row) => row.path),
}

const set: Viewset<User> = {
  resource: users,
  sees: whereViewable('user'),
  orderings: {
    pk: (row) => row.pk,
    username: (row) => row.username,
    name: (row) => row.name,
    is_active: (row) => row.is_active,
    last_login: (row) => row.last_login && row.last_login.slice(0, -1),
    email: (row) => row.email,
    path: (row) => row.path,
    type: (row) => row.type,
    uuid: (row) => row.uuid,
  },
  byDefault: [['username', false]],
  search: (row, _known, { searchesFlags }) => [
    row.username,
    row.name,
    row.email,
    row.uuid,
    ...(searchesFlags ? [String(row.is_active)] : []),
  ],
}
const find = (context: Context) => findRow(context, set, idIn(context))

/** What a search box may offer, from 2025.8 on. */
const AUTOCOMPLETE = toAutocomplete('authentik_core.user', {
  username: 'str',
  name: 'str',
  email: 'str',
  path: 'str',
  is_active: 'bool',
  type: TYPES,
  attributes: 'authentik_core.user_attributes',
})

const all = { tag: 'core', parameters: {} }
const VIEWSET = { description: 'User Viewset', model: 'user' }
const one = {
  tag: 'core',
  filters,
  view: { ...VIEWSET, path: '/core/users/{id}/', name: 'User Instance', missing: ['PUT', 'PATCH'] as const, find },
  parameters: { id: { schema: integer(), description: 'The pk of a user.' } },
}

export const userOperations = [
  operation({
    ...all,
    id: 'core_users_list',
    method: 'GET',
    view: { ...VIEWSET, path: '/core/users/', name: 'User List', missing: ['POST'] },
    summary: 'A page of users, for whoever may view them.',
    filters,
    query: { ...LIST_QUERY, include_groups: { schema: unlessSaid(boolean(), true) } },
    responses: { 200: paginated('User', User) },
    resolve: (context) => toPage(listRows(context, set), context, (row) => toUser(row, context), AUTOCOMPLETE),
  }),
  operation({
    ...one,
    id: 'core_users_retrieve',
    method: 'GET',
    summary: 'One of them.',
    responses: { 200: User },
    resolve: (context) => toUser(find(context), context),
  }),
  operation({
    ...one,
    id: 'core_users_destroy',
    method: 'DELETE',
    summary: 'Deletes a user, with their grants, tokens and sessions.',
    responses: { 204: null },
    resolve: (context) => deleteRow(context, set, find(context)),
  }),
  operation({
    ...one,
    id: 'core_users_used_by_list',
    method: 'GET',
    view: { ...USED_BY_VIEW, path: '/core/users/{id}/used_by/', model: 'user' },
    filters: {},
    summary: 'What goes along with a user, and the groups they are in.',
    responses: { 200: list(UsedBy) },
    resolve: (context) => usedBy(users, findUsed(context, { resource: users, sees: whereAny }, idIn(context)), context),
  }),
  operation({
    ...all,
    id: 'core_users_me_retrieve',
    method: 'GET',
    view: {
      path: '/core/users/me/',
      name: 'User me',
      description: 'Get information about current user',
      model: 'user',
    },
    summary: 'Whoever asks, with their groups, also those above.',
    responses: { 200: SessionUser },
    resolve(context) {
      const user = toUserSelf(context.world.rows(users).get(context.caller.user!)!, context)
      return { user, users: [user] }
    },
  }),
  operation({
    ...all,
    id: 'core_users_paths_retrieve',
    method: 'GET',
    view: { path: '/core/users/paths/', name: 'Paths', description: 'Get all user paths', model: 'user' },
    summary: 'Every path that a user has.',
    query: { search: { schema: text() } },
    filters,
    responses: { 200: UserPath },
    resolve: (context) => ({
      paths: [
        ...new Set(
          listRows(context, { ...set, byDefault: [['path', false]], orderings: { path: set.orderings!['path']! } }).map(
            (row) => row.path,
          ),
        ),
      ].sort(),
    }),
  }),
]

/** A picture of a name's initials, as a data URI, so that it shows offline too. */
function toAvatar(name: string, colour: string): string {
  const words = name.split(' ')
  const initials = `${words[0]![0]}${words.at(-1)![0]}`.toUpperCase()
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><circle cx="32" cy="32" r="32" fill="#${colour}"/><text x="32" y="42" fill="#fff" font-family="sans-serif" font-size="28" text-anchor="middle">${initials}</text></svg>`
  return `data:image/svg+xml;base64,${btoa(svg)}`
}
