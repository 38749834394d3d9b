/** Groups of users; a group may stand in another, and makes its members superusers when it or one above it says so. */
import { computed, field, type RowOfFields } from '../../rest/field.ts'
import { among, exactly, selectBox, toNumberKey } from '../../rest/filters.ts'
import type { Context } from '../../rest/operation.ts'
import { toAutocomplete } from '../../rest/pagination.ts'
import { lastOf, toUuid } from '../../rest/python.ts'
import { partialComponent, resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import {
  anyObject,
  boolean,
  component,
  dateTime,
  email,
  integer,
  list,
  nullable,
  optional,
  readOnly,
  text,
  uuid,
  withDefault,
} from '../../schema/words.ts'
import type { RowSource } from '../../store/resource.ts'
import type { ReadableTable } from '../../store/table.ts'
import { behaviourOf } from '../behaviour.ts'
import { attributesFilter } from './attributes.ts'
import { jsonb } from './jsonb.ts'
import { viewingUses } from './owned.ts'

const load = () => import('../answers/groups.ts')

/** A user as it stands inside a group. */
export const GroupMember = component('GroupMember', {
  pk: readOnly(integer()),
  username: text({ maxLength: 150, pattern: '^[\\w.@+-]+$' }),
  name: text(),
  is_active: optional(boolean()),
  last_login: optional(nullable(dateTime())),
  email: optional(email({ maxLength: 254 })),
  attributes: optional(anyObject()),
  uid: readOnly(text()),
})

/** A role as it stands beside who has it. */
export const Role = component('Role', { pk: readOnly(uuid()), name: text({ maxLength: 150 }) })

/** The keys of a group as it stands inside one above or children it, in releases that show it there. */
export const RELATED_GROUP = {
  pk: readOnly(uuid()),
  name: text(),
  is_superuser: optional(boolean()),
  attributes: optional(anyObject()),
  group_uuid: readOnly(uuid()),
}
const relatedGroups = nullable(list(component('RelatedGroup', RELATED_GROUP)))
const roles = nullable(list(Role))

const fields = {
  pk: field(uuid(), { readOnly: true, order: true }),
  num_pk: computed(integer(), (row) => toNumber(row), { description: 'The first five decimal digits of the pk.' }),
  name: field(text(), {
    unique: { isPlain: (context) => !behaviourOf(context).groupsHaveParents },
    filter: exactly,
    search: true,
    order: true,
  }),
  is_superuser: field(boolean(), {
    default: false,
    description: 'Whether its members are superusers.',
    filter: selectBox,
    search: true,
    order: true,
  }),
  parent: field(nullable(uuid()), {
    default: null,
    references: 'groups',
    ascends: true,
    getter: (row) => parentsOf(row)[0] ?? null,
    order: true,
  }),
  parent_name: computed(nullable(text()), (row, { world }) => parentNameOf(row, world)),
  parents: field(optional(list(uuid())), {
    references: 'groups',
    ascends: true,
    getter: (row) => parentsOf(row),
    addedIn: '2025.12',
  }),
  parents_obj: computed(
    relatedGroups,
    (row, context) => whenAsked(context, 'include_parents', false, () => groupsAt(parentsOf(row), context)),
    { addedIn: '2025.12' },
  ),
  users: computed(list(integer()), (row, { world }) => membersOf(row, world).map(({ pk }) => pk), {
    isOptional: true,
    isWritable: true,
    exists: (key, source) => source.tableNamed('users').has(key),
  }),
  users_obj: computed(
    nullable(list(GroupMember)),
    (row, context) => whenAsked(context, 'include_users', true, () => membersOf(row, context.world)),
    { description: 'Null when `include_users` is not true.' },
  ),
  attributes: field(anyObject(), { default: {}, stored: jsonb() }),
  roles: field(list(uuid()), { default: [], exists: isRole }),
  roles_obj: computed(list(Role), (row, { world }) => toRoles(row, world)),
  inherited_roles_obj: computed(
    roles,
    (row, context) =>
      whenAsked(context, 'include_inherited_roles', false, () =>
        ancestorsOf(row, context.world).flatMap((group) => toRoles(group, context.world)),
      ),
    { addedIn: '2025.12' },
  ),
  children: computed(list(uuid()), (row, { world }) => childrenOf(row, world).map(({ pk }) => pk), {
    addedIn: '2025.8',
    exists: (key, source) => source.tableNamed('groups').has(key),
  }),
  children_obj: computed(
    relatedGroups,
    (row, context) =>
      whenAsked(context, 'include_children', false, () => childrenOf(row, context.world).map(toRelated)),
    { addedIn: '2025.8' },
  ),
}
/** A row of groups. */
export type Group = RowOfFields<typeof fields>

/** Groups of users. */
export const groups = resource({
  name: 'groups',
  names: { singular: 'group', plural: 'groups', state: 'group', noun: 'a group' },
  component: 'Group',
  django: {
    app: 'authentik_core',
    className: 'Group',
    label: ({ name }) => `Group ${name}`,
    alsoUsedBy: async (group: Group, context: Context) => (await load()).nodesOf(group, context),
  },
  fields,
  filters: {
    members_by_pk: among(
      integer(),
      (row: Group, source) => membersOf(row, source).map(({ pk }) => pk),
      toNumberKey,
      (key, source) => source.tableNamed('users').has(key),
    ),
    attributes: attributesFilter(),
    members_by_username: among(
      text(),
      (row: Group, source) => membersOf(row, source).map(({ username }) => username),
      (name) => name,
      (name, source) => source.tableNamed<Member>('users').find('username', name) !== undefined,
    ),
  },
  shorthand: { names: ['name'], targets: { roles: 'roles' } },
  derive: (row, source) => ({
    num_pk: toNumber(row),
    ...(row.parents
      ? { children: childrenOf(row, source).map(({ pk }) => pk) }
      : { parent_name: parentNameOf(row, source) }),
    users: membersOf(row, source).map(({ pk }) => pk),
  }),
  remedies: {
    users: () => "put the group into the user's groups",
    children: () => 'put the group into the parents of those',
  },
  count: 4,
  loadSeed: async () => (await import('../seeds.ts')).seedGroup,
})

/** A group as it stands inside a user. */
export const UserGroup = partialComponent(groups, 'UserGroup', [
  'pk',
  'num_pk',
  'name',
  'is_superuser',
  'parent',
  'parent_name',
  'attributes',
])

// ---- the tree of groups

/** The groups that one stands in: one at most until 2025.12, which a world file of then keeps as its parent. */
export function parentsOf({ parent, parents }: Group): readonly string[] {
  return parents ?? (parent === null ? [] : [parent])
}

/** The groups right below one, in the order in which they came there, where the rows say so. */
function childrenOf({ pk }: Group, source: RowSource): Group[] {
  const table: { pointing?(field: keyof Group, key: string): Group[] } & ReadableTable<Group> = source.table(groups)
  const children = table.pointing?.('parents', pk)
  return children?.length ? children : [...table.values()].filter((group) => parentsOf(group).includes(pk))
}

const ancestorsOf = (group: Group, source: RowSource): Group[] => withAncestors(parentsOf(group), source)

/** Whether the group or one above it makes its members superusers. */
export const makesSuperuser = (pk: string, source: RowSource): boolean =>
  withAncestors([pk], source).some(({ is_superuser }) => is_superuser)

/** Groups with all those above them, each once, by name; a group may stand above itself. */
export function withAncestors(keys: readonly string[], source: RowSource): Group[] {
  const reached = new Map<string, Group>()
  const pending = [...keys]
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    const group = source.table(groups).get(key)
    if (!group || reached.has(group.pk)) continue
    reached.set(group.pk, group)
    pending.push(...parentsOf(group))
  }
  return [...reached.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

const parentNameOf = (group: Group, source: RowSource): string | null =>
  source.table(groups).get(parentsOf(group)[0] ?? '')?.name ?? null

/** A user, as far as a group looks at one: the file of users may not be imported here. */
export interface Member {
  pk: number
  username: string
  groups: readonly string[]
}

/** The users in a group itself. */
const membersOf = ({ pk }: Group, source: RowSource) =>
  [...source.tableNamed<Member>('users').values()].filter((user) => user.groups.includes(pk))

const groupsAt = (keys: readonly string[], { world }: Context) =>
  keys.map((key) => toRelated(world.table(groups).require(key)))

const toRelated = ({ pk, name, is_superuser, attributes }: Group) => ({
  pk,
  name,
  is_superuser,
  attributes,
  group_uuid: pk,
})

/** Whether there is a role with this key: one that the world lists, or that somebody has. */
export function isRole(key: string | number, source: RowSource): boolean {
  const has = ({ roles: keys }: { roles: readonly string[] }) => keys.includes(String(key))
  return (
    source.tableNamed('roles').has(key) ||
    [...source.table(groups).values()].some(has) ||
    [...source.tableNamed<{ roles: readonly string[] }>('users').values()].some(has)
  )
}

/** A role that the world does not list is named after the group, as authentik names one that it makes for it. */
function toRoles({ roles: keys, name }: Group, source: RowSource) {
  const roleRows = source.tableNamed<{ pk: string; name: string }>('roles')
  return keys.map((pk) => ({ pk, name: roleRows.get(pk)?.name ?? name }))
}

/** What a query asks for by a flag; null when it does not. */
function whenAsked<T>({ query }: Context, name: string, byDefault: boolean, read: () => T): T | null {
  return (lastOf(query, name) ?? String(byDefault)).toLowerCase() === 'true' ? read() : null
}

const numbers = new WeakMap<Group, number>()

function toNumber(group: Group): number {
  const digits = () => BigInt(`0x${group.pk.replaceAll('-', '')}`).toString()
  const number = numbers.get(group) ?? Number(digits().slice(0, 5))
  numbers.set(group, number)
  return number
}

// ---- what can be done with them

const SEARCH = toAutocomplete('authentik_core.group', {
  name: 'str',
  is_superuser: 'bool',
  attributes: 'authentik_core.group_attributes',
})

const INCLUDE_USERS = { include_users: { schema: withDefault(boolean(), true) } }

/** What can be done with groups. */
export const groupsViewset = viewsetOperations(groups, {
  usedBySees: viewingUses,
  path: '/core/groups/',
  actions: ['list', 'retrieve', 'destroy', 'create', 'update', 'partial_update', 'used_by'],
  write: async (values, context, group) => (await load()).writeGroup(values, context, group),
  written: async (group, context, change, values) =>
    change === 'deleted' ? undefined : (await load()).writeRelations(group, context, values),
  ordering: ['name'],
  lookup: { parameter: 'group_uuid', schema: uuid(), read: toUuid },
  listQuery: INCLUDE_USERS,
  query: INCLUDE_USERS,
  autocomplete: (context) => (behaviourOf(context).groupsOfferSearch ? SEARCH : {}),
})
