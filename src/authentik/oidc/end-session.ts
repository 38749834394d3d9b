/** Where a client sends a browser that logs out (OpenID Connect RP-Initiated Logout 1.0; docs/authentik.md#end-session). */
import { baseOf, type Reply } from '../../http/message.ts'
import { parametersOf } from '../../http/form.ts'
import type { World } from '../../store/world.ts'
import { isAllowed } from '../auth/policies.ts'
import { sessionOf } from '../auth/sessions.ts'
import { browserSessionOf, type BrowserSession } from '../flows/browser-session.ts'
import { findFlowOf } from '../brands.ts'
import { findFlow, missingFlow } from '../flows/find-flow.ts'
import { startPlan } from '../flows/flow-location.ts'
import { askForLogin } from '../flows/login-location.ts'
import { isFor, stagesOf, type Plan } from '../flows/plan.ts'
import { PROVIDER_FLOWS } from '../resources/default-flows.ts'
import { accessTokens } from '../resources/access-tokens.ts'
import { applications } from '../resources/applications.ts'
import { oauth2Providers, type OAuth2Provider } from '../resources/oauth2-providers.ts'
import { issuerOf } from '../resources/id-token.ts'
import { users } from '../resources/users.ts'
import { readKey } from '../../schema/json.ts'
import { absent, behaviourIn, notAnswered, redirect, type OAuthContext, type OAuthEndpoint } from './endpoint.ts'
import { OAuthError } from './oauth-error.ts'
import { quoteUrl } from './python-text.ts'
import { deniedPage, errorPage, serverError } from './pages.ts'
import { missingProvider } from './discovery.ts'
import { logOnce } from './log-once.ts'
import { hasLogoutUris, isLogoutUri } from './redirect-uris.ts'
import { readSigned } from './signing.ts'

function endSession(context: OAuthContext): Reply | Promise<Reply> {
  const { call, params, world } = context
  const { logoutRunsFlow, logoutEndsPlan, logoutTakesForm, logoutNeedsNoLogin } = behaviourIn(context)
  const { method } = call
  const slug = params['slug'] ?? ''
  // A view that leads elsewhere does so whatever the method is.
  if (!logoutRunsFlow) return redirect(`${baseOf(call)}/if/session-end/${slug}/${call.query && `?${call.query}`}`)
  const session = browserSessionOf(call, world)
  // This is asked before anything else, also of who is just being logged out.
  if (logoutEndsPlan && isInFlow(session, context))
    return {
      status: 200,
      headers: [['Content-Type', 'text/html']],
      body: '<html><body>Logout successful</body></html>',
    }
  const application = world.table(applications).find('slug', slug)
  const provider = application?.provider ? world.table(oauth2Providers).get(application.provider) : undefined
  if (!application || !provider) return absent(context, missingProvider(context))
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
  const { call, world } = context
  const flow = findFlowOf(provider.invalidation_flow, world) ?? findFlow(PROVIDER_FLOWS.invalidation_flow, context)
  if (!flow) return context.notFound(missingFlow(PROVIDER_FLOWS.invalidation_flow, context))
  const parameters = await parametersOf(call)
  const { logoutLeadsToClient } = behaviourIn(context)
  const fault = logoutLeadsToClient ? await faultOf(parameters, provider, context) : undefined
  if (fault !== undefined) {
    logOnce(`logout ${fault}`, `A logout was refused: ${fault}.`, context)
    return errorPage(context, 400, 'Bad Request', new OAuthError('invalid_request').message)
  }
  const logoutUri = logoutLeadsToClient ? logoutUriOf(parameters, provider, context) : undefined
  if (logoutUri !== undefined) await deleteTokens(session.key, provider, world)
  if (!isFor(flow, user, world))
    return serverError(context, `The flow ${flow.slug} is not for who logs out, at which authentik breaks.`)
  const plan: Plan = {
    flow,
    stages: [...stagesOf(flow, world, user), { kind: 'session-end' }],
    application: { pk: application.pk, name: application.name },
    user,
    logoutUri,
  }
  return startPlan(plan, session, context)
}

/** Why a logout is refused, for who runs the mock; undefined where it is not. A person is told no more than authentik tells. */
async function faultOf(
  parameters: URLSearchParams,
  provider: OAuth2Provider,
  context: OAuthContext,
): Promise<string | undefined> {
  const { call, world } = context
  const hint = parameters.get('id_token_hint') ?? ''
  if (hint !== '') {
    const claims = await readSigned(hint, provider, world)
    const audience = [readKey(claims, 'aud')].flat()
    if (!audience.includes(provider.client_id) || readKey(claims, 'iss') !== issuerOf(provider, call, world))
      return `id_token_hint is no ID token of the client "${provider.client_id}" at this address`
  }
  const uri = parameters.get('post_logout_redirect_uri') ?? ''
  if (uri === '' || !hasLogoutUris(provider)) return undefined
  if (hint === '') return 'it names a post_logout_redirect_uri and no id_token_hint'
  return isLogoutUri(uri, provider, context)
    ? undefined
    : `the provider "${provider.name}" has no redirect URI of the type logout that is ${uri}`
}

/** Where the client wants to have its user, if that is an address which it registered. */
function logoutUriOf(parameters: URLSearchParams, provider: OAuth2Provider, context: OAuthContext): string | undefined {
  const uri = parameters.get('post_logout_redirect_uri') ?? ''
  if (!isLogoutUri(uri, provider, context)) return undefined
  const state = parameters.get('state') ?? ''
  return state === '' ? uri : `${uri}${uri.includes('?') ? '&' : '?'}state=${quoteUrl(state, '%2F')}`
}

/** Deletes what the client got in the session: a client that is led back has logged out. */
async function deleteTokens(session: string, provider: OAuth2Provider, world: World): Promise<void> {
  const table = world.table(accessTokens)
  const rows = [...table.values()].filter((row) => row.session === session && row.provider === provider.pk)
  for (const { pk } of rows) await table.delete(pk)
}

/** Leads to the flow that logs a browser out of an application; until 2024.10 to a page that asks. */
export const endSessionEndpoint: OAuthEndpoint = { methods: {}, every: endSession }
