/** Users: people, and the service accounts that act as users. */
import { computed, field, hidden, type RowOfFields } from '../../rest/field.ts'
import {
  among,
  choosingAny,
  exactly,
  flagged,
  havingUuid,
  selectBox,
  startingWith,
  toUuidKey,
} from '../../rest/filters.ts'
import type { Context } from '../../rest/operation.ts'
import { toAutocomplete } from '../../rest/pagination.ts'
import { lastOf } from '../../rest/python.ts'
import { resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import {
  anyObject,
  boolean,
  choice,
  dateTime,
  email,
  integer,
  list,
  nullable,
  optional,
  text,
  uuid,
  withDefault,
} from '../../schema/words.ts'
import { quote } from '../../schema/json.ts'
import { FormError } from '../../store/form.ts'
import { keysIn, type FileRow, type RowSource, type Writing } from '../../store/resource.ts'
import { avatarOf } from '../avatar.ts'
import { attributesFilter } from './attributes.ts'
import { behaviourOf } from '../behaviour.ts'
import { addressOfFile } from '../static-files.ts'
import { groups, isRole, makesSuperuser, Role, UserGroup } from './groups.ts'
import { jsonb } from './jsonb.ts'
import { viewingUses } from './owned.ts'

const load = () => import('../answers/users.ts')

const TYPES = ['internal', 'external', 'service_account', 'internal_service_account'] as const
/** The kinds of users. */
export const UserTypeEnum = choice('UserTypeEnum', TYPES)
/** The longest address that authentik takes. */
export const EMAIL = { maxLength: 254 }
/** What a username may hold, where the documentation says so. */
export const USERNAME = '^[\\w.@+-]+$'

/** When a user came and changed, where a world file does not say. */
const LONG_AGO = '2024-01-01T00:00:00Z'

const fields = {
  pk: field(integer(), { readOnly: true, order: true }),
  username: field(text({ maxLength: 150 }), {
    unique: { isPlain: () => true },
    filter: exactly,
    search: true,
    order: true,
  }),
  name: field(text(), {
    default: '',
    required: true,
    description: 'The name that is shown.',
    filter: exactly,
    search: true,
    order: true,
  }),
  is_active: field(boolean(), {
    default: true,
    description: 'An inactive user can neither log in nor use a token.',
    filter: selectBox,
    search: true,
    order: true,
  }),
  last_login: field(nullable(dateTime()), { default: null, order: true }),
  date_joined: field(dateTime(), { readOnly: true, default: LONG_AGO, addedIn: '2025.4' }),
  is_superuser: computed(boolean(), (row, { world }) => isSuperuser(row, world)),
  groups: field(list(uuid()), { default: [], references: 'groups' }),
  groups_obj: computed(nullable(list(UserGroup)), (row, context) => groupsOf(row, context)),
  roles: field(list(uuid()), { default: [], exists: isRole, addedIn: '2025.12' }),
  roles_obj: computed(
    nullable(list(Role)),
    (row, context) => (includes(context, 'include_roles') ? rolesOf(row, context.world) : null),
    { addedIn: '2025.12' },
  ),
  email: field(email(EMAIL), { default: '', stored: text(EMAIL), filter: exactly, search: true, order: true }),
  avatar: field(text(), {
    readOnly: true,
    stored: optional(text()),
    getter: (row, context) => addressOfFile(avatarOf(row), context),
    description: 'An http(s) URL or a data URI.',
  }),
  attributes: field(anyObject(), { default: {}, stored: jsonb() }),
  uid: field(text(), {
    readOnly: true,
    generate: (random) => random.hex(64),
    description: '64 hexadecimal digits that stay the same for as long as the user exists.',
  }),
  path: field(text(), {
    default: 'users',
    filters: { path: exactly, path_startswith: startingWith },
    order: true,
    check: findPathFault,
  }),
  type: field(UserTypeEnum, { default: 'internal', filter: choosingAny, order: true }),
  uuid: field(uuid(), {
    readOnly: true,
    generate: (random) => random.uuid(),
    unique: true,
    filter: havingUuid,
    search: true,
    order: true,
  }),
  password_change_date: field(dateTime(), { readOnly: true, default: LONG_AGO, addedIn: '2025.2' }),
  last_updated: field(dateTime(), { readOnly: true, default: LONG_AGO, addedIn: '2025.8' }),
  /** What the login flow accepts. */
  password: hidden(optional(text())),
}
/** Whether authentik itself makes a user of this name when it first needs one. */
export const isOfLater = (username: string): boolean => /^ak-.+-client_credentials$|^ak-outpost-/.test(username)

/** A row of users. */
export type User = RowOfFields<typeof fields>

/** People, and the service accounts that act as users. */
export const users = resource({
  name: 'users',
  names: { singular: 'user', plural: 'users', state: 'user', noun: 'a user' },
  component: 'User',
  django: {
    app: 'authentik_core',
    className: 'User',
    label: ({ username }) => username,
    many: { groups: 'ak_groups' },
    alsoUsedBy: async (user: User, context: Context) => (await load()).usesOfUser(user, context),
  },
  fields,
  filters: {
    // Of the groups that a user is in directly, one of which has to be so.
    is_superuser: flagged((row: User, expected, source) =>
      row.groups.some((group) => source.table(groups).get(group)?.is_superuser === expected),
    ),
    attributes: attributesFilter(),
    groups_by_name: among(
      text(),
      (row: User, source) => row.groups.map((group) => source.table(groups).require(group).name),
      (name) => name,
      (name, source) => [...source.table(groups).values()].some((group) => group.name === name),
    ),
    groups_by_pk: among(
      uuid(),
      (row: User) => row.groups,
      toUuidKey,
      (key, source) => source.table(groups).has(key),
    ),
  },
  filterOrder: [
    'username',
    'email',
    'name',
    'is_active',
    'is_superuser',
    'attributes',
    'groups_by_name',
    'groups_by_pk',
    'type',
    'uuid',
    'path',
    'path_startswith',
  ],
  variant: (context: Context) =>
    context.query.size === 0 ? '' : `${showsGroups(context)} ${includes(context, 'include_roles')}`,
  permitted: 'username',
  derive: (row, source) => ({ is_superuser: isSuperuser(row, source) }),
  remedies: {
    is_superuser: (isSuper) =>
      isSuper === true ? 'take them out of the groups with is_superuser' : 'put them into a group with is_superuser',
  },
  count: 8,
  loadSeed: async () => (await import('../seeds.ts')).seedUser,
  shorthand: {
    names: ['username'],
    targets: { roles: 'roles' },
    words: {
      superuser(isSuper, row, writing) {
        if (typeof isSuper !== 'boolean') throw new FormError(`is ${quote(isSuper)}. Write true or false`)
        return { groups: groupsFor(isSuper, row, writing) }
      },
    },
    defaults: ({ username }) => ({ name: username, email: `${String(username)}@example.com` }),
  },
})

/** The groups of a user of a file who is to be a superuser, or none. */
function groupsFor(isSuper: boolean, { pk, groups: names }: FileRow, { rows, get, add, keyOf }: Writing): unknown[] {
  const keys = keysIn(names ?? get('users', pk)?.['groups']).map((name) => keyOf('groups', name))
  /** Whether a group, or one above it, makes superusers. */
  const makes = (key: unknown, passed: readonly unknown[] = []): boolean => {
    const group = get('groups', key)
    if (!group || passed.includes(key)) return false
    const parents = [...keysIn(group['parent']), ...keysIn(group['parents'])].map((name) => keyOf('groups', name))
    return group['is_superuser'] === true || parents.some((parent) => makes(parent, [...passed, key]))
  }
  if (!isSuper) return keys.filter((key) => !makes(key))
  if (keys.some((key) => makes(key))) return keys
  const groupRows = rows('groups')
  const making = groupRows.find(({ pk: group }) => get('groups', group)?.['is_superuser'] === true)
  const taken = groupRows.some(({ name }) => name === ADMINS)
  return [...keys, making?.['pk'] ?? add('groups', { name: taken ? 'superusers' : ADMINS, is_superuser: true })]
}

/** The group in which authentik puts its first user. */
const ADMINS = 'authentik Admins'

/** What is wrong with the path of a user. */
function findPathFault(path: string | number): string | undefined {
  const segments = String(path).split('/')
  if (segments[0] === '' || segments.at(-1) === '') return 'No leading or trailing slashes allowed.'
  return segments.includes('') ? 'No empty segments in user path allowed.' : undefined
}

/** Whether one of a user's groups, or one above it, makes superusers. */
export const isSuperuser = (row: User, source: RowSource) => row.groups.some((group) => makesSuperuser(group, source))

/**
 * Whether a query wants what it can leave out, such as the groups of users: it is null when `?include_groups=` says
 * other than true, on every path that has a user in its answer.
 */
const includes = ({ query }: Context, name: string) => (lastOf(query, name) ?? 'true').toLowerCase() === 'true'

const showsGroups = (context: Context) =>
  !behaviourOf(context).honoursIncludeGroups || includes(context, 'include_groups')

const groupsOf = (row: User, context: Context) =>
  showsGroups(context) ? row.groups.map((group) => context.world.table(groups).require(group)) : null

/** authentik makes a role for a user who is given permissions; others the world does not know. */
export const roleName = ({ pk }: Pick<User, 'pk'>) => `ak-managed-role--user-${pk}`

/** The roles of a user, with their names: one that the world does not list is the user's own. */
export const rolesOf = (row: User, source: RowSource) =>
  row.roles.map((pk) => ({
    pk,
    name: source.tableNamed<{ pk: string; name: string }>('roles').get(pk)?.name ?? roleName(row),
  }))

// ---- what can be done with them

/** What a search of users can name. */
const SEARCH = toAutocomplete('authentik_core.user', {
  username: 'str',
  name: 'str',
  email: 'str',
  path: 'str',
  is_active: 'bool',
  type: TYPES,
  attributes: 'authentik_core.user_attributes',
})

/** What can be done with users, but for what they see of themselves. */
export const usersViewset = viewsetOperations(users, {
  path: '/core/users/',
  actions: ['list', 'create', 'retrieve', 'update', 'partial_update', 'destroy', 'used_by'],
  write: async (values, context, user) => (await load()).writeUser(values, context, user),
  async written(user, context, change) {
    if (change === 'updated' && !user.is_active) await (await load()).leave(user, context)
  },
  usedBySees: viewingUses,
  ordering: ['username'],
  listQuery: { include_groups: { schema: withDefault(boolean(), true) } },
  autocomplete: () => SEARCH,
})
