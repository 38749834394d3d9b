/** Authorization codes: what the authorize endpoint hands out and the token endpoint takes back (RFC 6749 4.1). */
import { DAY, EPOCH, toInstant } from '../../store/clock.ts'
import { resource } from '../../store/resource.ts'
import { component, nullable, text } from '../../schema/words.ts'
import { GRANT, GRANT_KEYS, GRANT_REFERENCES, grantNames, grantOperations, toGrant } from './grants.ts'
import { defaulted, model, type RowOf } from './model.ts'

// ---- as documented

/** An authorization code as the API shows it, which never includes the code itself (FACTS 2.1). */
export const ExpiringBaseGrantModel = component('ExpiringBaseGrantModel', GRANT_KEYS)
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
  django: grantNames('Authorization code'),
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

export const authorizationCodeOperations = grantOperations<AuthorizationCode>({
  resource: authorizationCodes,
  component: ExpiringBaseGrantModel,
  componentName: 'ExpiringBaseGrantModel',
  words: 'Authorization Code',
  className: 'AuthorizationCode',
  noun: 'an authorization code',
  show: toGrant,
})
