/** What authorization codes, access tokens and refresh tokens have in common: someone, at a provider, for a time. */
import type { Instant } from '../core/clock.ts'
import { findById } from '../core/dispatch.ts'
import { LIST_QUERY, operation, type Context, type Operation } from '../core/operation.ts'
import { paginated, parseOrdering, toPage, type Ordering } from '../core/page.ts'
import { notFound, permissionDenied } from '../core/problem.ts'
import { lastOf } from '../core/python.ts'
import type { Extract } from '../core/ordered.ts'
import type { Resource } from '../core/resource.ts'
import { boolean, dateTime, described, integer, list, nullable, optional, readOnly, text, type Schema } from '../core/schema.ts'
import type { World } from '../core/world.ts'
import { defaulted } from './model.ts'
import { OAuth2Provider, oauth2Providers, toOAuth2Provider } from './oauth2-providers.ts'
import { USED_BY_VIEW, UsedBy } from './used-by.ts'
import { toUser, User, users } from './users.ts'

// ---- as documented

/** The keys with which every grant is answered (FACTS 2.1). */
export const GRANT_KEYS = {
  pk: readOnly(integer()),
  provider: OAuth2Provider,
  user: User,
  is_expired: described(readOnly(boolean()), 'Whether `expires` has passed.'),
  expires: optional(nullable(dateTime())),
  scope: list(text()),
}

// ---- as kept

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

export interface Grant extends Expirable {
  pk: number
  user: number
  provider: number
  scope: string
}

/** What expires: never when `expiring` is false, whatever `expires` says. */
export interface Expirable {
  expires: Instant | null
  expiring: boolean
}

/** Whether its time is over by the world's clock (FACTS 2.1). */
export const isExpired = ({ expires, expiring }: Expirable, { clock }: World) => expiring && expires !== null && clock.hasPassed(expires)

// ---- as answered

/** What every grant is answered with. */
export function toGrant(row: Grant, { world, query, voice }: Context) {
  const withGroups = (lastOf(query, 'include_groups') ?? 'true').toLowerCase() === 'true'
  return {
    pk: row.pk,
    provider: voice.say('OAuth2Provider', toOAuth2Provider(world.rows(oauth2Providers).get(row.provider)!, world)),
    user: toUser(world.rows(users).get(row.user)!, world, withGroups),
    is_expired: isExpired(row, world),
    expires: row.expires,
    scope: row.scope.split(' ').filter(Boolean),
  }
}

interface Family<Row extends Grant> {
  resource: Resource<Row>
  /** The component that one of them is answered as, and its name. */
  component: Schema
  componentName: string
  /** authentik's names for one: in words, as a class, as a model. */
  words: string
  className: string
  model: string
  /** What the documentation calls one beside the path's `id`. */
  noun: string
  /** Fields that a list can be ordered by beside those of every grant. */
  orderings?: Record<string, Extract<Row>>
  show(row: Row, context: Context): object
}

const ORDERINGS: Record<string, Extract<Grant>> = {
  pk: (row) => row.pk,
  provider: (row) => row.provider,
  user: (row) => row.user,
  // Without the Z a whole second stands before its fractions.
  expires: (row) => row.expires && row.expires.slice(0, -1),
}
const BY_DEFAULT: Ordering = [
  ['provider', false],
  ['expires', false],
]

/** The operations that all three have alike: list, retrieve, destroy, used_by (FACTS 1). */
export function grantOperations<Row extends Grant>({ resource, component, componentName, words, className, model, noun, orderings, show }: Family<Row>): Operation[] {
  const values: Record<string, Extract<Row>> = { ...ORDERINGS, ...orderings }
  const path = `/oauth2/${resource.name}/`
  const description = `${className} Viewset`
  const instance = { path: `${path}{id}/`, name: `${words} Instance`, description, model }
  const one = { tag: 'oauth2', view: instance, parameters: { id: { schema: integer(), description: `The pk of ${noun}.` } }, filters: GRANT_REFERENCES }

  /** What a caller sees: a superuser all, anyone else their own; no permission widens that (FACTS 1.1). */
  function find(context: Context): Row {
    const { caller, filters } = context
    const row = findById(context, resource)
    const wanted = row && (caller.superuser || row.user === caller.user) && Object.entries(filters).every(([field, key]) => row[field as keyof Row] === key)
    if (!wanted) throw notFound()
    return row
  }

  return [
    operation({
      id: `oauth2_${resource.name}_list`,
      method: 'GET',
      view: { path, name: `${words} List`, description, model },
      tag: 'oauth2',
      summary: `A page of those that the caller may see: a superuser all, anyone else their own.`,
      parameters: {},
      query: LIST_QUERY,
      filters: GRANT_REFERENCES,
      responses: { 200: paginated(componentName, component) },
      resolve(context) {
        const { world, caller, filters, query } = context
        const own = caller.superuser ? {} : { user: caller.user }
        if (filters.user !== undefined && !caller.superuser && filters.user !== caller.user) return toPage([], query, () => null)
        const order = parseOrdering(query, Object.keys(values), BY_DEFAULT).map(([by, down]) => ({ by, down, value: values[by]! }))
        return toPage(world.rows(resource).list({ where: { ...filters, ...own } as Partial<Row>, order }), query, (row) => show(row, context))
      },
    }),
    operation({
      ...one,
      id: `oauth2_${resource.name}_retrieve`,
      method: 'GET',
      summary: `One of them, with the provider that it was issued for and the user that it stands for.`,
      responses: { 200: component },
      resolve: (context) => show(find(context), context),
    }),
    operation({
      ...one,
      id: `oauth2_${resource.name}_destroy`,
      method: 'DELETE',
      summary: `Takes ${noun} back.`,
      responses: { 204: null },
      resolve(context) {
        const { pk } = find(context)
        if (!context.caller.may(`delete_${model}`)) throw permissionDenied()
        context.world.rows(resource).delete(pk)
      },
    }),
    operation({
      ...one,
      id: `oauth2_${resource.name}_used_by_list`,
      method: 'GET',
      view: { ...USED_BY_VIEW, path: `${path}{id}/used_by/`, model },
      filters: {},
      summary: `What uses ${noun}: never anything.`,
      responses: { 200: list(UsedBy) },
      resolve(context) {
        if (!context.caller.may(`view_${model}`)) throw permissionDenied()
        find(context)
        return []
      },
    }),
  ]
}
