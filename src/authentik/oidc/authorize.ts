/** The authorization endpoint (RFC 6749, section 3.1; OpenID Connect Core 1.0, section 3): a table of steps, each of which may end the request. */
import { parametersOf, readPairs } from '../../http/form.ts'
import type { Reply } from '../../http/message.ts'
import { toInteger } from '../../rest/python.ts'
import { isAllowed } from '../auth/policies.ts'
import { sessionOf } from '../auth/sessions.ts'
import { autoUserOf } from '../flows/auto-login.ts'
import { browserSessionOf, cookiesOf, type BrowserSession } from '../flows/browser-session.ts'
import { findFlowOf } from '../brands.ts'
import { startPlan } from '../flows/flow-location.ts'
import { askForLogin } from '../flows/login-location.ts'
import { keepConsent } from '../flows/stages/consent.ts'
import { logInUser } from '../flows/stages/login.ts'
import { isFor, isLeftOut, stagesOf, type Plan } from '../flows/plan.ts'
import type { AuthenticatedSession } from '../resources/authenticated-sessions.ts'
import { applicationOf, type OAuth2Provider } from '../resources/oauth2-providers.ts'
import { users, type User } from '../resources/users.ts'
import { addressOfError } from './authorize-error.ts'
import { grantOf, readRequest, type AuthorizeRequest } from './authorize-request.ts'
import { logOnce } from './log-once.ts'
import { noteUnknownClient, providerOf } from './clients.ts'
import { behaviourIn, notAnswered, redirect, type OAuthContext, type OAuthEndpoint } from './endpoint.ts'
import { fulfil } from './fulfil.ts'
import { clientIdError, deniedPage, redirectUriError, serverError } from './pages.ts'
import { isForbidden, isRedirectUri, keepFirstUri, noteRedirectUri } from './redirect-uris.ts'
import { inUiLocale, languageOfLocales } from './ui-locales.ts'

/** What is known so far. */
interface Attempt {
  context: OAuthContext
  query: URLSearchParams
  request: AuthorizeRequest
  provider: OAuth2Provider
  session: BrowserSession
  /** Whoever is logged in without a page for this request. */
  autoUser: User | undefined
  /** Of whoever is logged in. */
  login?: AuthenticatedSession | undefined
  /** Whether that was done for this request. */
  isFresh?: boolean
}

/** A step: a reply ends the request. */
type Step = (attempt: Attempt) => Reply | undefined | Promise<Reply | undefined>

/** Tells the client what is wrong. */
const refuse = (...error: Parameters<typeof addressOfError>): Reply => redirect(addressOfError(...error))

// ---- steps

const checkResponseType: Step = ({ request }) =>
  grantOf(request.responseType) ? undefined : refuse(request, 'unsupported_response_type')

/** What the provider does not have among its grants, its client may not ask for. */
const checkGrant: Step = ({ context, provider, request }) => {
  const { grant } = request
  if (!behaviourIn(context).grantTypesAreChosen || provider.grant_types.includes(grant)) return undefined
  // The client is not told, and one that an API made has none.
  const message = `A login was refused: the provider "${provider.name}" does not have ${grant} among its grant_types.`
  logOnce(`grant ${provider.pk} ${grant}`, message, context)
  return refuse(request, 'invalid_request')
}

const checkScope: Step = ({ request }) => {
  const { responseType, scopes, grant } = request
  const needsOpenid = grant === 'hybrid' || responseType.startsWith('id_token')
  if (!needsOpenid || scopes.includes('openid')) return undefined
  return refuse(request, 'invalid_scope')
}

const checkRequestObject: Step = ({ request, query }) =>
  query.get('request') ? refuse(request, 'request_not_supported') : undefined

const NEEDS_NONCE = new Set(['id_token', 'id_token token', 'code id_token', 'code id_token token'])

const checkNonce: Step = ({ request }) => {
  const { responseType, nonce, scopes } = request
  if (nonce || !NEEDS_NONCE.has(responseType) || !scopes.includes('openid')) return undefined
  return refuse(request, 'invalid_request')
}

const checkChallenge: Step = ({ request }) => {
  const { codeChallenge, codeChallengeMethod: method } = request
  if (!codeChallenge || method === 'plain' || method === 'S256') return undefined
  return refuse(request, 'invalid_request', `Unsupported challenge method ${method}`)
}

const checkPromptNone: Step = ({ request, login }) =>
  request.prompt.has('none') && !login ? refuse(request, 'login_required') : undefined

const checkApplication: Step = ({ context, provider }) =>
  applicationOf(provider, context.world) ? undefined : deniedPage(context)

/** Bindings of users and groups to the application say who may use it. */
const checkPolicies: Step = ({ context, provider, login }) => {
  const { world } = context
  const application = applicationOf(provider, world)
  const user = login && world.table(users).get(login.user)
  return application && isAllowed(user, application, world) ? undefined : deniedPage(context)
}

/** Whether it is a request that a browser makes by an address. */
const isRead = ({ call: { method } }: OAuthContext) => method === 'GET' || method === 'HEAD'

/** Logs somebody in without a page, where that is wanted: again, where the client asks for a new login. */
const logInAtOnce: Step = async (attempt) => {
  const { context, session, login, autoUser: user } = attempt
  if (!isRead(context)) return undefined
  if (!user || (login?.user === user.pk && !needsNewLogin(attempt))) return undefined
  attempt.login = await logInUser(user, session, context)
  attempt.isFresh = true
  return undefined
}

