/** Who is asking, read from the Authorization header or a session's cookie (FACTS 1.4). */
import type { Call } from '../../http/message.ts'
import type { Caller } from '../../rest/operation.ts'
import { credentialsRefused, schemeUnsupported } from '../../rest/errors.ts'
import type { Behaviour } from '../../rest/behaviour.ts'
import type { Resource } from '../../store/resource.ts'
import type { World } from '../../store/world.ts'
import { accessTokens } from '../resources/access-tokens.ts'
import { apiTokens } from '../resources/api-tokens.ts'
import { isExpired, type Expirable } from '../resources/grants.ts'
import { checkCsrf, sessionOf } from './sessions.ts'
import { isSuperuser, users, type User } from '../resources/users.ts'

const NOBODY: Caller = { user: undefined, superuser: false, internal: false, may: () => false }

/** @throws Problem 403 for credentials that are there but no good */
export function authenticate(call: Call, world: World, { refusesSchemes }: Behaviour): Caller {
  const header = call.header('authorization')?.trim() ?? ''
  const space = header.indexOf(' ')
  if (space < 0) return fromSession(call, world)
  if (header.slice(0, space).toLowerCase() !== 'bearer') {
    if (refusesSchemes) throw schemeUnsupported()
    return fromSession(call, world)
  }
  const user = fromKey(header.slice(space + 1), world)
  if (!user?.is_active) throw credentialsRefused()
  return toCaller(user, world)
}

function toCaller(user: User, world: World): Caller {
  const superuser = isSuperuser(user, world)
  return {
    user: user.pk,
    superuser,
    internal: user.type === 'internal_service_account',
    may: (permission) =>
      superuser ||
      (Object.hasOwn(world.permissions, user.username) && world.permissions[user.username]!.includes(permission)),
  }
}

function fromSession(call: Call, world: World): Caller {
  const session = sessionOf(call, world)
  const user = session && world.rows(users).get(session.user)
  if (!user?.is_active) return NOBODY
  checkCsrf(call)
  return toCaller(user, world)
}

function fromKey(key: string, world: World): User | undefined {
  const token = world.rows(apiTokens).find('key', key)
  if (token?.intent === 'api' && lasts(token, apiTokens, world)) return world.rows(users).get(token.user)
  const access = world.rows(accessTokens).find('token', key)
  if (access?.scope.split(' ').includes('goauthentik.io/api') && lasts(access, accessTokens, world))
    return world.rows(users).get(access.user)
  if (key === world.secretKey && key !== '')
    return [...world.rows(users).all()].find((one) => one.type === 'internal_service_account')
  return undefined
}

/** authentik deletes what it finds expired while it looks for credentials. */
function lasts<Row extends Expirable>(row: Row, of: Resource<Row>, world: World): boolean {
  const expired = isExpired(row, world)
  if (expired) void world.rows(of).delete(row[of.key] as never)
  return !expired
}
