/** Permissions that were given to users and roles by the API, on everything or on one row alone, as django-guardian keeps them. */
import { hidden, type Check, type RowOfFields } from '../../rest/field.ts'
import { resource } from '../../rest/resource.ts'
import { integer, nullable, text, uuid } from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import type { RowSource } from '../../store/resource.ts'
import type { World } from '../../store/world.ts'
import { withAncestors } from './groups.ts'
import { roleName, users, type User } from './users.ts'

/** A codename stands alone in a row, where the API takes it behind its app. */
const checkCodename: Check = (codename) => {
  const [app, ...rest] = String(codename).split('.')
  return rest.length ? `has its app before it; write codename: ${rest.join('.')} and app_label: ${app}` : undefined
}

const fields = once(() => ({
  id: hidden(integer()),
  /** Whose it is: of a user, or of a role. */
  user: hidden(nullable(integer()), { references: 'users', default: null, cascades: true }),
  role: hidden(nullable(uuid()), { references: 'roles', default: null, cascades: true }),
  codename: hidden(text(), { default: 'view_user', check: checkCodename }),
  app_label: hidden(text(), { default: 'authentik_core' }),
  model: hidden(text(), { default: 'user' }),
  /** The key of the row that it is on; null for every row. */
  object_pk: hidden(nullable(text()), { default: null }),
}))
/** A row of assigned permissions. */
export type AssignedPermission = RowOfFields<ReturnType<typeof fields>>

/** What was given to whom, beside what a world says of its users by name. */
export const assignedPermissions = resource({
  name: 'assigned_permissions',
  noun: 'an assigned permission',
  key: 'id',
  django: {
    app: 'guardian',
    className: 'RoleObjectPermission',
    label: ({ codename }) => codename,
    isNoUse: true,
  },
  fields,
  normalise: async (row, world) => (await import('../answers/permissions.ts')).normalisePermission(row, world as World),
})

/** What somebody may do, by codenames. */
export interface Permissions {
  /** On every row. */
  everywhere: ReadonlySet<string>
  /** On these rows alone, by their keys as texts. */
  objects: ReadonlyMap<string, ReadonlySet<string>>
}

/** The keys of the roles of a user: their own, and those of their groups and of all groups above. */
export const roleKeysOf = ({ roles, groups }: User, world: World): Set<string> =>
  new Set([...roles, ...withAncestors(groups, world).flatMap((group) => group.roles)])

/** The codenames that a world says of a user by name. */
export const namedPermissionsOf = (username: string, { permissions }: World): readonly string[] =>
  Object.hasOwn(permissions, username) ? (permissions[username] ?? []) : []

/** What a user may do: what the world says, and what they and their roles were given. */
export function permissionsOf(user: User, world: World): Permissions {
  const everywhere = new Set(namedPermissionsOf(user.username, world))
  const objects = new Map<string, Set<string>>()
  const table = world.table(assignedPermissions)
  const roles = table.size ? roleKeysOf(user, world) : new Set()
  for (const { user: holder, role, codename, object_pk } of table.values()) {
    if (holder !== user.pk && !roles.has(role)) continue
    if (object_pk === null) everywhere.add(codename)
    else objects.set(codename, (objects.get(codename) ?? new Set()).add(object_pk))
  }
  return { everywhere, objects }
}

/** The user whose own a role is, which authentik makes when a user is given permissions. */
export function ownerOf(role: string, source: RowSource): User | undefined {
  const name = source.tableNamed<{ pk: string; name: string }>('roles').get(role)?.name
  const rows = [...source.table(users).values()]
  return rows.find((user) => (name === undefined ? user.roles.includes(role) : roleName(user) === name))
}

/** The codenames that a role was given on every row; what a world says of a user by name, their own role has. */
export function codenamesOfRole(role: string, world: World): string[] {
  const rows = [...world.table(assignedPermissions).values()]
  const owner = ownerOf(role, world)
  return [
    ...(owner ? namedPermissionsOf(owner.username, world) : []),
    ...rows.flatMap((row) => (row.role === role && row.object_pk === null ? [row.codename] : [])),
  ]
}
