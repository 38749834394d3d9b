/** What access tokens and refresh tokens have in common, beyond what every grant has. */
import { field, hidden, type RowOfFields } from '../../rest/field.ts'
import { toAscii } from '../../rest/python.ts'
import { anyObject, boolean, text } from '../../schema/words.ts'
import { GRANT_FIELDS } from './grants.ts'

const { expiring, auth_time, session, ...shownFields } = GRANT_FIELDS

/** The fields of a token, which an answer shows without the token itself. */
export const TOKEN_FIELDS = {
  ...shownFields,
  id_token: field(text(), {
    stored: anyObject(),
    readOnly: true,
    default: {},
    description: 'The claims of the ID token, as the text of a JSON object.',
    getter: toIdToken,
  }),
  revoked: field(boolean(), { default: false, order: true }),
  token: hidden(text(), { unique: true, generate: (random) => random.key(64) }),
  expiring,
  auth_time,
  session,
}
/** A row of access tokens, or of refresh tokens. */
export type Token = RowOfFields<typeof TOKEN_FIELDS>

/** Indented by four, in ASCII, as Python writes it; a token without claims still says how its user was authenticated. */
function toIdToken({ id_token }: { id_token: Record<string, unknown> }): string {
  const claims = Object.keys(id_token).length ? id_token : { acr: 'goauthentik.io/providers/oauth2/default' }
  return toAscii(JSON.stringify(claims, null, 4))
}
