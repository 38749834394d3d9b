/** Refresh tokens. */
import { resource } from '../../rest/resource.ts'
import { GRANT_FILTERS, GRANT_SHORTHAND, grantModel, grantOperations } from './grants.ts'
import { TOKEN_FIELDS } from './tokens.ts'

/** What brings new access tokens. */
export const refreshTokens = resource({
  name: 'refresh_tokens',
  names: { singular: 'refreshToken', plural: 'refreshTokens', state: 'refreshToken', noun: 'a refresh token' },
  component: 'TokenModel',
  django: grantModel('RefreshToken', 'Refresh Token'),
  fields: TOKEN_FIELDS,
  filterOrder: GRANT_FILTERS,
  count: 6,
  loadSeed: async () => (await import('../seeds.ts')).seedRefreshToken,
  shorthand: GRANT_SHORTHAND,
})

/** What can be done with refresh tokens. */
export const operations = grantOperations(refreshTokens, '/oauth2/refresh_tokens/')
