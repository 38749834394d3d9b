/** What can be done with a group beside changing it: putting a user in, and taking one out. */
import { rowAction } from '../../rest/viewset-operations.ts'
import { component, integer } from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import { groupsViewset, type Group } from './groups.ts'

const Account = once(() => component('UserAccountRequest', { pk: integer() }))

const load = () => import('../answers/groups.ts')
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
    resolve: async (group: Group, context) => (await load()).changeMembership(group, context, name, permission),
  })

/** What can be done with groups beside changing them. */
export const operations = [
  action('add_user', 'add_user_to_group', 'Puts a user into a group.'),
  action('remove_user', 'remove_user_from_group', 'Takes a user out of a group.'),
]
