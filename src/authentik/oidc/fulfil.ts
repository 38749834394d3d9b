/** Gives a client what it asked for, once its user has agreed: a code, tokens, or both (OpenID Connect Core 1.0, section 3). */
import { writeAuthorization } from '../answers/audit.ts'
import { cleanUpLater } from '../auth/clean-up.ts'
import { createRow } from '../../rest/write-row.ts'
import { toInstant } from '../../store/clock.ts'
import { toDuration } from '../../store/duration.ts'
import { applications } from '../resources/applications.ts'
import { authenticatedSessions } from '../resources/authenticated-sessions.ts'
import { authorizationCodes, type AuthorizationCode } from '../resources/authorization-codes.ts'
import { oauth2Providers } from '../resources/oauth2-providers.ts'
import { users } from '../resources/users.ts'
import type { BrowserSession } from '../flows/browser-session.ts'
import type { Plan } from '../flows/plan.ts'
import { addressOfError } from './authorize-error.ts'
import type { AuthorizeRequest } from './authorize-request.ts'
import { behaviourIn, type OAuthContext } from './endpoint.ts'
import { authenticationOf, halfHash, issueTokens } from './issue.ts'
import { encodeForm, toUri } from './python-text.ts'

/** What ends the flow of an authorization. */
interface Fulfilment extends OAuthContext {
  session: BrowserSession
  plan: Plan
}

/** A challenge that leads to the client; undefined for what cannot be: tokens in a query. */
export async function fulfil(fulfilment: Fulfilment): Promise<Record<string, unknown> | undefined> {
  const { request, application } = fulfilment.plan
  if (!request || (request.grant === 'implicit' && request.responseMode === 'query')) return undefined
  await noteAuthorization(request, fulfilment)
  const parameters = await answerOf(request, fulfilment)
  if (request.responseMode === 'form_post') {
    const attrs = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''))
    const title = `Redirecting to ${application?.name ?? ''}...`
    return { component: 'ak-stage-autosubmit', url: request.redirectUri, attrs, title }
  }
  return { component: 'xak-flow-redirect', to: toUri(addressOf(request, parameters)) }
}

/**
 * A challenge that tells the client that somebody had to be asked, whom it wanted not to be. It is told behind the
 * consent; one that is given without a page asks nobody.
 */
export function refusalOf({ plan: { request }, autoLogin }: Fulfilment): Record<string, unknown> | undefined {
  if (autoLogin !== undefined || !request?.prompt.has('none') || !request.prompt.has('consent')) return undefined
  return { component: 'xak-flow-redirect', to: toUri(addressOfError(request, 'consent_required')) }
}

/** Writes an event of it. */
async function noteAuthorization({ scopes }: AuthorizeRequest, fulfilment: Fulfilment): Promise<void> {
  const { plan, call, world } = fulfilment
  const application = plan.application && world.table(applications).get(plan.application.pk)
  if (!application) return
  const { user } = partiesOf(fulfilment)
  await writeAuthorization({ application, flow: plan.flow.pk, scopes }, user, call, world)
}

/** What the client is given, in the order in which it gets it. */
async function answerOf(request: AuthorizeRequest, fulfilment: Fulfilment): Promise<Record<string, string>> {
  const { responseType, state = '' } = request
  const types = responseType.split(' ')
  const code = types.includes('code') ? await mintCode(request, fulfilment) : undefined
  // A query has room for a code alone, also where tokens are asked for beside it.
  const hasCodeAlone = request.grant === 'authorization_code' || request.responseMode === 'query'
  if (code !== undefined && hasCodeAlone) return { code, state }
  const authentication = await authenticationOf(loginOf(fulfilment), fulfilment)
  const { provider, user } = partiesOf(fulfilment)
  const codeHash = code !== undefined && types.includes('id_token') ? { codeHash: await halfHash(code) } : {}
  const issued = await issueTokens(
    {
      provider,
      user,
      scopes: request.scopes,
      authentication: { ...authentication, nonce: request.nonce, ...codeHash },
    },
    fulfilment,
    { hashesAccessToken: sendsAccessToken(types, fulfilment) },
  )
  return {
    ...(sendsAccessToken(types, fulfilment) ? { access_token: issued.accessToken } : {}),
    ...(types.includes('id_token') ? { id_token: issued.idToken } : {}),
    ...(code === undefined ? {} : { code }),
    token_type: 'Bearer',
    expires_in: String(issued.expiresIn),
    state,
  }
}

/** Who is to have something, and of whom. @throws TypeError for a plan that no client asked for */
function partiesOf({ plan, world }: Fulfilment) {
  if (!plan.client || plan.user === undefined) throw new TypeError('Failed to authorize: no client asked.')
  return {
    provider: world.table(oauth2Providers).require(plan.client.provider),
    user: world.table(users).require(plan.user),
  }
}

/** Whether the client is given the access token: until 2025.6 also by `id_token` alone. */
const sendsAccessToken = (types: readonly string[], context: OAuthContext) =>
  types.includes('token') || (types.join(' ') === 'id_token' && behaviourIn(context).idTokenBringsAccessToken)

/** When the user logged in, and in which session. */
function loginOf({ session, world }: Fulfilment): Pick<AuthorizationCode, 'auth_time' | 'session'> {
  const row = world.table(authenticatedSessions).find('session_key', session.key)
  return { auth_time: row?.auth_time ?? null, ...(row ? { session: row.session_key } : {}) }
}

async function mintCode(request: AuthorizeRequest, fulfilment: Fulfilment): Promise<string> {
  const { world } = fulfilment
  const { provider, user } = partiesOf(fulfilment)
  const { auth_time, session } = loginOf(fulfilment)
  const time = auth_time === null ? world.clock.now() : Date.parse(auth_time)
  const code = world.random.hex(32)
  const row = await createRow(
    authorizationCodes,
    { world },
    {
      user: user.pk,
      provider: provider.pk,
      code,
      expires: toInstant(world.clock.now() + (toDuration(provider.access_code_validity) ?? 0)),
      scope: request.scopes.join(' '),
      auth_time: toInstant(Math.floor(time / 1000) * 1000),
      nonce: request.nonce ?? null,
      code_challenge: request.codeChallenge ?? null,
      code_challenge_method: request.codeChallengeMethod ?? null,
      ...(session === undefined ? {} : { session }),
    },
  )
  cleanUpLater(row, world)
  return code
}

/**
 * Where the client is called. A query that it has stays, but for what is blank and what is given a new value; in the
 * fragment everything is added.
 */
function addressOf({ redirectUri, responseMode }: AuthorizeRequest, parameters: Record<string, string>): string {
  if (responseMode !== 'query') {
    const fragment = encodeForm(Object.entries(parameters))
    return redirectUri.includes('#') ? `${redirectUri}${fragment}` : `${redirectUri}#${fragment}`
  }
  // By its text, because a pattern may meet what is no address.
  const [, path = '', search = '', hash = ''] = /^([^?#]*)(?:\?([^#]*))?(#[^]*)?$/.exec(redirectUri) ?? []
  const values = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(search))
    if (value !== '') values.set(name, [...(values.get(name) ?? []), value])
  for (const [name, value] of Object.entries(parameters)) values.set(name, [value])
  const pairs = [...values].flatMap(([name, ofName]) => ofName.map((value) => [name, value] as const))
  return `${path}?${encodeForm(pairs)}${hash}`
}
