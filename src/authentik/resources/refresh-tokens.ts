/** Refresh tokens. */
import { grantOperations } from './grants.ts'
import { TOKEN_ORDERINGS, TokenModel, tokenResource, toToken } from './tokens.ts'

export const refreshTokens = tokenResource('refresh_tokens', 'Refresh Token', 6, [
  'openid offline_access',
  'openid email profile offline_access',
])

export const refreshTokenOperations = grantOperations({
  resource: refreshTokens,
  component: TokenModel,
  componentName: 'TokenModel',
  words: 'Refresh Token',
  className: 'RefreshToken',
  noun: 'a refresh token',
  orderings: TOKEN_ORDERINGS,
  show: toToken,
})
