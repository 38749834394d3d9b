/** Who is asking, read from the Authorization header (FACTS 1.4). */
import type { Call } from '../core/call.ts'
import type { Caller } from '../core/operation.ts'
import { credentialsRefused, schemeUnsupported } from '../core/problem.ts'
import type { World } from '../core/world.ts'
import { accessTokens } from './access-tokens.ts'
import { apiTokens } from './api-tokens.ts'
import { isExpired } from './grants.ts'
import { isSuperuser, users, type User } from './users.ts'

const NOBODY: Caller = { user: undefined, superuser: false, may: () => false }

/** @throws Problem 403 for credentials that are there but no good */
export function authenticate(call: Call, world: World): Caller {
  const header = call.header('authorization')?.trim() ?? ''
  const space = header.indexOf(' ')
  if (space < 0) return NOBODY
  if (header.slice(0, space).toLowerCase() !== 'bearer') throw schemeUnsupported()
  const user = userOf(header.slice(space + 1), world)
  if (!user?.is_active) throw credentialsRefused()
  const superuser = isSuperuser(user, world)
  return { user: user.pk, superuser, may: (permission) => superuser || (world.permissions[user.username] ?? []).includes(permission) }
}

function userOf(key: string, world: World): User | undefined {
  const token = world.rows(apiTokens).find('key', key)
  if (token?.intent === 'api' && !isExpired(token, world)) return world.rows(users).get(token.user)
  const access = world.rows(accessTokens).find('token', key)
  if (access?.scope.split(' ').includes('goauthentik.io/api') && !isExpired(access, world)) return world.rows(users).get(access.user)
  if (key === world.secretKey && key !== '') return [...world.rows(users).all()].find((one) => one.type === 'internal_service_account')
  return undefined
}
