/** Where a person lets a device in: with the code in the link, or by entering it (RFC 8628, section 3.3). */
import { readPairs } from '../../http/form.ts'
import type { Reply } from '../../http/message.ts'
import { isAllowed } from '../auth/policies.ts'
import { sessionOf } from '../auth/sessions.ts'
import { browserSessionOf } from '../flows/browser-session.ts'
import { findFlowOf } from '../brands.ts'
import { deviceFlowOf } from '../flows/find-flow.ts'
import { startPlan } from '../flows/flow-location.ts'
import { defaultLoginLocation } from '../flows/login-location.ts'
import { isFor, stagesOf, type Plan } from '../flows/plan.ts'
import { deviceTokens } from '../resources/device-tokens.ts'
import { splitScope } from '../resources/grants.ts'
import { applicationOf, oauth2Providers } from '../resources/oauth2-providers.ts'
import { users } from '../resources/users.ts'
import { behaviourIn, empty, redirect, type OAuthContext, type OAuthEndpoint } from './endpoint.ts'
import { deniedPage } from './pages.ts'

/** The plan of somebody who lets a device in; undefined for a code that none shows, and for who may not. */
export function planForDevice(userCode: string, context: OAuthContext): Plan | undefined {
  const { call, world } = context
  const login = sessionOf(call, world)
  const token = [...world.table(deviceTokens).values()].find(({ user_code }) => user_code === userCode)
  if (!token || !login || (behaviourIn(context).expiredCodesAreAbsent && world.clock.hasPassed(token.expires)))
    return undefined
  const provider = world.table(oauth2Providers).require(token.provider)
  const application = applicationOf(provider, world)
  const flow = findFlowOf(provider.authorization_flow, world)
  const user = world.table(users).require(login.user)
  if (!application || !flow || !isAllowed(user, application, world) || !isFor(flow, user.pk, world)) return undefined
  const stages = stagesOf(flow, world)
  // It is played behind the first stage of the flow, whichever come then.
  stages.splice(1, 0, { kind: 'device-finish' })
  return {
    flow,
    stages,
    application: { pk: application.pk, name: application.name },
    user: user.pk,
    client: { provider: provider.pk, scopes: splitScope(token.scope) },
    device: token,
  }
}

function letDeviceIn(context: OAuthContext): Reply {
  const { call, world } = context
  const login = sessionOf(call, world)
  if (!login) return redirect(defaultLoginLocation(call))
  const deviceFlow = deviceFlowOf(context)
  if (!deviceFlow) return empty(404)
  const code = readPairs(call.query).get('code')
  if (code === null && !isFor(deviceFlow, login.user, world)) return empty(404)
  const plan: Plan | undefined =
    code === null
      ? {
          flow: deviceFlow,
          stages: [...stagesOf(deviceFlow, world, login.user), { kind: 'device-code' }],
          user: login.user,
        }
      : planForDevice(code, context)
  if (!plan) return deniedPage(context)
  return startPlan(plan, browserSessionOf(call, world), context)
}

/** Where a device sends the person who is to let it in, whatever the method is. */
export const devicePage: OAuthEndpoint = { methods: {}, every: letDeviceIn }
