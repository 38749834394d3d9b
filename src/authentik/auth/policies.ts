/** Who may use an application, or go through a flow (docs/authentik.md#authorize). */
import type { World } from '../../store/world.ts'
import { withAncestors } from '../resources/groups.ts'
import { policyBindings, type PolicyBinding } from '../resources/policy-bindings.ts'
import type { User } from '../resources/users.ts'

/** What bindings hold for; where its own key is not that of what all of this has in common, they may name either. */
interface Target {
  pk: string
  policybindingmodel_ptr_id?: string
  policy_engine_mode: 'all' | 'any'
}

/** authentik's own policies that no mock ever meets: nobody comes from a source, and akadmin has a password. */
const NEVER_MET: ReadonlySet<unknown> = new Set([
  'default-source-authentication-if-sso',
  'default-source-enrollment-if-sso',
  'default-oobe-password-usable',
])

/**
 * Whether somebody may use it: one of its bindings has to let them, or each, as its mode says; who has none lets
 * everybody. Bindings of users and groups have effect, those of policies by expression have none.
 */
export function isAllowed(user: User | undefined, subject: Target, world: World): boolean {
  const { pk, policybindingmodel_ptr_id, policy_engine_mode } = subject
  const bindings = [...world.table(policyBindings).values()].filter(
    ({ target, enabled }) => enabled && (target === pk || target === policybindingmodel_ptr_id),
  )
  const results = bindings.flatMap((binding) => {
    const result = resultOf(binding, user, world)
    return result === undefined ? [] : [result !== binding.negate]
  })
  if (results.length === 0) return true
  return policy_engine_mode === 'all' ? results.every(Boolean) : results.some(Boolean)
}

/** What a binding says of somebody; undefined where it has no effect. */
function resultOf({ group, user: bound, policy_obj }: PolicyBinding, user: User | undefined, world: World) {
  if (group !== null) return withAncestors(user?.groups ?? [], world).some(({ pk }) => pk === group)
  if (bound !== null) return bound === user?.pk
  return NEVER_MET.has(policy_obj?.['name']) ? false : undefined
}
