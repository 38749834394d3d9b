/** Where a client sends a browser that logs out (OpenID Connect RP-Initiated Logout 1.0; docs/authentik.md#end-session). */
import { baseOf, type Reply } from '../../http/message.ts'
import { parametersOf } from '../../http/form.ts'
import type { World } from '../../store/world.ts'
import { isAllowed } from '../auth/policies.ts'
import { sessionOf } from '../auth/sessions.ts'
import { browserSessionOf, type BrowserSession } from '../flows/browser-session.ts'
import { findFlowOf } from '../brands.ts'
import { findFlow } from '../flows/find-flow.ts'
import { startPlan } from '../flows/flow-location.ts'
import { askForLogin } from '../flows/login-location.ts'
import { stagesOf, type Plan } from '../flows/plan.ts'
import { PROVIDER_FLOWS } from '../resources/default-flows.ts'
import { accessTokens } from '../resources/access-tokens.ts'
import { applications } from '../resources/applications.ts'
import { oauth2Providers, type OAuth2Provider } from '../resources/oauth2-providers.ts'
import { users } from '../resources/users.ts'
import { absent, behaviourIn, notAnswered, redirect, type OAuthContext, type OAuthEndpoint } from './endpoint.ts'
import { deniedPage, errorPage } from './pages.ts'
import { missingProvider } from './discovery.ts'
import { isForbidden, isLogoutUri } from './redirect-uris.ts'

function endSession(context: OAuthContext): Reply | Promise<Reply> {
  const { call, params, world } = context
  const { logoutRunsFlow, logoutEndsPlan, logoutTakesForm, logoutNeedsNoLogin } = behaviourIn(context)
  const { method } = call
  const slug = params['slug'] ?? ''
  // A view that leads elsewhere does so whatever the method is.
  if (!logoutRunsFlow) return redirect(`${baseOf(call)}/if/session-end/${slug}/${call.query && `?${call.query}`}`)
  const application = world.table(applications).find('slug', slug)
  const provider = application?.provider ? world.table(oauth2Providers).get(application.provider) : undefined
  if (!application || !provider) return absent(context, missingProvider(context))
  const session = browserSessionOf(call, world)
  if (logoutEndsPlan && isInFlow(session, context))
    return {
      status: 200,
      headers: [['Content-Type', 'text/html']],
      body: '<html><body>Logout successful</body></html>',
    }
  const login = sessionOf(call, world)
  if (!login && !logoutNeedsNoLogin) return askForLogin(provider, application.pk, session, context)
  if (login && !isAllowed(world.table(users).get(login.user), application, world)) return deniedPage(context)
  const isAnswered = method === 'GET' || method === 'HEAD' || (method === 'POST' && logoutTakesForm)
  if (!isAnswered) return notAnswered(call, logoutTakesForm ? ['GET', 'POST'] : ['GET'])
  return startLogout({ application, provider, session, user: login?.user }, context)
}

/** Whether a browser is in a flow; a login that a client asks for is begun when the browser is sent to it. */
const isInFlow = ({ plan, application }: BrowserSession, context: OAuthContext): boolean =>
  plan !== undefined || (behaviourIn(context).loginIsDirect && application !== undefined)

interface Logout {
  application: { pk: string; name: string }
  provider: OAuth2Provider
  session: BrowserSession
  /** Who is logged in; undefined for nobody. */
  user: number | undefined
}

/** The provider's flow, behind whose stages the application's own end stands. */
async function startLogout({ application, provider, session, user }: Logout, context: OAuthContext): Promise<Reply> {
  const { world } = context
  const flow = findFlowOf(provider.invalidation_flow, world) ?? findFlow(PROVIDER_FLOWS.invalidation_flow, context)
  if (!flow) return context.notFound()
  const logoutUri = await logoutUriOf(provider, context)
  if (logoutUri !== undefined && isForbidden(logoutUri))
    return errorPage(context, 500, 'Server Error', 'post_logout_redirect_uri would run what it says.')
  if (logoutUri !== undefined) await deleteTokens(session.key, provider, world)
  const plan: Plan = {
    flow,
    stages: [...stagesOf(flow, world, user), { kind: 'session-end' }],
    application: { pk: application.pk, name: application.name },
    user,
    failures: 0,
    logoutUri,
  }
  return startPlan(plan, session, context)
}

/** Where the client wants to have its user, if that is an address which it registered (from 2026.5 on). */
async function logoutUriOf(provider: OAuth2Provider, context: OAuthContext): Promise<string | undefined> {
  if (!behaviourIn(context).logoutLeadsToClient) return undefined
  const parameters = await parametersOf(context.call)
  const uri = parameters.get('post_logout_redirect_uri') ?? ''
  if (isForbidden(uri)) return uri
  if (!isLogoutUri(uri, provider, context)) return undefined
  const state = parameters.get('state')
  return state === null ? uri : `${uri}${uri.includes('?') ? '&' : '?'}state=${encodeURIComponent(state)}`
}

/** Deletes what the client got in the session: a client that is led back has logged out. */
async function deleteTokens(session: string, provider: OAuth2Provider, world: World): Promise<void> {
  const table = world.table(accessTokens)
  const rows = [...table.values()].filter((row) => row.session === session && row.provider === provider.pk)
  for (const { pk } of rows) await table.delete(pk)
}

/** Leads to the flow that logs a browser out of an application; until 2024.10 to a page that asks. */
export const endSessionEndpoint: OAuthEndpoint = { methods: {}, every: endSession }
