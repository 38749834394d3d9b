/** What access tokens and refresh tokens have in common, beyond what every grant has. */
import type { Context } from '../core/operation.ts'
import { resource, type Resource } from '../core/resource.ts'
import { anyObject, boolean, component, described, optional, readOnly, text } from '../core/schema.ts'
import { GRANT, GRANT_KEYS, GRANT_REFERENCES, toGrant } from './grants.ts'
import { defaulted, model, type RowOf } from './model.ts'

/** A token as the API shows it, which never includes the token itself (FACTS 2.2). */
export const TokenModel = component('TokenModel', {
  ...GRANT_KEYS,
  id_token: described(readOnly(text()), 'The claims of the ID token, as the text of a JSON object.'),
  revoked: optional(boolean()),
})

const Row = model({ ...GRANT, token: text(), revoked: defaulted(boolean(), false), id_token: defaulted(anyObject(), {}) })
export type Token = RowOf<typeof Row>

/** The rows of access or of refresh tokens. */
export const tokenResource = (name: string): Resource<Token> => resource<Token>({ name, key: 'pk', unique: ['token'], model: Row, references: GRANT_REFERENCES })

export const toToken = (row: Token, context: Context) => ({ ...toGrant(row, context), id_token: toIdToken(row.id_token), revoked: row.revoked })

export const TOKEN_ORDERINGS = { revoked: (row: Token) => row.revoked }

/** Indented by four, in ASCII, as Python writes it; a token without claims still says how its user was authenticated. */
function toIdToken(claims: Record<string, unknown>): string {
  const said = Object.keys(claims).length ? claims : { acr: 'goauthentik.io/providers/oauth2/default' }
  return JSON.stringify(said, null, 4).replace(/[\u007f-\uffff]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
