/** What becomes of who has a role; loaded when asked for. */
import { invalid, notFound } from '../../rest/errors.ts'
import { requireAllowed } from '../../rest/viewset.ts'
import type { Context } from '../../rest/operation.ts'
import { toInteger } from '../../rest/python.ts'
import { readBody } from '../../rest/write-row.ts'
import { Unchecked } from '../resources/group-actions.ts'
import type { Role } from '../resources/roles.ts'
import { users } from '../resources/users.ts'

/** Gives a role to the user whom a body names, or takes it from them. @throws Problem 400, 403, 404 */
export async function changeHolder(role: Role, context: Context, action: 'add_user' | 'remove_user'): Promise<void> {
  const { caller, world } = context
  requireAllowed(caller.may('change_role', role.pk), caller)
  const { pk } = await readBody(context, Unchecked())
  const key = typeof pk === 'string' ? toInteger(pk) : pk
  if (pk !== undefined && typeof key !== 'number' && typeof key !== 'bigint')
    throw invalid({ pk: ['A valid integer is required.'] })
  const user = world.table(users).get(Number(key))
  // Whom the caller does not see, there is none of.
  if (!user || !caller.may('view_user', user.pk)) throw notFound()
  const rest = user.roles.filter((held) => held !== role.pk)
  const roles = action === 'add_user' ? [...rest, role.pk] : rest
  await world.table(users).update(user.pk, (draft) => void (draft.roles = roles))
}
