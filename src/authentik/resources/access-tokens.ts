/** Access tokens. */
import { grantOperations } from './grants.ts'
import { TOKEN_ORDERINGS, TokenModel, tokenResource, toToken } from './tokens.ts'

export const accessTokens = tokenResource('access_tokens', 'Access Token', 12, [
  'openid',
  'openid email',
  'openid goauthentik.io/api',
  'openid profile offline_access',
])

export const accessTokenOperations = grantOperations({
  resource: accessTokens,
  component: TokenModel,
  componentName: 'TokenModel',
  words: 'Access Token',
  className: 'AccessToken',
  noun: 'an access token',
  orderings: TOKEN_ORDERINGS,
  show: toToken,
})
