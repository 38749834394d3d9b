/** What becomes of who has a role, and who that is; loaded when asked for. */
import { requireAllowed } from '../../rest/viewset.ts'
import type { Context } from '../../rest/operation.ts'
import type { Use } from '../../rest/used-by.ts'
import type { World } from '../../store/world.ts'
import { behaviourOf } from '../behaviour.ts'
import { userIn } from './groups.ts'
import { holdersIn, roles, type Role } from '../resources/roles.ts'
import { roleName, users, type User } from '../resources/users.ts'

/** Gives a role to the user whom a body names, or takes it from them. @throws Problem 400, 403, 404 */
export async function changeHolder(role: Role, context: Context, action: 'add_user' | 'remove_user'): Promise<void> {
  const { caller, world } = context
  requireAllowed(caller.may('change_role', role.pk), caller)
  const user = await userIn(context, false)
  const rest = user.roles.filter((held) => held !== role.pk)
  const keys = action === 'add_user' ? [...rest, role.pk] : rest
  await world.table(users).update(user.pk, (draft) => void (draft.roles = keys))
}

/** Gives a user the role that their permissions are given to, where they have none. */
export async function ensureRole(user: User, world: World): Promise<void> {
  if (user.roles.length) return
  const role = await world.table(roles).create({ pk: world.random.uuid(), name: roleName(user) })
  await world.table(users).update(user.pk, (draft) => void (draft.roles = [role.pk]))
}

/** Takes a role that is gone from all who had it. */
export async function takeAway({ pk }: Role, world: World): Promise<void> {
  for (const name of ['users', 'groups']) {
    const table = world.tableNamed<{ pk: number | string; roles: readonly string[] }>(name)
    for (const row of Array.from(table.values()))
      if (row.roles.includes(pk))
        await table.update(row.pk, (draft) => void (draft.roles = draft.roles.filter((key) => key !== pk)))
  }
}

/** What uses one: the groups that have it, and the users, in releases in which permissions come by roles alone. */
export function usesOfRole({ pk }: Role, context: Context) {
  const { world } = context
  const rows = holdersIn(pk, world)
  const model = { app: 'authentik_core', className: 'Group', label: ({ name }: { name: string }) => `Group ${name}` }
  const ofGroups = { accessor: 'group', model, key: 'pk', rows, action: 'cascade_many' }
  if (!behaviourOf(context).permissionsComeByRoles) return [ofGroups]
  const holders = [...world.table(users).values()].filter((user) => user.roles.includes(pk))
  const ofUsers = { accessor: 'users', model: users.django as Use['model'], key: 'pk', rows: holders }
  return [ofGroups, { ...ofUsers, action: 'cascade_many' }]
}
