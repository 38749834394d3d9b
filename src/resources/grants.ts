/** What authorization codes, access tokens and refresh tokens have in common: someone, at a provider, for a time. */
import type { Instant } from '../core/clock.ts'
import type { Context } from '../core/operation.ts'
import { resource, type Resource } from '../core/resource.ts'
import { anyObject, boolean, dateTime, integer, nullable, text } from '../core/schema.ts'
import type { World } from '../core/world.ts'
import { defaulted, model, type RowOf } from './model.ts'
import { oauth2Providers } from './oauth2-providers.ts'
import { users } from './users.ts'

/** The fields that every grant has. */
export const GRANT = {
  pk: integer(),
  user: integer(),
  provider: integer(),
  expires: defaulted(nullable(dateTime()), null),
  expiring: defaulted(boolean(), true),
  /** Separated by spaces. */
  scope: defaulted(text(), ''),
  auth_time: defaulted(nullable(dateTime()), null),
}

/** The keys that a grant's fields hold. */
export const GRANT_REFERENCES = { user: users, provider: oauth2Providers }

const TokenRow = model({ ...GRANT, token: text(), revoked: defaulted(boolean(), false), id_token: defaulted(anyObject(), {}) })
export type Token = RowOf<typeof TokenRow>

/** The rows of access or of refresh tokens, which look alike. */
export const tokenResource = (name: string): Resource<Token> => resource<Token>({ name, key: 'pk', unique: ['token'], model: TokenRow, references: GRANT_REFERENCES })

/** What expires: never when `expiring` is false, whatever `expires` says. */
export interface Expirable {
  expires: Instant | null
  expiring: boolean
}

/** Whether its time is over by the world's clock (FACTS 2.1). */
export const isExpired = ({ expires, expiring }: Expirable, { clock }: World) => expiring && expires !== null && clock.hasPassed(expires)

/** What a caller sees of the grants: a superuser all, anyone else their own; no permission widens that (FACTS 1.1). */
export const isVisible = (row: { user: number; provider: number }, { caller, filters }: Context) =>
  (caller.superuser || row.user === caller.user) && Object.entries(filters).every(([field, key]) => row[field as 'user' | 'provider'] === key)
