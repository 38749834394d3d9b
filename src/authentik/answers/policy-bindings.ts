/** Policy bindings: what a body makes of one, and whether they let somebody use an application; loaded when asked for. */
import { invalid } from '../../rest/errors.ts'
import type { Context } from '../../rest/operation.ts'
import { lastOf, toInteger } from '../../rest/python.ts'
import type { Use } from '../../rest/used-by.ts'
import { isAllowed } from '../auth/policies.ts'
import type { Application } from '../resources/applications.ts'
import { modelKeyOf, ownKeyOf } from '../resources/listed-stages.ts'
import { policyBindings, policyRows, type Policy, type PolicyBinding } from '../resources/policy-bindings.ts'
import { users, type User } from '../resources/users.ts'

const SUBJECTS = ['group', 'policy', 'user'] as const
const NAMES = SUBJECTS.map((name) => `'${name}'`).join(', ')

/** What a body makes of a binding. @throws Problem 400 for one of nobody, or of several */
export function writeBinding(values: Record<string, unknown>, { world }: Context, binding?: PolicyBinding) {
  const whole: Record<string, unknown> = { ...binding, ...values }
  const count = SUBJECTS.filter((name) => whole[name] !== null && whole[name] !== undefined).length
  if (count !== 1)
    throw invalid({
      non_field_errors: [count > 1 ? `Only one of ${NAMES} can be set.` : `One of ${NAMES} must be set.`],
    })
  const policy = policyRows(world).find(({ pk }) => pk === whole['policy']) ?? null
  const { target } = values
  // It may be named by either of its keys, and is kept by its own.
  return { ...values, policy_obj: policy, ...(typeof target === 'string' && { target: ownKeyOf(target, world) }) }
}

/** Whom it is asked for: whoever asks, unless they name another. @throws Problem 400 */
function subjectOf({ query, world, caller }: Context): User | undefined {
  const pk = lastOf(query, 'for_user')
  if (pk === undefined) return world.table(users).get(caller.user ?? 0)
  const key = toInteger(pk)
  if (key === undefined) throw invalid({ for_user: 'for_user must be numerical' })
  const user = caller.superuser || caller.may('view_user') ? world.table(users).get(Number(key)) : undefined
  if (!user) throw invalid({ for_user: 'User not found' })
  return user
}

/** Whether the policies of an application let somebody use it. @throws Problem 400 */
export const checkAccess = (application: Application, context: Context) => ({
  passing: isAllowed(subjectOf(context), application, context.world),
  messages: [],
  log_messages: [],
})

// ---- policies

/** Deletes a policy, which is there as long as something is bound by it. */
export async function deletePolicy(policy: Policy, { world }: Context): Promise<Policy> {
  const table = world.table(policyBindings)
  for (const { pk, policy: bound } of table.values()) if (bound === policy.pk) await table.delete(pk)
  return policy
}

/** What a policy is bound to, as the model that all of that has in common. */
export async function usesOfPolicy({ pk }: Policy, { world }: Context): Promise<Use[]> {
  const bound = [...world.table(policyBindings).values()].filter(({ policy }) => policy === pk)
  const rows = [...new Set(bound.map(({ target }) => target))].map((target) => ({ pk: modelKeyOf(target, world) }))
  const model = {
    app: 'authentik_policies',
    className: 'PolicyBindingModel',
    label: (row: Record<string, unknown>) => `PolicyBindingModel ${String(row['pk'])}`,
  }
  return [{ accessor: 'bindings', action: 'cascade_many', key: 'pk', model, rows }]
}
