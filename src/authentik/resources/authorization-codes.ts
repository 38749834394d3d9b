/** Authorization codes: what the authorize endpoint hands out and the token endpoint takes back (RFC 6749 4.1). */
import { hidden, type AnswerOfFields, type RowOfFields } from '../../rest/field.ts'
import { resource } from '../../rest/resource.ts'
import { nullable, text } from '../../schema/words.ts'
import { GRANT_FIELDS, GRANT_FILTERS, GRANT_SHORTHAND, grantModel, grantOperations } from './grants.ts'

const fields = {
  ...GRANT_FIELDS,
  code: hidden(text(), { unique: true, generate: (random) => random.hex(32) }),
  nonce: hidden(nullable(text()), { default: null }),
  code_challenge: hidden(nullable(text()), { default: null }),
  code_challenge_method: hidden(nullable(text()), { default: null }),
}
/** A row of authorization codes. */
export type AuthorizationCode = RowOfFields<typeof fields>
/** What the API answers for one code, which never includes the code itself. */
export type AuthorizationCodeAnswer = AnswerOfFields<typeof fields>

/** What the authorize endpoint hands out. */
export const authorizationCodes = resource({
  name: 'authorization_codes',
  names: {
    singular: 'authorizationCode',
    plural: 'authorizationCodes',
    state: 'authorizationCode',
    noun: 'an authorization code',
  },
  component: 'ExpiringBaseGrantModel',
  django: grantModel('AuthorizationCode', 'Authorization code'),
  fields,
  filterOrder: GRANT_FILTERS,
  count: ({ codes }) => codes,
  loadSeed: async () => (await import('../seeds.ts')).seedCode,
  shorthand: GRANT_SHORTHAND,
})

/** What can be done with authorization codes. */
export const operations = grantOperations(authorizationCodes, '/oauth2/authorization_codes/')
