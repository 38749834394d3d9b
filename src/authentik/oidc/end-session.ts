/** Where a client sends a browser that logs out (OpenID Connect RP-Initiated Logout 1.0; docs/authentik.md#end-session). */
import { baseOf, type Reply } from '../../http/message.ts'
import { sessionCookie, sessionOf } from '../auth/sessions.ts'
import { browserSessionOf } from '../flows/browser-session.ts'
import { loginLocation } from '../flows/login-location.ts'
import { PROVIDER_FLOWS } from '../resources/default-flows.ts'
import { flows } from '../resources/flows.ts'
import { applications } from '../resources/applications.ts'
import { oauth2Providers } from '../resources/oauth2-providers.ts'
import { behaviourIn, redirect, type OAuthContext, type OAuthEndpoint } from './endpoint.ts'

function endSession(context: OAuthContext): Reply {
  const { call, params, world } = context
  const { logoutRunsFlow } = behaviourIn(context)
  const slug = params['slug'] ?? ''
  const base = baseOf(call)
  const query = call.query && `?${call.query}`
  if (!logoutRunsFlow) return redirect(`${base}/if/session-end/${slug}/${query}`)
  const application = world.table(applications).find('slug', slug)
  const provider = application?.provider ? world.table(oauth2Providers).get(application.provider) : undefined
  if (!application || !provider) return context.notFound()
  const session = browserSessionOf(call, world)
  if (!sessionOf(call, world))
    return redirect(loginLocation('default-authentication-flow', context), [sessionCookie(session.key, call)])
  const invalidation = provider.invalidation_flow ? world.table(flows).get(provider.invalidation_flow)?.slug : undefined
  const flow = invalidation ?? PROVIDER_FLOWS.invalidation_flow
  session.plan = undefined
  session.application = application.pk
  return redirect(`${base}/if/flow/${flow}/${query}`, [sessionCookie(session.key, call)])
}

/** Leads to the flow that logs a browser out of an application; until 2024.8 to a page that asks. */
export const endSessionEndpoint: OAuthEndpoint = { methods: { GET: endSession } }
