/** Groups of users; a group may stand in another, and makes its members superusers when it or one above it says so. */
import { among, checkInteger, exactly, flag, SELECT_BOX, type Filter } from '../../rest/filters.ts'
import { LIST_QUERY, operation, type Context } from '../../rest/operation.ts'
import { paginated, toAutocomplete, toPage } from '../../rest/pagination.ts'
import { lastOf, toUuid } from '../../rest/python.ts'
import type { Known, Resource } from '../../store/resource.ts'
import {
  anyObject,
  boolean,
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
import { deleteRow, findRow, listRows, whereViewable, type Viewset } from '../../rest/viewset.ts'
import { attributesFilter } from './attributes.ts'
import { attributes, defaulted, derived, model, type RowOf } from './model.ts'

// ---- as documented

/** A group as it stands inside a user (FACTS 2.5). */
export const UserGroup = component('UserGroup', {
  pk: readOnly(uuid()),
  num_pk: described(readOnly(integer()), 'The first five decimal digits of the pk.'),
  name: text(),
  is_superuser: described(optional(boolean()), 'Whether its members are superusers.'),
  parent: optional(nullable(uuid())),
  parent_name: readOnly(nullable(text())),
  attributes: optional(anyObject()),
})

/** A user as it stands inside a group (FACTS 7). */
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

/** The keys of a group as it stands inside one above or below it, from 2025.8. */
export const RELATED_GROUP = {
  pk: readOnly(uuid()),
  name: text(),
  is_superuser: optional(boolean()),
  attributes: optional(anyObject()),
  group_uuid: readOnly(uuid()),
}

const Group = component('Group', {
  pk: readOnly(uuid()),
  num_pk: readOnly(integer()),
  name: text(),
  is_superuser: described(optional(boolean()), 'Whether its members are superusers.'),
  parent: optional(nullable(uuid())),
  parent_name: readOnly(nullable(text())),
  users: optional(list(integer())),
  users_obj: described(readOnly(nullable(list(GroupMember))), 'Null when `include_users` is not true.'),
  attributes: optional(anyObject()),
  roles: optional(list(uuid())),
  roles_obj: readOnly(list(Role)),
})

// ---- as kept

const Row = model({
  pk: uuid(),
  name: text(),
  is_superuser: defaulted(boolean(), false),
  parent: defaulted(nullable(uuid()), null),
  attributes: attributes(),
  roles: defaulted(list(uuid()), []),
  num_pk: derived(integer()),
  parent_name: derived(nullable(text())),
  users: derived(list(integer())),
  // from 2025.12
  parents: optional(list(uuid())),
  children: derived(list(uuid())),
  inherited_roles_obj: derived(nullable(list(anyObject()))),
})
export type Group = RowOf<typeof Row>

export const groups: Resource<Group> = {
  name: 'groups',
  key: 'pk',
  model: Row,
  references: {
    get parent() {
      return groups
    },
    get parents() {
      return groups
    },
  },
  django: { app: 'authentik_core', model: 'group', className: 'Group', words: ({ name }) => `Group ${name}` },
  count: () => SEEDED.length,
  seed({ number, faker, known }) {
    const { name, parent, ...rest } = SEEDED[number - 1]!
    const above = [...known.rows(groups).all()].find((one) => one.name === parent)
    return {
      pk: faker.string.uuid(),
      name,
      is_superuser: false,
      parent: above?.pk ?? null,
      attributes: {},
      roles: [],
      ...rest,
    }
  },
  derive: (row, known) => ({
    num_pk: toNumber(row),
    ...(row.parents
      ? { children: childrenOf(row, known).map((one) => one.pk) }
      : { parent_name: toParentName(row, known) }),
    users: membersOf(row, known).map((user) => user.pk),
  }),
}

const SEEDED: { name: string; parent?: string; is_superuser?: boolean; attributes?: Record<string, unknown> }[] = [
  { name: 'authentik Admins', is_superuser: true },
  { name: 'staff', attributes: { floor: 3 } },
  { name: 'engineering', parent: 'staff' },
  { name: 'developers', parent: 'engineering', attributes: { oncall: true } },
]

/** The groups that one stands in: one at most until 2025.12, which a world file of then keeps as its parent. */
const parentsOf = ({ parent, parents }: Group) => parents ?? (parent === null ? [] : [parent])

const childrenOf = ({ pk }: Group, known: Known) =>
  [...known.rows(groups).all()].filter((one) => parentsOf(one).includes(pk))

/** @returns whether the group or one above it makes its members superusers */
export function makesSuperuser(pk: string, known: Known, seen: readonly string[] = []): boolean {
  const group = known.rows(groups).get(pk)
  if (!group || seen.includes(pk)) return false
  return group.is_superuser || parentsOf(group).some((above) => makesSuperuser(above, known, [...seen, pk]))
}

/** Groups with all those above them, each once, by name. */
export function withThoseAbove(keys: readonly string[], known: Known): Group[] {
  const found = new Map<string, Group>()
  const visit = (key: string) => {
    const group = known.rows(groups).get(key)
    if (!group || found.has(group.pk)) return
    found.set(group.pk, group)
    parentsOf(group).forEach(visit)
  }
  keys.forEach(visit)
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The users in a group itself, whose file this one may not import. */
const membersOf = ({ pk }: Group, known: Known) =>
  [...known.named('users').all()].filter((user) => user.groups.includes(pk))

// ---- as answered

export const toUserGroup = (row: Group, known: Known) => ({
  pk: row.pk,
  num_pk: toNumber(row),
  name: row.name,
  is_superuser: row.is_superuser,
  parent: parentsOf(row)[0] ?? null,
  parent_name: toParentName(row, known),
  attributes: row.attributes,
})

const toParentName = (row: Group, known: Known) => known.rows(groups).get(parentsOf(row)[0] ?? '')?.name ?? null

const numbers = new WeakMap<Group, number>()

function toNumber(row: Group): number {
  const known = numbers.get(row)
  if (known !== undefined) return known
  const number = Number(
    BigInt(`0x${row.pk.replaceAll('-', '')}`)
      .toString()
      .slice(0, 5),
  )
  numbers.set(row, number)
  return number
}

function toGroup(row: Group, { world, query }: Context) {
  const isWanted = (name: string, byDefault: string) => (lastOf(query, name) ?? byDefault).toLowerCase() === 'true'
  const members = membersOf(row, world)
  const below = childrenOf(row, world)
  const rowsOf = (keys: readonly string[]) => keys.map((key) => world.rows(groups).get(key)!)
  const above = withThoseAbove(parentsOf(row), world)
  return {
    pk: row.pk,
    num_pk: toNumber(row),
    name: row.name,
    is_superuser: row.is_superuser,
    parent: parentsOf(row)[0] ?? null,
    parent_name: toParentName(row, world),
    parents: parentsOf(row),
    parents_obj: isWanted('include_parents', 'false') ? rowsOf(parentsOf(row)).map(toRelated) : null,
    users: members.map((user) => user.pk),
    users_obj: isWanted('include_users', 'true') ? members : null,
    attributes: row.attributes,
    roles: row.roles,
    roles_obj: toRoles(row),
    inherited_roles_obj: isWanted('include_inherited_roles', 'false') ? above.flatMap(toRoles) : null,
    children: below.map((group) => group.pk),
    children_obj: isWanted('include_children', 'false') ? below.map(toRelated) : null,
  }
}

/** authentik names a role that it makes for a group after the group; others the world does not know. */
const toRoles = ({ roles, name }: Group) => roles.map((pk) => ({ pk, name }))

const toRelated = ({ pk, name, is_superuser, attributes: own }: Group) => ({
  pk,
  name,
  is_superuser,
  attributes: own,
  group_uuid: pk,
})

/** In the order in which what is wrong with them is said. */
const filters: Record<string, Filter<Group>> = {
  name: exactly((row) => row.name),
  is_superuser: flag((row, wanted) => row.is_superuser === wanted, SELECT_BOX),
  members_by_pk: among(
    integer(),
    (row, known) => membersOf(row, known).map((user) => user.pk),
    checkInteger,
    (key, known) => known.named('users').get(key) !== undefined,
  ),
  attributes: attributesFilter(),
  members_by_username: among(
    text(),
    (row, known) => membersOf(row, known).map((user) => user.username),
    (given) => given,
    (username, known) => known.named('users').find('username', username) !== undefined,
  ),
}

const set: Viewset<Group> = {
  resource: groups,
  sees: whereViewable('group'),
  orderings: {
    pk: (row) => row.pk,
    name: (row) => row.name,
    is_superuser: (row) => row.is_superuser,
    parent: (row) => row.parent,
  },
  byDefault: [['name', false]],
  search: (row, _known, { searchesFlags }) => [row.name, ...(searchesFlags ? [String(row.is_superuser)] : [])],
}

const VIEWSET = { description: 'Group Viewset', model: 'group' }
const INCLUDE_USERS = { include_users: { schema: unlessSaid(boolean(), true) } }

/** What a search box may offer, from 2025.8 on. */
const AUTOCOMPLETE = toAutocomplete('authentik_core.group', {
  name: 'str',
  is_superuser: 'bool',
  attributes: 'authentik_core.group_attributes',
})

const find = (context: Context) => findRow(context, set, toUuid(context.params['group_uuid']!))

const one = {
  tag: 'core',
  filters,
  view: {
    ...VIEWSET,
    path: '/core/groups/{group_uuid}/',
    name: 'Group Instance',
    missing: ['PUT', 'PATCH'] as const,
    find,
  },
  parameters: { group_uuid: { schema: uuid(), description: 'The pk of a group.' } },
}

export const groupOperations = [
  operation({
    id: 'core_groups_list',
    method: 'GET',
    view: { ...VIEWSET, path: '/core/groups/', name: 'Group List', missing: ['POST'] },
    tag: 'core',
    summary: 'A page of groups, for whoever may view them.',
    parameters: {},
    filters,
    query: { ...LIST_QUERY, ...INCLUDE_USERS },
    responses: { 200: paginated('Group', Group) },
    resolve: (context) => toPage(listRows(context, set), context, (row) => toGroup(row, context), AUTOCOMPLETE),
  }),
  operation({
    ...one,
    id: 'core_groups_retrieve',
    method: 'GET',
    summary: 'One of them, with its members.',
    query: INCLUDE_USERS,
    responses: { 200: Group },
    resolve: (context) => toGroup(find(context), context),
  }),
  operation({
    ...one,
    id: 'core_groups_destroy',
    method: 'DELETE',
    summary: 'Deletes one; its members stay, and the groups below it stand alone.',
    responses: { 204: null },
    resolve: (context) => deleteRow(context, set, find(context)),
  }),
]
