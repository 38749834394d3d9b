/** The stages that end a session: authentik's own, or that of an application. */
import { baseOf } from '../../../http/message.ts'
import { writeLogout } from '../../answers/audit.ts'
import { sessionOf } from '../../auth/sessions.ts'
import { defaultFlowOf } from '../../brands.ts'
import { launchUrlOf } from '../../resources/application-launch.ts'
import { applications } from '../../resources/applications.ts'
import { authenticatedSessions, newSessionKey } from '../../resources/authenticated-sessions.ts'
import { behaviourIn } from '../../oidc/endpoint.ts'
import { users } from '../../resources/users.ts'
import { renewSession } from '../browser-session.ts'
import { flowLocation } from '../flow-location.ts'
import { pendingUser, type Outcome, type StageDefinition } from './stage.ts'

/** Ends the session, and what hangs on it. */
export const logout: StageDefinition = {
  async pass(context): Promise<Outcome> {
    const { call, world, session } = context
    const row = sessionOf(call, world)
    session.isFlushed = true
    if (!row) return 'done'
    await writeLogout(world.table(users).get(row.user), call, world)
    await world.table(authenticatedSessions).delete(row.uuid)
    renewSession(session, newSessionKey(world.random), world)
    return 'done'
  },
}

/** Tells that the application's session is over, and that authentik's is not; who has none is led on, from 2025.10 on. */
export const sessionEnd: StageDefinition = {
  component: 'ak-stage-session-end',
  pass: ({ plan }) => {
    if (plan.logoutUri === undefined) return undefined
    return { end: { component: 'xak-flow-redirect', to: plan.logoutUri } }
  },
  challenge(context) {
    const { plan, world, call } = context
    const isLoggedIn = sessionOf(call, world) !== undefined
    if (!isLoggedIn && behaviourIn(context).sessionEndNeedsLogin)
      return { component: 'xak-flow-redirect', to: `${baseOf(call)}/` }
    const application = plan.application && world.table(applications).get(plan.application.pk)
    return {
      ...pendingUser(isLoggedIn ? context : { ...context, plan: {} }),
      ...(application && {
        application_name: application.name,
        application_launch_url: launchUrlOf(application, world),
        invalidation_flow_url: flowLocation(defaultFlowOf('invalidation', context), context, ''),
      }),
      brand_name: 'authentik',
    }
  },
}
