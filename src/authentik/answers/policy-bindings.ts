/** What a body makes of a policy binding; loaded when asked for. */
import { invalid } from '../../rest/errors.ts'
import type { Context } from '../../rest/operation.ts'
import { policyRows, type PolicyBinding } from '../resources/policy-bindings.ts'

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
  return { ...values, policy_obj: policy }
}
