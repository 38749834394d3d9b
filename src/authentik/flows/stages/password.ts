/** The stage that asks for a password. */
import { component, text } from '../../../schema/words.ts'
import type { World } from '../../../store/world.ts'
import { originOf } from '../../../http/message.ts'
import { writeLoginFailure } from '../../answers/audit.ts'
import { recoveryFlowOf } from '../../brands.ts'
import { flowLocation } from '../flow-location.ts'
import { opensFor } from '../../auth/passwords.ts'
import { behaviourIn } from '../../oidc/endpoint.ts'
import { error, inRelease, pendingUser, userIn, type StageContext, type StageDefinition } from './stage.ts'

const FORM = component('PasswordChallengeResponse', { password: text({ minLength: 1 }) })

/** How many passwords end the flow, where the stage does not say. */
const MAX_FAILURES = 5

/** How low the reputation of a name falls: at its end it ends no flow any more. */
const MIN_REPUTATION = -5

/** The reputation of names that were typed, by world (docs/authentik.md#flow-executor). */
const createReputations = () => new Map<string, number>()
const MAX_NAMES = 10_000

/** Lowers the reputation of a name. @returns whether that was its last step down */
function lowerReputation(identifier: string, world: World): boolean {
  const reputations = world.remember(createReputations)
  const reputation = (reputations.get(identifier) ?? 0) - 1
  if (reputation < MIN_REPUTATION) return false
  if (reputations.size >= MAX_NAMES) reputations.clear()
  reputations.set(identifier, reputation)
  return reputation === MIN_REPUTATION
}

/** Where somebody goes who has forgotten theirs, if the brand has a flow for that. */
function recoveryUrlIn(context: StageContext): string | undefined {
  const flow = recoveryFlowOf(context)
  return flow && originOf(context.call) + flowLocation(flow.slug, context, '')
}

export const password: StageDefinition = {
  component: 'ak-stage-password',
  pass: (context) => (context.autoLogin !== undefined && userIn(context) ? 'done' : undefined),
  challenge: (context) =>
    inRelease(context, { ...pendingUser(context), recovery_url: recoveryUrlIn(context), allow_show_password: false }),
  form: () => FORM,
  rules: { password: { keepsSpaces: true } },
  async answer(context, { password: typed }) {
    const user = userIn(context)
    if (user?.is_active && opensFor(user, String(typed), context.world)) return 'done'
    await writeLoginFailure(user, context.plan.identifier, context.call, context.world)
    return { errors: { password: error('Invalid password', 'invalid') } }
  },
  refuse(context, errors) {
    const { plan, world, session, stage } = context
    const { reputationEndsFlow, lockoutSaysWhy } = behaviourIn(context)
    const isWrong = errors['password']?.some(({ code }) => code === 'invalid') ?? false
    const { failed_attempts_before_cancel: most } = stage.settings ?? {}
    session.failures = (session.failures ?? 0) + 1
    const isOver = reputationEndsFlow
      ? isWrong && lowerReputation(plan.identifier ?? '', world)
      : session.failures >= (typeof most === 'number' ? most : MAX_FAILURES)
    if (isOver) session.failures = undefined
    return isOver ? { denied: lockoutSaysWhy ? 'Invalid password' : 'Unknown error' } : undefined
  },
}
