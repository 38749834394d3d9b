/** What becomes of a group that is written: who may, who is in it, what is below it; and what uses one; loaded when asked for. */
import { invalid, notFound, ServerFault } from '../../rest/errors.ts'
import { requireAllowed } from '../../rest/viewset.ts'
import type { Context } from '../../rest/operation.ts'
import { toInteger } from '../../rest/python.ts'
import type { Use } from '../../rest/used-by.ts'
import { readBody, unchecked } from '../../rest/write-row.ts'
import { createRandom } from '../../store/random.ts'
import { behaviourOf } from '../behaviour.ts'
import { writeSteps } from './audit.ts'
import { groups, parentsOf, type Group, type Member } from '../resources/groups.ts'
import { users, type User } from '../resources/users.ts'

/** What a body makes of a group. @throws Problem 400 for one above itself, or who may not make superusers */
export function writeGroup(values: Record<string, unknown>, context: Context, group?: Group): Record<string, unknown> {
  const { groupsHaveParents, superuserGroupsNeedPermission } = behaviourOf(context)
  const { users: _, children: __, ...written } = values
  if (group && written['parent'] === group.pk) throw invalid({ parent: ['Cannot set group as parent of itself.'] })
  if (superuserGroupsNeedPermission) checkSuperuser(written['is_superuser'], context, group)
  if (groupsHaveParents) return group ? written : { parents: [], ...written }
  return 'parent' in written ? { ...written, parents: undefined } : written
}

/** @throws Problem 400 for who may not make superusers, or ordinary users, of those in a group */
function checkSuperuser(makes: unknown, { caller }: Context, group?: Group): void {
  const isChanged = makes !== undefined && (group ? makes !== group.is_superuser : makes === true)
  const permission = makes === true ? 'enable_group_superuser' : 'disable_group_superuser'
  if (!isChanged || caller.may(permission, group?.pk)) return
  const word = makes === true ? 'True' : 'False'
  throw invalid({ is_superuser: [`User does not have permission to set superuser status to ${word}.`] })
}

/** Puts those into a group whom a body names, and takes all others out. */
async function writeMembers(group: Group, context: Context, members: ReadonlySet<unknown>): Promise<void> {
  const { world } = context
  const { pk } = group
  const table = world.tableNamed<Member>('users')
  const previous = [...table.values()].flatMap((user) => (user.groups.includes(pk) ? [user.pk] : []))
  for (const user of Array.from(table.values())) {
    const isMember = user.groups.includes(pk)
    if (members.has(user.pk) === isMember) continue
    const memberships = isMember ? user.groups.filter((key) => key !== pk) : [...user.groups, pk]
    await table.update(user.pk, (draft) => void (draft.groups = memberships))
  }
  await writeSteps(previous, [...members], () => context.audit?.('updated', groups, group, context))
}

/** Puts groups right below another, in releases in which a body may say so. */
async function writeChildren({ pk }: Group, { world }: Context, children: ReadonlySet<unknown>): Promise<void> {
  const table = world.table(groups)
  for (const child of Array.from(table.values())) {
    const isChild = parentsOf(child).includes(pk)
    if (children.has(child.pk) === isChild) continue
    await table.update(
      child.pk,
      (draft) => void Object.assign(draft, { parent: isChild ? null : pk, parents: undefined }),
    )
  }
}

/** Writes who is in a group and what is below it, as a body says. */
export async function writeRelations(
  group: Group,
  context: Context,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  // What a PUT says of no members, it says of none.
  const members = values['users'] ?? (context.operation.method === 'PUT' ? [] : undefined)
  if (Array.isArray(members)) await writeMembers(group, context, new Set(members))
  if (Array.isArray(values['children'])) await writeChildren(group, context, new Set(values['children']))
}

/** The user that a body names. @param isChecked whether the body is read by the form of its operation @throws Problem 400, 404 */
export async function userIn(context: Context, isChecked: boolean): Promise<User> {
  const { world } = context
  const { pk } = await readBody(context, isChecked ? undefined : unchecked('pk'))
  if (pk === null) throw notFound()
  const key = typeof pk === 'string' ? toInteger(pk) : pk
  // Older servers fail over what is no number.
  if (pk !== undefined && typeof key !== 'number' && typeof key !== 'bigint')
    throw context.serializer.has('group-member-500')
      ? new ServerFault()
      : invalid({ pk: ['A valid integer is required.'] })
  const user = world.table(users).get(Number(key))
  // Whom the caller does not see, there is none of.
  if (!user || !context.caller.may('view_user', user.pk)) throw notFound()
  return user
}

/** Puts the user whom a body names into a group, or takes them out. @throws Problem 400, 403, 404 */
export async function changeMembership(
  group: Group,
  context: Context,
  action: 'add_user' | 'remove_user',
  permission: string,
): Promise<void> {
  const { caller, world } = context
  requireAllowed(caller.may(permission, group.pk), caller)
  const user = await userIn(context, behaviourOf(context).actionsCheckBodies)
  const rest = user.groups.filter((pk) => pk !== group.pk)
  const memberships = action === 'add_user' ? [...rest, group.pk] : rest
  await world.table(users).update(user.pk, (draft) => void (draft.groups = memberships))
  await context.audit?.('updated', groups, group, context)
}

/** What keeps a group below another, in releases in which it may stand in several. */
export function nodesOf({ pk, parents = [] }: Group, { release }: Context): Use[] {
  if (!behaviourOf({ release }).groupsHaveParents) return []
  const kinds = [
    { className: 'GroupAncestryNode', label: 'Group Ancestry Node from ', key: (parent: string) => `${pk}-${parent}` },
    {
      className: 'GroupParentageNode',
      label: 'Group Parentage Node from #',
      key: (parent: string) => createRandom('parentage', pk, parent).uuid(),
    },
  ]
  return kinds.map(({ className, label, key }) => ({
    accessor: className.toLowerCase(),
    model: { app: 'authentik_core', className, label: (row: Record<string, unknown>) => String(row['name']) },
    key: 'pk',
    rows: parents.map((parent) => ({ pk: key(parent), name: `${label}${pk} to ${parent}` })),
    action: 'cascade',
  }))
}
