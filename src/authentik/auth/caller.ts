/** Who is asking, read from the Authorization header or a session's cookie (docs/authentik.md#authentication). */
import type { Call } from '../../http/message.ts'
import type { Behaviour } from '../../rest/behaviour.ts'
import { credentialsRefused, schemeUnsupported } from '../../rest/errors.ts'
import type { Caller } from '../../rest/operation.ts'
import { keyOf, type Resource } from '../../store/resource.ts'
import type { World } from '../../store/world.ts'
import { accessTokens } from '../resources/access-tokens.ts'
import { apiTokens } from '../resources/api-tokens.ts'
import { permissionsOf } from '../resources/assigned-permissions.ts'
import { isExpired, type Expirable } from '../resources/grants.ts'
import { isSuperuser, users, type User } from '../resources/users.ts'
import { checkCsrf } from './csrf.ts'
import { sessionOf } from './sessions.ts'

const NOBODY: Caller = {
  user: undefined,
  superuser: false,
  internal: false,
  may: () => false,
  objects: () => new Set(),
}

/** Finds out who is asking. @throws Problem 403 for credentials that are there but no good */
export function authenticate(call: Call, world: World, { authRefusesOtherSchemes }: Behaviour): Caller {
  const header = call.header('authorization')?.trim() ?? ''
  const space = header.indexOf(' ')
  if (space < 0) return callerOfSession(call, world)
  if (header.slice(0, space).toLowerCase() !== 'bearer') {
    if (authRefusesOtherSchemes) throw schemeUnsupported()
    return callerOfSession(call, world)
  }
  const user = userOfKey(header.slice(space + 1), world)
  if (!user?.is_active) throw credentialsRefused()
  return callerOf(user, world)
}

/** Callers of a world by their user, for as long as no row changes. */
interface Callers {
  changes: number
  byUser: Map<User, Caller>
}

const callersByWorld = new WeakMap<World, Callers>()

/** The caller that a user is: found out once, because it follows from groups above groups. */
export function callerOf(user: User, world: World): Caller {
  let callers = callersByWorld.get(world)
  if (callers?.changes !== world.changes) {
    callers = { changes: world.changes, byUser: new Map() }
    callersByWorld.set(world, callers)
  }
  const caller = callers.byUser.get(user) ?? toCaller(user, world)
  callers.byUser.set(user, caller)
  return caller
}

const NO_OBJECTS: ReadonlySet<string> = new Set()

function toCaller(user: User, world: World): Caller {
  const superuser = isSuperuser(user, world)
  const { everywhere, objects } = permissionsOf(user, world)
  const objectsOf = (permission: string) => objects.get(permission) ?? NO_OBJECTS
  return {
    user: user.pk,
    superuser,
    internal: user.type === 'internal_service_account',
    may: (permission, object) =>
      superuser || everywhere.has(permission) || (object !== undefined && objectsOf(permission).has(String(object))),
    objects: objectsOf,
  }
}

function callerOfSession(call: Call, world: World): Caller {
  const session = sessionOf(call, world)
  const user = session && world.table(users).get(session.impersonated ?? session.user)
  // authentik takes whom somebody acts as for active, so that they can end it.
  if (!user || (!user.is_active && session.impersonated === null)) return NOBODY
  checkCsrf(call)
  return callerOf(user, world)
}

/** Whether an access token is for the API, and not for the endpoints of OAuth alone. */
export const isForApi = ({ scope }: { scope: string }): boolean => scope.split(' ').includes('goauthentik.io/api')

/** The user that a key stands for: that of an API token, of an access token, or authentik's own secret. */
function userOfKey(key: string, world: World): User | undefined {
  const token = world.table(apiTokens).find('key', key)
  if (token?.intent === 'api' && !deleteIfExpired(token, apiTokens, world)) return world.table(users).get(token.user)
  const access = world.table(accessTokens).find('token', key)
  if (access && isForApi(access) && !deleteIfExpired(access, accessTokens, world))
    return world.table(users).get(access.user)
  if (key !== world.secretKey || key === '') return undefined
  return [...world.table(users).values()].find(({ type }) => type === 'internal_service_account')
}

/** authentik deletes what it finds expired while it looks for credentials. @returns whether it was expired */
function deleteIfExpired<Row extends Expirable>(row: Row, resource: Resource<Row>, world: World): boolean {
  const expired = isExpired(row, world)
  if (expired) void world.table(resource).delete(keyOf(resource, row))
  return expired
}
