/** Roles: what permissions are given to, and who has them. */
import { field, type RowOfFields } from '../../rest/field.ts'
import { exactly, filterBy, isNull, pointing, selectBox } from '../../rest/filters.ts'
import type { Context } from '../../rest/operation.ts'
import { toUuid } from '../../rest/python.ts'
import { resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { boolean, integer, list, text, uuid } from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import type { RowSource } from '../../store/resource.ts'
import { users } from './users.ts'

const load = () => import('../answers/roles.ts')

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
  django: {
    app: 'authentik_rbac',
    className: 'Role',
    label: ({ name }) => `Role ${name}`,
    alsoUsedBy: async (role: Role, context: Context) => (await load()).usesOfRole(role, context),
  },
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
export const holdersIn = (pk: string, source: RowSource) =>
  [...source.tableNamed<{ pk: string; name: string; roles: readonly string[] }>('groups').values()].filter((group) =>
    group.roles.includes(pk),
  )

/** What can be done with roles. */
export const rolesViewset = viewsetOperations(roles, {
  path: '/rbac/roles/',
  actions: ['list', 'retrieve', 'create', 'update', 'partial_update', 'destroy', 'used_by'],
  ordering: ['name'],
  lookup: { parameter: 'uuid', schema: uuid(), read: toUuid },
  async written(role, { world }, change) {
    if (change === 'deleted') await (await load()).takeAway(role, world)
  },
})
