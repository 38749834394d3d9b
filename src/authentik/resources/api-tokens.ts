/** API tokens: keys that stand for a user, each for one intent. */
import { EPOCH, toInstant } from '../../store/clock.ts'
import { createDice } from '../../store/random.ts'
import { at, exactly, flag, oneOf, type Filter } from '../../rest/filters.ts'
import { LIST_QUERY, operation, type Context } from '../../rest/operation.ts'
import { paginated, toPage } from '../../rest/pagination.ts'
import { resource } from '../../store/resource.ts'
import {
  boolean,
  choice,
  component,
  dateTime,
  described,
  integer,
  nullable,
  optional,
  readOnly,
  text,
  uuid,
} from '../../schema/words.ts'
import { listRows, whereOwn, type Viewset } from '../../rest/viewset.ts'
import { defaulted, model, type RowOf } from './model.ts'
import { toUser, User, users } from './users.ts'

const INTENTS = ['verification', 'api', 'recovery', 'app_password'] as const
export const IntentEnum = choice('IntentEnum', INTENTS)

// ---- as documented

const Token = component('Token', {
  pk: readOnly(uuid()),
  managed: described(optional(nullable(text())), 'Set when authentik looks after it itself.'),
  identifier: text({ maxLength: 255, pattern: '^[-a-zA-Z0-9_]+$' }),
  intent: optional(IntentEnum),
  user: optional(integer()),
  user_obj: readOnly(User),
  description: optional(text()),
  expires: optional(nullable(dateTime())),
  expiring: optional(boolean()),
})

// ---- as kept

const Row = model({
  pk: optional(uuid()),
  managed: defaulted(nullable(text()), null),
  description: defaulted(text(), ''),
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
    return { key: dice.key(60), expiring: token.expires !== null, managed: null, description: '', ...token }
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

// ---- as answered

function toToken(row: ApiToken, context: Context) {
  return {
    pk: pkOf(row),
    managed: row.managed,
    identifier: row.identifier,
    intent: row.intent,
    user: row.user,
    user_obj: toUser(context.world.rows(users).get(row.user)!, context),
    description: row.description,
    expires: row.expires,
    expiring: row.expiring,
  }
}

/** A world file need not say: then it follows from the identifier. */
function pkOf({ pk, identifier }: ApiToken): string {
  return pk ?? createDice('token', identifier).uuid()
}

/** In the order in which what is wrong with them is said. */
const filters: Record<string, Filter<ApiToken>> = {
  identifier: exactly((row) => row.identifier),
  intent: oneOf((row) => row.intent, INTENTS),
  user__username: {
    schema: text(),
    read: (given, known) => exactly<ApiToken>((row) => known.rows(users).get(row.user)!.username).read(given, known),
  },
  description: exactly((row) => row.description),
  expires: at((row) => row.expires),
  expiring: flag((row, wanted) => row.expiring === wanted),
  managed: exactly((row) => row.managed),
}

const set: Viewset<ApiToken> = {
  resource: apiTokens,
  sees: whereOwn,
  orderings: {
    pk: pkOf,
    managed: (row) => row.managed,
    identifier: (row) => row.identifier,
    intent: (row) => row.intent,
    user: (row) => row.user,
    description: (row) => row.description,
    expires: (row) => row.expires && row.expires.slice(0, -1),
    expiring: (row) => row.expiring,
  },
  byDefault: [
    ['identifier', false],
    ['expires', false],
  ],
  search: (row, known) => [row.identifier, row.intent, known.rows(users).get(row.user)!.username, row.description],
}

export const apiTokenOperations = [
  operation({
    id: 'core_tokens_list',
    method: 'GET',
    view: {
      path: '/core/tokens/',
      name: 'Token List',
      description: 'Token Viewset',
      model: 'token',
      open: 'users',
      missing: ['POST'],
    },
    tag: 'core',
    summary: 'A page of API tokens without their keys: a superuser sees all, anyone else their own.',
    parameters: {},
    filters,
    query: LIST_QUERY,
    responses: { 200: paginated('Token', Token) },
    resolve: (context) => toPage(listRows(context, set), context, (row) => toToken(row, context)),
  }),
]
