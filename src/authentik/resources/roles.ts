/** Roles: what permissions are given to, and who has them. */
import { field, type RowOfFields } from '../../rest/field.ts'
import { exactly, filterBy, isNull, pointing, selectBox } from '../../rest/filters.ts'
import { toUuid } from '../../rest/python.ts'
import { resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { boolean, integer, list, text, uuid } from '../../schema/words.ts'
import { once } from '../../store/lazily.ts'
import type { RowSource } from '../../store/resource.ts'
import type { World } from '../../store/world.ts'
import { roleName, users, type User } from './users.ts'

/** Roles that authentik looks after itself: each is that of one user. */
const MANAGED = /^ak-managed-role--/

const fields = once(() => ({
  pk: field(uuid(), { readOnly: true, order: true }),
  name: field(text({ maxLength: 150 }), { stored: text(), unique: true, search: true, order: true }),
}))
/** A row of roles. */
export type Role = RowOfFields<ReturnType<typeof fields>>

const managedOf = ({ name }: Role) => (MANAGED.test(name) ? `goauthentik.io/rbac/${name}` : null)

/** What permissions are given to. */
export const roles = resource({
  name: 'roles',
  noun: 'a role',
  component: 'Role',
  django: { app: 'authentik_rbac', className: 'Role', label: ({ name }) => `Role ${name}`, alsoUsedBy: holdersOf },
  fields,
  shorthand: { names: ['name'] },
  filters: { group__name: filterBy(exactly, ({ pk }: Role, source) => holdersIn(pk, source)[0]?.name) },
})

/** Filters of later releases. @param groups what the filter by a group is called */
export const roleFilters = (groups: 'ak_groups' | 'groups') => ({
  [groups]: pointing<Role>({
    value: ({ pk }, source) => holdersIn(pk, source).map((group) => group.pk),
    choices: [],
    target: 'groups',
    schema: uuid(),
  }),
  inherited: filterBy(selectBox, () => undefined, { schema: boolean() }),
  managed: {
    schema: list(text()),
    read: (values: readonly string[]) =>
      values.length ? (row: Role) => values.includes(managedOf(row) ?? '') : undefined,
  },
  managed__isnull: filterBy(isNull, managedOf),
  users: pointing<Role>({
    value: ({ pk }, source) =>
      [...source.table(users).values()].filter((user) => user.roles.includes(pk)).map((user) => user.pk),
    choices: [],
    target: 'users',
    schema: integer(),
  }),
})

/** The groups that have a role. */
const holdersIn = (pk: string, source: RowSource) =>
  [...source.tableNamed<{ pk: string; name: string; roles: readonly string[] }>('groups').values()].filter((group) =>
    group.roles.includes(pk),
  )

function holdersOf({ pk }: Role, { world }: { world: World }) {
  const rows = holdersIn(pk, world)
  const model = { app: 'authentik_core', className: 'Group', label: ({ name }: { name: string }) => `Group ${name}` }
  return [{ accessor: 'group', model, key: 'pk', rows, action: 'cascade_many' }]
}

/** Gives a user the role that their permissions are given to, where they have none. */
export async function ensureRole(user: User, world: World): Promise<void> {
  if (user.roles.length) return
  const role = await world.table(roles).create({ pk: world.random.uuid(), name: roleName(user) })
  await world.table(users).update(user.pk, (draft) => void (draft.roles = [role.pk]))
}

/** Takes a role that is gone from all who had it. */
async function takeAway({ pk }: Role, world: World): Promise<void> {
  for (const name of ['users', 'groups']) {
    const table = world.tableNamed<{ pk: number | string; roles: readonly string[] }>(name)
    for (const row of Array.from(table.values()))
      if (row.roles.includes(pk))
        await table.update(row.pk, (draft) => void (draft.roles = draft.roles.filter((key) => key !== pk)))
  }
}

/** What can be done with roles. */
export const rolesViewset = viewsetOperations(roles, {
  path: '/rbac/roles/',
  actions: ['list', 'retrieve', 'create', 'update', 'partial_update', 'destroy', 'used_by'],
  ordering: ['name'],
  lookup: { parameter: 'uuid', schema: uuid(), read: toUuid },
  written: (role, { world }, change) => (change === 'deleted' ? takeAway(role, world) : undefined),
})
