/** Authorization codes: what the authorize endpoint hands out and the token endpoint takes back (RFC 6749 4.1). */
import { hidden, type AnswerOfFields, type RowOfFields } from '../../rest/field.ts'
import { resource } from '../../rest/resource.ts'
import { nullable, text } from '../../schema/words.ts'
import { DAY, EPOCH, toInstant } from '../../store/clock.ts'
import type { Seeding } from '../../store/resource.ts'
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
  seed: seedCode,
  shorthand: GRANT_SHORTHAND,
})

const KINDS = ['unlimited', 'lasting', 'expired', 'expiring'] as const
const CODE_USERS = [1, 2, 2, 3, 4, 5, 6] as const
const PROVIDERS = [1, 2, 3, 4] as const
const SCOPES = ['openid', 'openid email', 'openid email profile', 'openid profile offline_access'] as const

function seedCode({ number, random, began }: Seeding): Partial<AuthorizationCode> {
  const pick = <T>(choices: readonly [T, ...T[]]): T =>
    choices[Math.floor(random.next() * choices.length)] ?? choices[0]
  const fraction = random.next()
  const microseconds = Math.floor(random.next() * 1000)
  const expires = {
    lasting: toInstant(Date.parse('2099-01-01T00:00:00Z') + Math.floor(fraction * 365 * DAY), microseconds),
    expired: toInstant(EPOCH - Math.floor(fraction * 30 * DAY), microseconds),
    expiring: toInstant(began + 120_000 + Math.floor(fraction * 60_000), microseconds),
    unlimited: null,
  }
  const kind = number === 1 ? 'lasting' : (KINDS[number % KINDS.length] ?? 'lasting')
  return {
    pk: number,
    user: number === 1 ? 2 : pick(CODE_USERS),
    provider: number === 1 ? 1 : pick(PROVIDERS),
    code: random.hex(32),
    expires: expires[kind],
    expiring: kind !== 'unlimited',
    scope: number % 7 === 6 ? '' : pick(SCOPES),
    auth_time: toInstant(EPOCH - Math.floor(random.next() * DAY)),
    nonce: random.next() < 0.5 ? random.key(16) : null,
  }
}

/** What can be done with authorization codes. */
export const operations = grantOperations(authorizationCodes, '/oauth2/authorization_codes/')
