/** What can be done with a group beside changing it: putting a user in, and taking one out. */
import { credentialsMissing, notFound, permissionDenied, ServerFault } from '../../rest/errors.ts'
import type { Context } from '../../rest/operation.ts'
import { toInteger } from '../../rest/python.ts'
import { rowAction } from '../../rest/viewset-operations.ts'
import { readBody } from '../../rest/write-row.ts'
import { anyValue, component, integer, optional } from '../../schema/words.ts'
import { once } from '../../store/lazily.ts'
import { behaviourOf } from '../behaviour.ts'
import { groupsViewset, type Group } from './groups.ts'
import { users, type User } from './users.ts'

const Unchecked = once(() => component('UserAccountRequest', { pk: optional(anyValue()) }))
const Account = once(() => component('UserAccountRequest', { pk: integer() }))

/** The user that a body names. @throws Problem 400, 404 */
async function userIn(context: Context): Promise<User> {
  const { world } = context
  const { actionsCheckBodies: isChecked } = behaviourOf(context)
  const { pk } = await readBody(context, isChecked ? undefined : Unchecked())
  const key = typeof pk === 'string' ? toInteger(pk) : pk
  // Older servers fail over what is no number.
  if (pk !== undefined && typeof key !== 'number' && typeof key !== 'bigint') throw new ServerFault()
  const user = world.table(users).get(Number(key))
  if (!user) throw notFound()
  return user
}

const action = (name: 'add_user' | 'remove_user', permission: string, summary: string) =>
  rowAction(groupsViewset, {
    id: `core_groups_${name}_create`,
    method: 'POST',
    name,
    summary,
    description: `${name === 'add_user' ? 'Add user to' : 'Remove user from'} group`,
    body: Account,
    responses: () => ({ 204: null, 404: null }),
    find: groupsViewset.findAny,
    async resolve(group: Group, context) {
      const { caller, world } = context
      if (!caller.may(permission)) throw caller.user === undefined ? credentialsMissing() : permissionDenied()
      const user = await userIn(context)
      const rest = user.groups.filter((pk) => pk !== group.pk)
      const memberships = name === 'add_user' ? [...rest, group.pk] : rest
      await world.table(users).update(user.pk, (draft) => void (draft.groups = memberships))
    },
  })

/** What can be done with groups beside changing them. */
export const operations = [
  action('add_user', 'add_user_to_group', 'Puts a user into a group.'),
  action('remove_user', 'remove_user_from_group', 'Takes a user out of a group.'),
]
