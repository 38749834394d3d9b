/** API tokens: keys that stand for a user, each for one intent. */
import { EPOCH, toInstant } from '../core/clock.ts'
import { resource } from '../core/resource.ts'
import { boolean, choice, dateTime, integer, nullable, text } from '../core/schema.ts'
import { defaulted, model, type RowOf } from './model.ts'
import { users } from './users.ts'

const IntentEnum = choice('IntentEnum', ['verification', 'api', 'recovery', 'app_password'])

const Row = model({
  identifier: text({ maxLength: 255 }),
  key: text(),
  intent: defaulted(IntentEnum, 'verification'),
  user: integer(),
  expiring: defaulted(boolean(), true),
  expires: defaulted(nullable(dateTime()), null),
})
export type ApiToken = RowOf<typeof Row>

export const apiTokens = resource<ApiToken>({
  name: 'api_tokens',
  key: 'identifier',
  unique: ['key'],
  model: Row,
  references: { user: users },
  count: () => SEEDED.length,
  seed({ number, dice }) {
    const token = SEEDED[number - 1]!
    return { key: dice.key(60), expiring: token.expires !== null, ...token }
  },
})

const SEEDED: Pick<ApiToken, 'identifier' | 'intent' | 'user' | 'expires'>[] = [
  { identifier: 'authentik-bootstrap-token', intent: 'api', user: 1, expires: null },
  { identifier: 'user-api', intent: 'api', user: 2, expires: null },
  { identifier: 'stranger-api', intent: 'api', user: 3, expires: null },
  { identifier: 'service-api', intent: 'api', user: 6, expires: null },
  { identifier: 'inactive-api', intent: 'api', user: 7, expires: null },
  { identifier: 'user-api-expired', intent: 'api', user: 2, expires: toInstant(EPOCH - 60_000) },
  { identifier: 'user-app-password', intent: 'app_password', user: 2, expires: null },
  { identifier: 'user-recovery', intent: 'recovery', user: 2, expires: null },
]
