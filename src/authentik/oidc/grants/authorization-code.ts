/** Tokens for an authorization code (RFC 6749, section 4.1.3; RFC 7636, section 4.6). */
import { authorizationCodes, type AuthorizationCode } from '../../resources/authorization-codes.ts'
import { isExpired, splitScope } from '../../resources/grants.ts'
import { users } from '../../resources/users.ts'
import { behaviourIn, type OAuthContext } from '../endpoint.ts'
import { issueRefreshToken, issueTokens, authenticationOf } from '../issue.ts'
import { OAuthError } from '../oauth-error.ts'
import { isForbidden, isRedirectUri } from '../redirect-uris.ts'
import { sha256, toBase64Url } from '../signing.ts'
import type { GrantType, TokenRequest } from './grant-type.ts'

/** Whether a verifier is that of the code's challenge; one without the other is none. */
async function isVerified({ code_challenge, code_challenge_method }: AuthorizationCode, verifier: string) {
  if (!code_challenge) return verifier === ''
  if (verifier === '') return false
  const challenge = code_challenge_method === 'S256' ? toBase64Url(await sha256(verifier)) : verifier
  return challenge === code_challenge
}

async function findCode({ provider, form }: TokenRequest, context: OAuthContext): Promise<AuthorizationCode> {
  const { world } = context
  const redirectUri = form.get('redirect_uri') ?? ''
  const text = form.get('code') ?? ''
  if (text === '') throw new OAuthError('invalid_grant', 'The code is missing.')
  if (isForbidden(redirectUri))
    throw new OAuthError('invalid_client', 'The redirect_uri has a scheme that is never served.')
  if (!isRedirectUri(redirectUri, provider, context))
    throw new OAuthError('invalid_client', `The redirect_uri "${redirectUri}" is none of the provider's.`)
  const code = world.table(authorizationCodes).find('code', text)
  if (!code) throw new OAuthError('invalid_grant', 'There is no such code: it was used, or deleted, or never made.')
  if (isExpired(code, world)) throw new OAuthError('invalid_grant', `The code expired at ${code.expires}.`)
  if (code.provider !== provider.pk) throw new OAuthError('invalid_grant', 'The code is that of another client.')
  if (!(await isVerified(code, form.get('code_verifier') ?? '')))
    throw new OAuthError(
      'invalid_grant',
      'The code_verifier is not that of the code_challenge, or one of them is missing.',
    )
  return code
}

/** Takes a code back. One that is refused stays. */
export const authorizationCode: GrantType = async (request, context) => {
  const { world } = context
  const code = await findCode(request, context)
  const user = world.table(users).require(code.user)
  if (!user.is_active && behaviourIn(context).inactiveUsersCodeIsRefused)
    throw new OAuthError('invalid_grant', `The user ${user.username} is not active.`)
  const scopes = splitScope(code.scope)
  const authentication = { ...(await authenticationOf(code, context)), nonce: code.nonce ?? undefined }
  const grant = { provider: request.provider, user, scopes, authentication }
  const issued = await issueTokens(grant, context)
  const refreshToken = scopes.includes('offline_access')
    ? await issueRefreshToken(grant, issued.accessToken, context)
    : undefined
  await world.table(authorizationCodes).delete(code.pk)
  return { ...issued, scopes, refreshToken }
}
