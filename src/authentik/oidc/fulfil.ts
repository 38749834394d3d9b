/** Gives a client what it asked for, once its user has agreed: a code, tokens, or both (OpenID Connect Core 1.0, section 3). */
import { createRow } from '../../rest/write-row.ts'
import { toInstant } from '../../store/clock.ts'
import { toDuration } from '../../store/duration.ts'
import { authenticatedSessions } from '../resources/authenticated-sessions.ts'
import { authorizationCodes } from '../resources/authorization-codes.ts'
import type { Authentication } from '../resources/id-token.ts'
import { users } from '../resources/users.ts'
import type { BrowserSession } from '../flows/browser-session.ts'
import type { Plan } from '../flows/plan.ts'
import type { AuthorizeRequest } from './authorize-request.ts'
import { behaviourIn, type OAuthContext } from './endpoint.ts'
import { authenticationOf, halfHash, issueTokens } from './issue.ts'

/** What ends the flow of an authorization. */
interface Fulfilment extends OAuthContext {
  session: BrowserSession
  plan: Plan
}

/** A challenge that leads to the client. @throws TypeError for a plan that no client asked for */
export async function fulfil(fulfilment: Fulfilment): Promise<Record<string, unknown>> {
  const { plan } = fulfilment
  if (!plan.authorization || plan.user === undefined) throw new TypeError('Failed to authorize: no client asked.')
  const { request } = plan.authorization
  const parameters = await answerOf(request, fulfilment)
  if (request.responseMode === 'form_post') {
    const attrs = Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ''))
    const title = `Redirecting to ${plan.application?.name ?? ''}...`
    return { component: 'ak-stage-autosubmit', title, url: request.redirectUri, attrs }
  }
  return { component: 'xak-flow-redirect', to: addressOf(request, parameters) }
}

/** What the client is given, in the order in which it gets it. */
async function answerOf(request: AuthorizeRequest, fulfilment: Fulfilment): Promise<Record<string, string>> {
  const { responseType, state = '' } = request
  const types = responseType.split(' ')
  const authentication = await authenticationIn(fulfilment)
  const code = types.includes('code') ? await mintCode(request, fulfilment, authentication) : undefined
  if (request.grant === 'authorization_code' && code !== undefined) return { code, state }
  const { plan, world } = fulfilment
  const provider = plan.authorization!.provider
  const user = world.table(users).require(plan.user!)
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

/** Whether the client is given the access token: until 2025.6 also by `id_token` alone. */
const sendsAccessToken = (types: readonly string[], context: OAuthContext) =>
  types.includes('token') || (types.join(' ') === 'id_token' && behaviourIn(context).idTokenBringsAccessToken)

/** When the user logged in, and in which session. */
function authenticationIn(fulfilment: Fulfilment): Promise<Authentication> {
  const { session, world } = fulfilment
  const row = world.table(authenticatedSessions).find('session_key', session.key)
  return authenticationOf(
    { auth_time: row?.auth_time ?? null, ...(row ? { session: row.session_key } : {}) },
    fulfilment,
  )
}

async function mintCode(
  request: AuthorizeRequest,
  fulfilment: Fulfilment,
  { time, session }: Authentication,
): Promise<string> {
  const { plan, world } = fulfilment
  const { provider } = plan.authorization!
  const code = world.random.hex(32)
  await createRow(
    authorizationCodes,
    { world },
    {
      user: plan.user,
      provider: provider.pk,
      code,
      expires: toInstant(world.clock.now() + (toDuration(provider.access_code_validity) ?? 0)),
      scope: request.scopes.join(' '),
      auth_time: toInstant(time * 1000),
      nonce: request.nonce ?? null,
      code_challenge: request.codeChallenge ?? null,
      code_challenge_method: request.codeChallengeMethod ?? null,
      ...(session === undefined ? {} : { session }),
    },
  )
  return code
}

/** Where the client is called. A query that it has stays, but for what is blank; in the fragment everything is added. */
function addressOf({ redirectUri, responseMode, grant }: AuthorizeRequest, parameters: Record<string, string>): string {
  if (responseMode === 'query') {
    const { access_token: _, id_token: __, token_type: ___, expires_in: ____, ...rest } = parameters
    const url = new URL(redirectUri)
    const filled = [...url.searchParams].filter(([, value]) => value !== '')
    const query = new URLSearchParams([...filled, ...Object.entries(grant === 'hybrid' ? rest : parameters)])
    const base = redirectUri.replace(/[?#].*$/, '')
    return `${base}?${query}${url.hash}`
  }
  const query = new URLSearchParams(parameters)
  return redirectUri.includes('#') ? `${redirectUri}${query}` : `${redirectUri}#${query}`
}
