/** New tokens for a refresh token (RFC 6749, section 6). */
import { toDuration } from '../../../store/duration.ts'
import { cleanUpLater } from '../../auth/clean-up.ts'
import { isExpired, splitScope } from '../../resources/grants.ts'
import type { OAuth2Provider } from '../../resources/oauth2-providers.ts'
import { refreshTokens } from '../../resources/refresh-tokens.ts'
import type { Token } from '../../resources/tokens.ts'
import { users } from '../../resources/users.ts'
import { behaviourIn, type OAuthContext } from '../endpoint.ts'
import { authenticationOf, issueRefreshToken, issueTokens } from '../issue.ts'
import { OAuthError } from '../oauth-error.ts'
import type { GrantType } from './grant-type.ts'

/** Whether a refresh token is replaced: a provider's threshold may let it stand, from 2025.10 on. */
function isReplaced({ refresh_token_threshold }: OAuth2Provider, { expires }: Token, context: OAuthContext): boolean {
  const { refreshTokensMayStay, thresholdIsMended } = behaviourIn(context)
  const threshold = toDuration(refresh_token_threshold) ?? 0
  if (!refreshTokensMayStay || threshold <= 0) return true
  // Until 2026.2 the two sides of the comparison are exchanged, so that a token is replaced never.
  if (!thresholdIsMended || expires === null) return false
  return Date.parse(expires) - context.world.clock.now() <= threshold
}

/** Takes a refresh token, which stands from then on as revoked. The scope stays what it was, whatever was asked for. */
export const refreshToken: GrantType = async ({ provider, form, scopes: requestedScopes }, context) => {
  const { world } = context
  const row = world.table(refreshTokens).find('token', form.get('refresh_token') ?? '')
  if (!row || row.provider !== provider.pk)
    throw new OAuthError('invalid_grant', 'There is no such refresh token of this client.')
  if (isExpired(row, world)) throw new OAuthError('invalid_grant', `The refresh token expired at ${row.expires}.`)
  const scopes = splitScope(row.scope)
  if (row.revoked) throw new OAuthError('invalid_grant', 'The refresh token was used, or revoked.')
  const final = requestedScopes.length ? requestedScopes : scopes
  if (!final.includes('offline_access') || final.some((scope) => !scopes.includes(scope)))
    throw new OAuthError(
      'invalid_scope',
      'The scope asked for is more than that of the token, or lacks offline_access.',
    )
  const user = world.table(users).require(row.user)
  const authentication = await authenticationOf(row, context)
  const grant = { provider, user, scopes, authentication }
  const issued = await issueTokens(grant, context)
  if (!isReplaced(provider, row, context)) return { ...issued, scopes, isRefreshed: true }
  const nonce = row.id_token['nonce']
  const replacement = await issueRefreshToken(
    { ...grant, authentication: { ...authentication, nonce: typeof nonce === 'string' ? nonce : undefined } },
    issued.accessToken,
    context,
  )
  const used = await world.table(refreshTokens).update(row.pk, (draft) => void (draft.revoked = true))
  cleanUpLater(used, world)
  return { ...issued, scopes, refreshToken: replacement, isRefreshed: true }
}
