/** The token endpoint (RFC 6749, section 3.2): who asks, then the grant. */
import type { Reply } from '../../http/message.ts'
import { readForm } from '../../http/form.ts'
import { splitScope } from '../resources/grants.ts'
import { scopesOf } from '../resources/id-token.ts'
import type { OAuth2Provider } from '../resources/oauth2-providers.ts'
import { credentialsIn, noteUnknownClient, providerOf } from './clients.ts'
import { allowOrigin } from './cors.ts'
import { behaviourIn, refusal, secretJson, type OAuthContext, type OAuthEndpoint } from './endpoint.ts'
import { authorizationCode } from './grants/authorization-code.ts'
import { deviceCode } from './grants/device-code.ts'
import { clientCredentials } from './grants/client-credentials.ts'
import { refreshToken } from './grants/refresh-token.ts'
import type { Granted, GrantType } from './grants/grant-type.ts'
import { OAuthError } from './oauth-error.ts'

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'

const GRANTS: Readonly<Record<string, GrantType>> = {
  authorization_code: authorizationCode,
  refresh_token: refreshToken,
  client_credentials: clientCredentials,
  password: clientCredentials,
  [DEVICE_CODE]: deviceCode,
}

/** The grants for which a confidential client has to show its secret first. */
const NEEDS_SECRET = new Set(['authorization_code', 'refresh_token'])

async function answer(context: OAuthContext): Promise<Reply> {
  let provider: OAuth2Provider | undefined
  try {
    const form = await readForm(context.call)
    const credentials = credentialsIn(context, form)
    provider = providerOf(credentials.id, context)
    if (!provider) throw new OAuthError('invalid_client', noteUnknownClient(credentials.id, context))
    const grantType = form.get('grant_type') ?? ''
    const { grantTypesAreChosen, deviceCodeNeedsSecret } = behaviourIn(context)
    const isChosen =
      !grantTypesAreChosen ||
      !Object.hasOwn(GRANTS, grantType) ||
      (provider.grant_types as readonly string[]).includes(grantType)
    if (!isChosen) throw new OAuthError('invalid_grant', `The provider does not have the grant type "${grantType}".`)
    const needsSecret = NEEDS_SECRET.has(grantType) || (deviceCodeNeedsSecret && grantType === DEVICE_CODE)
    const isConfidential = provider.client_type === 'confidential'
    if (needsSecret && isConfidential && provider.client_secret !== credentials.secret)
      throw new OAuthError('invalid_client', 'The secret of the client is missing, or wrong.')
    if (!Object.hasOwn(GRANTS, grantType))
      throw new OAuthError('unsupported_grant_type', `There is no grant_type "${grantType}".`)
    const scopes = knownScopes(form, provider, context)
    const granted = await GRANTS[grantType]?.({ provider, credentials, form, scopes }, context)
    return allowOrigin(secretJson(200, granted && toAnswer(granted, context)), context, provider)
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error
    if (context.call.trace) context.call.trace.reason = error.reason
    return allowOrigin(refusal(error, 400, context), context, provider)
  }
}

/** The scopes that a form asks for; from 2024.8.5 on without those that the provider does not know. */
export function knownScopes(form: URLSearchParams, provider: OAuth2Provider, context: OAuthContext): string[] {
  const scopes = [...new Set(splitScope(form.get('scope') ?? ''))]
  if (!behaviourIn(context).tokenScopesAreCut) return scopes
  const ofProvider = new Set(scopesOf(provider, context.world))
  return scopes.filter((scope) => ofProvider.has(scope))
}

/** The keys of an answer, in the order of the release. */
function toAnswer(granted: Granted, context: OAuthContext) {
  const { accessToken, idToken, expiresIn, scopes, isRefreshed } = granted
  const { tokenAnswerHasScope, refreshTokenIsLast } = behaviourIn(context)
  const refresh = granted.refreshToken === undefined ? {} : { refresh_token: granted.refreshToken }
  const isSecond = isRefreshed && !refreshTokenIsLast
  return {
    access_token: accessToken,
    ...(isSecond ? refresh : {}),
    token_type: 'Bearer',
    ...(tokenAnswerHasScope ? { scope: scopes.join(' ') } : {}),
    expires_in: expiresIn,
    id_token: idToken,
    ...(isSecond ? {} : refresh),
  }
}

/** What any page may ask before it asks. */
export const preflight = (context: OAuthContext): Reply => allowOrigin(secretJson(200, {}), context, undefined)

/** The token endpoint. */
export const token: OAuthEndpoint = { methods: { POST: answer }, options: preflight, isCsrfExempt: true }
