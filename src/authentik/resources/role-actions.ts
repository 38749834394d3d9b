/** What can be done with a role beside changing it: giving it to a user, and taking it away. */
import { rowAction } from '../../rest/viewset-operations.ts'
import { component, integer } from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import { rolesViewset, type Role } from './roles.ts'

const Account = once(() => component('UserAccountSerializerForRoleRequest', { pk: integer() }))

const load = () => import('../answers/roles.ts')
const action = (name: 'add_user' | 'remove_user', summary: string) =>
  rowAction(rolesViewset, {
    id: `rbac_roles_${name}_create`,
    method: 'POST',
    name,
    summary,
    lines: '2025.12-',
    description: `${name === 'add_user' ? 'Add user to' : 'Remove user from'} role`,
    body: Account,
    responses: () => ({ 204: null, 404: null }),
    find: rolesViewset.findAny,
    resolve: async (role: Role, context) => (await load()).changeHolder(role, context, name),
  })

/** What can be done with roles beside changing them. */
export const operations = [
  action('add_user', 'Gives a role to a user.'),
  action('remove_user', 'Takes a role from a user.'),
]
