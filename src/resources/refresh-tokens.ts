/** Refresh tokens. */
import { grantOperations } from './grants.ts'
import { TOKEN_ORDERINGS, TokenModel, tokenResource, toToken } from './tokens.ts'

export const refreshTokens = tokenResource('refresh_tokens')

export const refreshTokenOperations = grantOperations({
  resource: refreshTokens,
  component: TokenModel,
  componentName: 'TokenModel',
  words: 'Refresh Token',
  className: 'RefreshToken',
  model: 'refreshtoken',
  noun: 'a refresh token',
  orderings: TOKEN_ORDERINGS,
  show: toToken,
})
