/** Policy bindings: what a body makes of one, and whether they let somebody use an application; loaded when asked for. */
import { invalid, ServerFault } from '../../rest/errors.ts'
import type { Context } from '../../rest/operation.ts'
import { lastOf, toInteger } from '../../rest/python.ts'
import type { Use } from '../../rest/used-by.ts'
import type { DjangoModel, RowSource } from '../../store/resource.ts'
import type { World } from '../../store/world.ts'
import { isAllowed } from '../auth/policies.ts'
import { behaviourOf } from '../behaviour.ts'
import type { Application } from '../resources/applications.ts'
import { loadStages } from '../resources/listed-stages.ts'
import {
  findTarget,
  modelKeyOf,
  policies,
  policyBindings,
  policyRows,
  type Policy,
  type PolicyBinding,
} from '../resources/policy-bindings.ts'
import { users, type User } from '../resources/users.ts'
import { requireUnique } from './unique-together.ts'

const SUBJECTS = ['group', 'policy', 'user'] as const
const OLDER_NAMES = "'policy', 'group' or 'user'"
const NAMES = SUBJECTS.map((name) => `'${name}'`).join(', ')

/** Fields of which no two bindings of a policy have the same values. */
const UNIQUE = ['policy', 'target', 'order'] as const

/** What a body makes of a binding. @throws Problem 400 for one of nobody, of several, or in a place that is taken */
export function writeBinding(values: Record<string, unknown>, context: Context, binding?: PolicyBinding) {
  const { world } = context
  const { policyBindingsAskTarget } = behaviourOf(context)
  const target = findTarget(values['target'], world)?.key ?? values['target']
  const whole: Record<string, unknown> = { ...binding, ...values, ...(target !== undefined && { target }) }
  if (whole['policy'] !== null && whole['policy'] !== undefined)
    requireUnique([...world.table(policyBindings).values()], whole, UNIQUE)
  // Later releases ask the target of a change whom it may be of, and break where it names none.
  if (binding && policyBindingsAskTarget && target === undefined && context.serializer.has('policy-binding-500'))
    throw new ServerFault()
  // A body alone says whom it is of, also one that changes something else.
  const subjects = policyBindingsAskTarget && target === undefined ? whole : values
  const count = SUBJECTS.filter((name) => subjects[name] !== null && subjects[name] !== undefined).length
  const names = policyBindingsAskTarget ? NAMES : OLDER_NAMES
  if (count !== 1)
    throw invalid({
      non_field_errors: [count > 1 ? `Only one of ${names} can be set.` : `One of ${names} must be set.`],
    })
  const policy = policyRows(world).find(({ pk }) => pk === whole['policy']) ?? null
  return { ...values, ...(target !== undefined && { target }), policy_obj: policy }
}

/**
 * A binding that names what it holds for by its own key, where a world names it by that of the model, and has its
 * policy, where a world has that elsewhere.
 */
export async function normaliseBinding(row: PolicyBinding, world: RowSource): Promise<PolicyBinding> {
  await loadStages()
  const policy_obj = row.policy_obj ?? policyRows(world).find(({ pk }) => pk === row.policy) ?? null
  const key = findTarget(row.target, world)?.key ?? row.target
  return key === row.target && policy_obj === row.policy_obj ? row : { ...row, target: key, policy_obj }
}

/** The list of policies with that of a binding which no other has. */
export function keepPolicy({ policy_obj }: PolicyBinding, world: RowSource) {
  const listed = policyRows(world)
  if (!policy_obj || listed.some(({ pk }) => pk === policy_obj['pk'])) return undefined
  return { policies_all: [...listed, policy_obj] }
}

/** Whom it is asked for: whoever asks, unless a superuser names another. @throws Problem 400 */
function subjectOf({ query, world, caller }: Context): User | undefined {
  const pk = lastOf(query, 'for_user')
  if (pk === undefined || !caller.superuser) return world.table(users).get(caller.user ?? 0)
  const key = toInteger(pk)
  if (key === undefined) throw invalid({ for_user: 'for_user must be numerical' })
  const user = world.table(users).get(Number(key))
  if (!user) throw invalid({ for_user: 'User not found' })
  return user
}

/** Whether the policies of an application let somebody use it. @throws Problem 400 */
export const checkAccess = (application: Application, context: Context) => ({
  passing: isAllowed(subjectOf(context), application, context.world),
  messages: [],
  log_messages: [],
})

/** A use of something by rows. */
export const toUse = <Row extends object>(
  model: Pick<DjangoModel<Row>, 'app' | 'className' | 'label'>,
  rows: readonly Row[],
  accessor: string,
  action: string,
): Use => ({
  accessor,
  action,
  key: 'pk',
  model: model as Use['model'],
  rows: rows as readonly Record<string, unknown>[],
})

/** The policy bindings that hold for something, and the policies of these. */
export function usesByPolicies(target: string, world: World): Use[] {
  const bound = [...world.table(policyBindings).values()].filter((row) => row.target === target)
  const keys = new Set(bound.map(({ policy }) => policy))
  const policyList = policyRows(world).filter(({ pk }) => keys.has(pk))
  return [
    toUse(policyBindings.django, bound, 'bindings', 'cascade'),
    toUse(policies.django, policyList, 'policies', 'cascade_many'),
  ]
}

// ---- policies

/** Deletes a policy, and what is bound by it. */
export async function deletePolicy(policy: Policy, { world }: Context): Promise<Policy> {
  const table = world.table(policyBindings)
  for (const { pk, policy: bound } of table.values()) if (bound === policy.pk) await table.delete(pk)
  const rest = policyRows(world).filter(({ pk }) => pk !== policy.pk)
  world.keepAside({ policies_all: rest }, { resource: policies, action: 'delete', row: policy })
  return policy
}

/** What a policy is bound to, as the model that all of that has in common. */
export async function usesOfPolicy({ pk }: Policy, { world }: Context): Promise<Use[]> {
  await loadStages()
  const bound = [...world.table(policyBindings).values()].filter(({ policy }) => policy === pk)
  const rows = [...new Set(bound.map(({ target }) => target))].map((target) => ({ pk: modelKeyOf(target, world) }))
  const model = {
    app: 'authentik_policies',
    className: 'PolicyBindingModel',
    label: (row: Record<string, unknown>) => `PolicyBindingModel ${String(row['pk'])}`,
  }
  return [{ accessor: 'bindings', action: 'cascade_many', key: 'pk', model, rows }]
}