const askToLogIn: Step = (attempt) => (attempt.login ? undefined : sendToLogin(attempt))

function sendToLogin({ context, provider, session, login }: Attempt): Reply {
  const isNamed = login === undefined || behaviourIn(context).newLoginNamesApplication
  return askForLogin(provider, isNamed ? applicationOf(provider, context.world)?.pk : undefined, session, context)
}

/** `max_age` and `prompt=login` ask for a login that is new enough. */
const askToLogInAgain: Step = (attempt) => {
  if (!needsNewLogin(attempt)) return undefined
  attempt.session.promptedLogin = attempt.login?.uuid
  return sendToLogin(attempt)
}

function needsNewLogin({ context, request, login, session, isFresh }: Attempt): boolean {
  if (!login || isFresh) return false
  const { maxAge, prompt } = request
  const age = login.auth_time ? (context.world.clock.now() - Date.parse(login.auth_time)) / 1000 : 0
  if (maxAge && age > maxAge) return true
  // Each login is asked to be done anew once: the one that follows is good for the rest of the session.
  return prompt.has('login') && (session.promptedLogin === undefined || session.promptedLogin === login.uuid)
}

const checkMethod: Step = ({ context }) => (isRead(context) ? undefined : notAnswered(context.call, ['GET']))

const startFlow: Step = async (attempt) => {
  const { context, request, provider, session, login, autoUser } = attempt
  const { world } = context
  const flow = findFlowOf(provider.authorization_flow, world)
  if (!flow || !login || !isFor(flow, login.user, world)) return deniedPage(context)
  const application = applicationOf(provider, world)
  const isAuto = autoUser !== undefined
  const stages = stagesOf(flow, world, login.user)
  if (request.prompt.has('consent') && !stages.some(({ kind }) => kind === 'consent'))
    stages.push({ kind: 'consent', mode: 'always_require' })
  const plan: Plan = {
    flow,
    stages: [...stages, { kind: 'authorization' }],
    application: application && { pk: application.pk, name: application.name },
    user: login.user,
    client: { provider: provider.pk, scopes: request.scopes },
    request,
  }
  // Where nobody is there to ask, what is asked is given.
  if (isAuto)
    for (const stage of stages)
      if (stage.kind === 'consent' && !isLeftOut(stage, login.user, world)) await keepConsent({ plan, stage, world })
  const isAnsweredAtOnce =
    (isAuto || (behaviourIn(context).authorizeAnswersAtOnce && stages.length === 0)) &&
    request.responseMode !== 'form_post'
  if (!isAnsweredAtOnce) return startPlan(plan, session, context)
  const challenge = await fulfil({ ...context, session, plan })
  session.plan = undefined
  if (!challenge) return serverError(context, 'Tokens cannot be sent in a query.')
  return redirect(String(challenge['to']), cookiesOf(session, context))
}

/** The order of the checks, by release. */
function stepsOf(context: OAuthContext): readonly Step[] {
  const details = behaviourIn(context).requestObjectIsCheckedFirst
    ? [checkRequestObject, checkNonce, checkChallenge]
    : [checkNonce, checkChallenge, checkRequestObject]
  return [
    checkResponseType,
    checkGrant,
    checkScope,
    ...details,
    checkPromptNone,
    checkApplication,
    logInAtOnce,
    askToLogIn,
    checkPolicies,
    askToLogInAgain,
    checkMethod,
    startFlow,
  ]
}

async function authorize(context: OAuthContext): Promise<Reply> {
  const reply = await answerRequest(context)
  if (reply.status !== 302 || !behaviourIn(context).uiLocalesAreTaken) return reply
  const language = languageOfLocales(readPairs(context.call.query).get('ui_locales') ?? '')
  if (language === undefined) return reply
  // Whoever was logged in before the request has its answer in the language of the request still.
  return inUiLocale(reply, language, { isAnswered: !sessionOf(context.call, context.world) })
}

async function answerRequest(context: OAuthContext): Promise<Reply> {
  const { call, world } = context
  if (new URLSearchParams(call.query).size === 0 && call.method !== 'POST')
    return context.notFound('it has no parameters')
  const query = await parametersOf(call)
  const read = (name: string) => query.get(name) ?? undefined
  const maxAge = read('max_age')
  if (maxAge && toInteger(maxAge) === undefined) return serverError(context, 'max_age is no number.')
  const clientId = read('client_id') ?? ''
  const client = providerOf(clientId, context)
  if (!client) {
    noteUnknownClient(clientId, context)
    return clientIdError(context)
  }
  const redirectUri = read('redirect_uri') ?? ''
  const refuseUri = () => {
    noteRedirectUri(redirectUri, client, context)
    return redirectUriError(context)
  }
  if (redirectUri === '' || isForbidden(redirectUri)) return refuseUri()
  const provider = await keepFirstUri(redirectUri, client, context)
  if (!isRedirectUri(redirectUri, provider, context)) return refuseUri()
  const request = readRequest(read, redirectUri, provider, context)
  const attempt: Attempt = {
    context,
    query,
    request,
    provider,
    session: browserSessionOf(call, world),
    autoUser: autoUserOf(context, query.get('login_hint') ?? undefined),
    login: sessionOf(call, world),
  }
  for (const step of stepsOf(context)) {
    const reply = await step(attempt)
    if (reply) return reply
  }
  return deniedPage(context)
}

/** The authorization endpoint; whichever method it is asked with, it looks at the request first. */
export const authorization: OAuthEndpoint = { methods: {}, every: authorize }
