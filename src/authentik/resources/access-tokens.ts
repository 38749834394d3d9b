/** Access tokens. */
import { resource } from '../../rest/resource.ts'
import { GRANT_FILTERS, GRANT_SHORTHAND, grantModel, grantOperations } from './grants.ts'
import { TOKEN_FIELDS } from './tokens.ts'

/** What opens a door until it expires. */
export const accessTokens = resource({
  name: 'access_tokens',
  names: { singular: 'accessToken', plural: 'accessTokens', state: 'accessToken', noun: 'an access token' },
  component: 'TokenModel',
  django: grantModel('AccessToken', 'Access Token'),
  fields: TOKEN_FIELDS,
  filterOrder: GRANT_FILTERS,
  count: 12,
  loadSeed: async () => (await import('../seeds.ts')).seedAccessToken,
  shorthand: GRANT_SHORTHAND,
})

/** What can be done with access tokens. */
export const operations = grantOperations(accessTokens, '/oauth2/access_tokens/')
