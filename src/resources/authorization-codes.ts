/** Authorization codes: what the authorize endpoint hands out and the token endpoint takes back (RFC 6749 4.1). */
import { DAY, EPOCH, toInstant } from '../core/clock.ts'
import { findById } from '../core/dispatch.ts'
import { operation, type Context, type View } from '../core/operation.ts'
import { notFound, permissionDenied } from '../core/problem.ts'
import { resource } from '../core/resource.ts'
import { boolean, component, dateTime, described, integer, list, nullable, optional, readOnly, text } from '../core/schema.ts'
import { GRANT, GRANT_REFERENCES, isExpired, isVisible } from './grants.ts'
import { defaulted, model, type RowOf } from './model.ts'
import { OAuth2Provider, oauth2Providers, toOAuth2Provider } from './oauth2-providers.ts'
import { toUser, User, users } from './users.ts'

// ---- as documented

/** An authorization code as the API shows it, which never includes the code itself (FACTS 2.1). */
export const ExpiringBaseGrantModel = component('ExpiringBaseGrantModel', {
  pk: readOnly(integer()),
  provider: OAuth2Provider,
  user: User,
  is_expired: described(readOnly(boolean()), 'Whether `expires` has passed.'),
  expires: optional(nullable(dateTime())),
  scope: list(text()),
})
/** What the API answers for one code. */
export type AuthorizationCodeAnswer = Required<RowOf<typeof ExpiringBaseGrantModel>>

// ---- as kept

const Row = model({
  ...GRANT,
  code: text(),
  nonce: defaulted(nullable(text()), null),
  code_challenge: defaulted(nullable(text()), null),
  code_challenge_method: defaulted(nullable(text()), null),
})
export type AuthorizationCode = RowOf<typeof Row>

export const authorizationCodes = resource<AuthorizationCode>({
  name: 'authorization_codes',
  key: 'pk',
  unique: ['code'],
  model: Row,
  references: GRANT_REFERENCES,
  count: ({ codes }) => codes,
  seed({ number, dice, began }) {
    const pick = <T>(from: readonly T[]) => from[Math.floor(dice.next() * from.length)]!
    const span = dice.next()
    const microseconds = Math.floor(dice.next() * 1000)
    const expires = {
      lasting: toInstant(Date.parse('2099-01-01T00:00:00Z') + Math.floor(span * 365 * DAY), microseconds),
      expired: toInstant(EPOCH - Math.floor(span * 30 * DAY), microseconds),
      expiring: toInstant(began + 120_000 + Math.floor(span * 60_000), microseconds),
      unlimited: null,
    }
    const kind = number === 1 ? 'lasting' : KINDS[number % KINDS.length]!
    return {
      pk: number,
      user: number === 1 ? 2 : pick(CODE_USERS),
      provider: number === 1 ? 1 : pick([1, 2, 3, 4]),
      code: dice.hex(32),
      expires: expires[kind],
      expiring: kind !== 'unlimited',
      scope: number % 7 === 6 ? '' : pick(SCOPES),
      auth_time: toInstant(EPOCH - Math.floor(dice.next() * DAY)),
      nonce: dice.next() < 0.5 ? dice.key(16) : null,
      code_challenge: null,
      code_challenge_method: null,
    }
  },
})

const KINDS = ['unlimited', 'lasting', 'expired', 'expiring'] as const
const CODE_USERS = [1, 2, 2, 3, 4, 5, 6] as const
const SCOPES = ['openid', 'openid email', 'openid email profile', 'openid profile offline_access'] as const

// ---- as answered

const instance: View = { path: '/oauth2/authorization_codes/{id}/', name: 'Authorization Code Instance', description: 'AuthorizationCode Viewset' }
const shared = {
  tag: 'oauth2',
  view: instance,
  parameters: { id: { schema: integer(), description: 'The pk of an authorization code.' } },
  filters: GRANT_REFERENCES,
}

export const authorizationCodeOperations = [
  operation({
    ...shared,
    id: 'oauth2_authorization_codes_retrieve',
    method: 'GET',
    summary: 'One authorization code, with the provider that it was issued for and the user that it stands for.',
    responses: { 200: ExpiringBaseGrantModel },
    resolve: (context) => toAuthorizationCode(find(context), context),
  }),
  operation({
    ...shared,
    id: 'oauth2_authorization_codes_destroy',
    method: 'DELETE',
    summary: 'Takes an authorization code back.',
    responses: { 204: null },
    resolve(context) {
      const { pk } = find(context)
      if (!context.caller.may('delete_authorizationcode')) throw permissionDenied()
      context.world.rows(authorizationCodes).delete(pk)
    },
  }),
]

function find(context: Context): AuthorizationCode {
  const row = findById(context, authorizationCodes)
  if (!row || !isVisible(row, context)) throw notFound()
  return row
}

function toAuthorizationCode(row: AuthorizationCode, { world, query }: Context) {
  const withGroups = (query.getAll('include_groups').at(-1) ?? 'true').toLowerCase() === 'true'
  return {
    pk: row.pk,
    provider: toOAuth2Provider(world.rows(oauth2Providers).get(row.provider)!, world),
    user: toUser(world.rows(users).get(row.user)!, world, withGroups),
    is_expired: isExpired(row, world),
    expires: row.expires,
    scope: row.scope.split(' ').filter(Boolean),
  }
}
