/** What access tokens and refresh tokens have in common, beyond what every grant has. */
import { DAY, EPOCH, toInstant } from '../../store/clock.ts'
import type { Context } from '../../rest/operation.ts'
import { resource, type Resource } from '../../store/resource.ts'
import { anyObject, boolean, component, described, optional, readOnly, text } from '../../schema/words.ts'
import { GRANT, GRANT_KEYS, GRANT_REFERENCES, grantNames, toGrant } from './grants.ts'
import { claimsOf, subjectOf } from './id-token.ts'
import { defaulted, model, type RowOf } from './model.ts'
import { oauth2Providers } from './oauth2-providers.ts'
import { users } from './users.ts'

/** A token as the API shows it, which never includes the token itself (FACTS 2.2). */
export const TokenModel = component('TokenModel', {
  ...GRANT_KEYS,
  id_token: described(readOnly(text()), 'The claims of the ID token, as the text of a JSON object.'),
  revoked: optional(boolean()),
})

const Row = model({
  ...GRANT,
  token: text(),
  revoked: defaulted(boolean(), false),
  id_token: defaulted(anyObject(), {}),
})
export type Token = RowOf<typeof Row>

/**
 * The rows of access or of refresh tokens.
 * @param words what authentik calls one
 * @param count how many a seeded world has
 * @param scopes those of its tokens, in turn
 */
export const tokenResource = (name: string, words: string, count: number, scopes: readonly string[]): Resource<Token> =>
  resource<Token>({
    name,
    key: 'pk',
    unique: ['token'],
    model: Row,
    references: GRANT_REFERENCES,
    django: grantNames(words),
    count: () => count,
    seed({ number, dice, known }) {
      const user = known.rows(users).get(1 + Math.floor(dice.next() * 6))!
      const provider = known.rows(oauth2Providers).get(1 + Math.floor(dice.next() * 3))!
      const scope = scopes[number % scopes.length]!
      const issued = EPOCH - Math.floor(dice.next() * DAY)
      const microseconds = Math.floor(dice.next() * 1000)
      const isExpired = number % 4 === 0
      return {
        pk: number,
        user: user.pk,
        provider: provider.pk,
        token: dice.key(64),
        expires: isExpired
          ? toInstant(issued, microseconds)
          : toInstant(Date.parse('2099-01-01T00:00:00Z') + Math.floor(dice.next() * 365 * DAY), microseconds),
        expiring: true,
        scope,
        auth_time: toInstant(issued),
        revoked: number % 5 === 0,
        id_token: {
          sub: subjectOf(user, provider),
          aud: provider.client_id,
          exp: Math.floor(issued / 1000) + 3600,
          iat: Math.floor(issued / 1000),
          ...claimsOf(user, scope.split(' '), known, true),
        },
      }
    },
  })

export const toToken = (row: Token, context: Context) => ({
  ...toGrant(row, context),
  id_token: toIdToken(row.id_token),
  revoked: row.revoked,
})

export const TOKEN_ORDERINGS = { revoked: (row: Token) => row.revoked }

/** Indented by four, in ASCII, as Python writes it; a token without claims still says how its user was authenticated. */
function toIdToken(claims: Record<string, unknown>): string {
  const said = Object.keys(claims).length ? claims : { acr: 'goauthentik.io/providers/oauth2/default' }
  return JSON.stringify(said, null, 4).replace(
    /[\u007f-\uffff]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
