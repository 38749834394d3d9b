/** What authorization codes, access tokens and refresh tokens have in common: someone, at a provider, for a time. */
import type { Instant } from '../../store/clock.ts'
import { pointingAt } from '../../rest/filters.ts'
import { LIST_QUERY, operation, type Context, type Operation } from '../../rest/operation.ts'
import type { Extract } from '../../store/sorted-index.ts'
import { paginated, toPage, type Ordering } from '../../rest/pagination.ts'
import type { Django, Resource } from '../../store/resource.ts'
import {
  boolean,
  dateTime,
  described,
  integer,
  list,
  nullable,
  optional,
  readOnly,
  text,
  type Schema,
} from '../../schema/words.ts'
import { deleteRow, findRow, findUsed, idIn, listRows, type Viewset, whereOwn } from '../../rest/viewset.ts'
import type { World } from '../../store/world.ts'
import { defaulted } from './model.ts'
import { OAuth2Provider, oauth2Providers, toOAuth2Provider } from './oauth2-providers.ts'
import { USED_BY_VIEW, UsedBy, usedBy } from './used-by.ts'
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

/** @param words what authentik calls one: `Access Token` */
export const grantNames = (words: string): Django<Grant> => ({
  app: 'authentik_providers_oauth2',
  className: words === 'Authorization code' ? 'AuthorizationCode' : words.replace(' ', ''),
  model: words.toLowerCase().replace(' ', ''),
  words: (row) => `${words} for ${row.provider} for user ${row.user}`,
})

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
export const isExpired = ({ expires, expiring }: Expirable, { clock }: World) =>
  expiring && expires !== null && clock.hasPassed(expires)

// ---- as answered

/** What every grant is answered with. */
export function toGrant(row: Grant, context: Context) {
  const { world } = context
  return {
    pk: row.pk,
    provider: toOAuth2Provider(world.rows(oauth2Providers).get(row.provider)!, context),
    user: toUser(world.rows(users).get(row.user)!, context),
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
  /** authentik's names for one: in words, and as a class. */
  words: string
  className: string
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
export function grantOperations<Row extends Grant>({
  resource,
  component,
  componentName,
  words,
  className,
  noun,
  orderings,
  show,
}: Family<Row>): Operation[] {
  const path = `/oauth2/${resource.name}/`
  const description = `${className} Viewset`
  const { model } = resource.django!
  const filters = { user: pointingAt<Row>('user', users), provider: pointingAt<Row>('provider', oauth2Providers) }
  const set: Viewset<Row> = {
    resource,
    sees: whereOwn as Viewset<Row>['sees'],
    orderings: { ...ORDERINGS, ...orderings },
    byDefault: BY_DEFAULT,
  }
  const instance = { path: `${path}{id}/`, name: `${words} Instance`, description, model }
  const one = {
    tag: 'oauth2',
    view: instance,
    parameters: { id: { schema: integer(), description: `The pk of ${noun}.` } },
    filters,
  }
  const find = (context: Context) => findRow(context, set, idIn(context))

  return [
    operation({
      id: `oauth2_${resource.name}_list`,
      method: 'GET',
      view: { path, name: `${words} List`, description, model },
      tag: 'oauth2',
      summary: `A page of those that the caller may see: a superuser all, anyone else their own.`,
      parameters: {},
      query: LIST_QUERY,
      filters,
      responses: { 200: paginated(componentName, component) },
      resolve: (context) => toPage(listRows(context, set), context, (row) => show(row, context)),
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
      resolve: (context) => deleteRow(context, set, find(context)),
    }),
    operation({
      ...one,
      id: `oauth2_${resource.name}_used_by_list`,
      method: 'GET',
      view: { ...USED_BY_VIEW, path: `${path}{id}/used_by/`, model },
      filters: {},
      summary: `What uses ${noun}: never anything.`,
      responses: { 200: list(UsedBy) },
      resolve: (context) => usedBy(resource, findUsed(context, set, idIn(context)), context),
    }),
  ]
}
