/** Sessions of logged-in users, which a browser shows by cookie. */
import { cookieOf } from '../../http/cookies.ts'
import { computed, field, hidden, type RowOfFields } from '../../rest/field.ts'
import { exactly, filterBy } from '../../rest/filters.ts'
import { operation, type Context } from '../../rest/operation.ts'
import { toUuid } from '../../rest/python.ts'
import { resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import {
  anyObject,
  boolean,
  component,
  dateTime,
  integer,
  list,
  nullable,
  number,
  objectOf,
  readOnly,
  text,
  uuid,
  type Schema,
} from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import type { Random } from '../../store/random.ts'
import type { RowSource } from '../../store/resource.ts'
import { behaviourOf } from '../behaviour.ts'
import { isShownByPermission, whereOwnedOr, whereUsedOr } from './owned.ts'

/** The name of the cookie. */
export const SESSION_COOKIE = 'authentik_session'

/** A key that no session has. */
export const newSessionKey = (random: Random): string => random.key(32).toLowerCase()

/** What a browser says of itself. @param inner what its parts are */
export const userAgentOf = (inner: () => Schema = text) =>
  readOnly(
    objectOf({
      device: objectOf({ brand: inner(), family: text(), model: inner() }),
      os: objectOf({ family: text(), major: inner(), minor: inner(), patch: inner(), patch_minor: inner() }),
      user_agent: objectOf({ family: text(), major: text(), minor: text(), patch: text() }),
      string: text(),
    }),
  )
const double = () => number({ format: 'double' })
/** Where an address is. @param part what its parts are */
export const geoIp = (part: (schema: Schema) => Schema = (schema) => schema) =>
  objectOf({
    continent: part(text()),
    country: part(text()),
    lat: part(double()),
    long: part(double()),
    city: text(),
  })
/** To whose network an address belongs. @param part what its number is */
export const asn = (part: (schema: Schema) => Schema = (schema) => schema) =>
  objectOf({ asn: part(integer()), as_org: nullable(text()), network: nullable(text()) })

const fields = once(() => ({
  uuid: field(uuid(), { isOptional: true }),
  current: computed(boolean(), ({ session_key }, { call }) => cookieOf(call, SESSION_COOKIE) === session_key),
  user_agent: field(userAgentOf(), {
    readOnly: true,
    stored: nullable(anyObject()),
    default: null,
    getter: (row, context) => browserOf(row, context),
  }),
  geo_ip: field(nullable(geoIp()), { readOnly: true, stored: nullable(anyObject()), default: null }),
  asn: field(nullable(asn()), { readOnly: true, stored: nullable(anyObject()), default: null }),
  user: field(integer(), { references: 'users', order: true }),
  last_ip: field(text(), { default: '127.0.0.1', required: true, filter: exactly, search: true, order: true }),
  last_user_agent: field(text(), { default: '', filter: exactly, search: true, order: true }),
  last_used: field(dateTime(), {
    readOnly: true,
    stored: nullable(dateTime()),
    default: null,
    order: true,
    getter: (row) => lastUse(row),
  }),
  expires: field(nullable(dateTime()), { default: null, order: true }),
  session_key: hidden(text({ maxLength: 40 }), { unique: true, generate: newSessionKey }),
  /** When its user logged in. */
  auth_time: hidden(nullable(dateTime()), { default: null }),
  /** Whether its cookie outlives the browser. */
  remembered: hidden(boolean(), { default: false }),
  /** The user as whom its own user acts. */
  impersonated: hidden(nullable(integer()), { references: 'users', default: null }),
}))
/** A row of sessions. */
export type AuthenticatedSession = RowOfFields<ReturnType<typeof fields>>

/** Sessions of logged-in users. */
export const authenticatedSessions = resource({
  name: 'authenticated_sessions',
  noun: 'a session',
  component: 'AuthenticatedSession',
  key: 'uuid',
  django: {
    app: 'authentik_core',
    className: 'AuthenticatedSession',
    keyIn: (row, { release }: Context) => (behaviourOf({ release }).sessionsAreNamedByKey ? row.session_key : row.uuid),
    label: ({ session_key }) => `Authenticated Session ${session_key.slice(0, 10)}`,
  },
  fields,
  filters: { user__username: filterBy(exactly, usernameOf) },
  joinedOrderings: { user__username: usernameOf },
  alsoSearched: (row, source) => [usernameOf(row, source)],
  joins: ['session_keys'],
})

function usernameOf({ user }: Pick<AuthenticatedSession, 'user'>, source: RowSource): string {
  return source.tableNamed<{ username: string }>('users').require(user).username
}

const UNKNOWN = { family: 'Other', major: null, minor: null, patch: null }
/** A browser that says nothing of itself. */
const UNKNOWN_BROWSER = {
  string: '',
  user_agent: UNKNOWN,
  os: { ...UNKNOWN, patch_minor: null },
  device: { family: 'Other', brand: null, model: null },
}

/** A value in which what is null is an empty text. */
const withoutNulls = (value: unknown): unknown => JSON.parse(JSON.stringify(value), (_, item: unknown) => item ?? '')

/** What a session was last used by; documents know no part that a browser does not say. */
function browserOf({ user_agent, last_user_agent }: AuthenticatedSession, { serializer }: Context) {
  const browser = { ...UNKNOWN_BROWSER, string: last_user_agent, ...user_agent }
  return serializer.has('user-agent-null') ? browser : withoutNulls(browser)
}

const lastUse = ({ last_used, auth_time, expires }: AuthenticatedSession) => last_used ?? auth_time ?? expires

const Deleted = once(() => component('BulkDeleteSessionResponse', { deleted: integer() }))

/** What can be done with sessions. */
export const operations = [
  ...viewsetOperations(authenticatedSessions, {
    path: '/core/authenticated_sessions/',
    actions: ['list', 'retrieve', 'destroy', 'used_by'],
    sees: whereOwnedOr(isShownByPermission),
    usedBySees: whereUsedOr(isShownByPermission),
    owner: 'user',
    open: 'owners',
    ordering: ['user__username'],
    orders: (name, context) => !behaviourOf(context).sessionsAreNamedByKey || !/^(last_|expires)/.test(name),
    lookup: { parameter: 'uuid', schema: uuid(), read: toUuid },
  }).operations,
  operation({
    id: 'core_authenticated_sessions_bulk_delete_destroy',
    method: 'DELETE',
    lines: '2026.2-',
    tag: 'core',
    parameters: {},
    view: {
      path: '/core/authenticated_sessions/bulk_delete/',
      name: 'Bulk delete',
      description: 'Bulk revoke all sessions for multiple users',
      open: 'users',
    },
    summary: 'Deletes the sessions of several users.',
    query: { user_pks: { schema: list(integer()), isRequired: true, isBareList: true } },
    get responses() {
      return { 200: Deleted() }
    },
    resolve: async (context) => (await import('../answers/users.ts')).deleteSessions(context),
  }),
]
