/** What authorization codes, access tokens and refresh tokens have in common: someone, at a provider, for a time. */
import * as z from 'zod/mini'
import { computed, field, hidden, type Fields } from '../../rest/field.ts'
import { pointing } from '../../rest/filters.ts'
import type { Context } from '../../rest/operation.ts'
import type { ResourceNames, RestResource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { whereOwn } from '../../rest/viewset.ts'
import { boolean, dateTime, integer, list, nullable, optional, text, zodSchema } from '../../schema/words.ts'
import type { Instant } from '../../store/clock.ts'
import { quote } from '../../schema/json.ts'
import { FormError } from '../../store/form.ts'
import type { DjangoModel, FileRow, Shorthand, Writing } from '../../store/resource.ts'
import type { World } from '../../store/world.ts'
import { oauth2Providers } from './oauth2-providers.ts'
import { users } from './users.ts'

/** What expires: never when `expiring` is false, whatever `expires` says. */
export interface Expirable {
  expires: Instant | null
  expiring: boolean
}

/** What every grant has. */
interface Grant extends Expirable {
  pk: number
  user: number
  provider: number
  scope: string
}

/** Whether its time is over by the world's clock. */
export const isExpired = ({ expires, expiring }: Expirable, { clock }: World) => expiring && clock.hasPassed(expires)

/** The scopes of a text, which separates them by spaces (RFC 6749, section 3.3). */
export const splitScope = (scope: string): string[] => scope.split(' ').filter(Boolean)

/** The fields of every grant, in documented order. */
export const GRANT_FIELDS = {
  pk: field(integer(), { readOnly: true, order: true }),
  provider: field(integer(), {
    references: 'providers',
    response: oauth2Providers.component,
    getter: (row: Grant, { world }: Context) => world.table(oauth2Providers).require(row.provider),
    filter: pointing,
    order: true,
  }),
  user: field(integer(), {
    references: 'users',
    response: users.component,
    getter: (row: Grant, { world }: Context) => world.table(users).require(row.user),
    filter: pointing,
    order: true,
  }),
  is_expired: computed(boolean(), (row, { world }) => isExpired(row, world), {
    description: 'Whether `expires` has passed.',
  }),
  expires: field(nullable(dateTime()), { default: null, order: true }),
  /** A row has them in one text, separated by spaces. */
  scope: field(list(text()), {
    stored: zodSchema(() =>
      z.union([
        text().zod,
        z.pipe(
          list(text()).zod,
          z.transform((scopes) => scopes.join(' ')),
        ),
      ]),
    ),
    default: '',
    required: true,
    getter: ({ scope }: Grant) => splitScope(scope),
  }),
  expiring: hidden(boolean(), { default: true }),
  auth_time: hidden(nullable(dateTime()), { default: null }),
  /** The session that it came from. */
  session: hidden(optional(text()), {}),
}

/** The filters of every grant, in the order in which what is wrong with them is said. */
export const GRANT_FILTERS = ['user', 'provider']

/** How a world may write a grant in short: of an application, whose provider gave it. */
export const GRANT_SHORTHAND = {
  words: {
    application(name: unknown, row: FileRow, { get, keyOf }: Writing) {
      const { provider: assigned } = get('applications', keyOf('applications', name)) ?? {}
      const provider = keyOf('providers', assigned)
      if (row['provider'] !== undefined && keyOf('providers', row['provider']) !== provider)
        throw new FormError(`${quote(name)} has another provider than ${quote(row['provider'])}. Give one of them`)
      if (typeof provider === 'number') return { provider }
      throw new FormError(`${quote(name)} is no application with a provider. Give one, or a provider`)
    },
  },
  defaults: () => ({ scope: 'openid' }),
} satisfies Shorthand

/** authentik's names for a kind of grant. @param words what it calls one: `Access Token` */
export const grantModel = (className: string, words: string): DjangoModel<Grant> => ({
  app: 'authentik_providers_oauth2',
  className,
  label: ({ provider, user }) => `${words} for ${provider} for user ${user}`,
})

/** The operations that all three have alike: a superuser sees all, anyone else their own. */
export const grantOperations = <F extends Fields, const Path extends string>(
  resource: RestResource<F, string, ResourceNames>,
  path: Path,
) =>
  viewsetOperations(resource, {
    path,
    actions: ['list', 'retrieve', 'destroy', 'used_by'],
    sees: whereOwn,
    ordering: ['provider', 'expires'],
  }).operations
