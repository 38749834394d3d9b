/** What access tokens and refresh tokens have in common, beyond what every grant has. */
import { field, hidden, type RowOfFields } from '../../rest/field.ts'
import { toAscii } from '../../rest/python.ts'
import { anyObject, boolean, text } from '../../schema/words.ts'
import { DAY, EPOCH, toInstant } from '../../store/clock.ts'
import type { Seeding } from '../../store/resource.ts'
import { GRANT_FIELDS } from './grants.ts'
import { managedClaimsOf, subjectOf } from './id-token.ts'
import { oauth2Providers } from './oauth2-providers.ts'
import { users } from './users.ts'

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

/** Seeds tokens. @param scopes those of the tokens, in turn */
export const seedToken =
  (scopes: readonly string[]) =>
  ({ number, random, world }: Seeding): Partial<Token> => {
    const user = world.table(users).require(1 + Math.floor(random.next() * 6))
    const provider = world.table(oauth2Providers).require(1 + Math.floor(random.next() * 3))
    const scope = scopes[number % scopes.length] ?? ''
    const issued = EPOCH - Math.floor(random.next() * DAY)
    const microseconds = Math.floor(random.next() * 1000)
    const isPast = number % 4 === 0
    const key = random.key(64)
    const lasting = () => Date.parse('2099-01-01T00:00:00Z') + Math.floor(random.next() * 365 * DAY)
    return {
      pk: number,
      user: user.pk,
      provider: provider.pk,
      token: key,
      expires: toInstant(isPast ? issued : lasting(), microseconds),
      scope,
      auth_time: toInstant(issued),
      revoked: number % 5 === 0,
      id_token: {
        sub: subjectOf(user, provider),
        aud: provider.client_id,
        exp: Math.floor(issued / 1000) + 3600,
        iat: Math.floor(issued / 1000),
        ...managedClaimsOf(user, scope.split(' '), world, true),
      },
    }
  }
