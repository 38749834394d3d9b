/** A flow that begins anew after an answer that is no good, where the binding of its stage says so. */
import { sessionOf } from '../auth/sessions.ts'
import type { OAuthContext } from '../oidc/endpoint.ts'
import { isFor, restoredStagesOf, stagesOf, type Plan, type Stage } from './plan.ts'

const RESTARTS: ReadonlySet<unknown> = new Set(['restart', 'restart_with_context'])

/** Whether a flow begins anew where a stage of it cannot be passed. */
export const isRestarting = ({ binding }: Stage): boolean => RESTARTS.has(binding?.invalid_response_action)

/**
 * The plan of a flow that begins anew: for who is logged in, or with all that the flow has learnt. What a client asked
 * for is none of its stages any more.
 * @returns undefined where the flow is not for them, or has no stage
 */
export function planAgain(plan: Plan, stage: Stage, { call, world }: OAuthContext): Plan | undefined {
  const { flow } = plan
  const login = sessionOf(call, world)?.user
  const isKept = stage.binding?.invalid_response_action === 'restart_with_context'
  const user = isKept ? (plan.user ?? (plan.identifier === undefined ? login : undefined)) : login
  if (!isFor(flow, login, world, { pending: user })) return undefined
  const stages = isKept && plan.isRestored ? restoredStagesOf(flow, world, user) : stagesOf(flow, world, user)
  if (stages.length === 0) return undefined
  return { ...(isKept ? plan : barePlanOf(flow, login)), stages }
}

/** What is known to a flow that is entered by its address. */
export const barePlanOf = (flow: Plan['flow'], user: number | undefined): Omit<Plan, 'stages'> => ({
  flow,
  user: flow.designation === 'authentication' ? undefined : user,
})
