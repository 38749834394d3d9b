/** Who is logged in where nobody is there to say it (docs/login.md). */
import { readKey } from '../../schema/json.ts'
import type { World } from '../../store/world.ts'
import { sessionOf } from '../auth/sessions.ts'
import type { OAuthContext } from '../oidc/endpoint.ts'
import { logOnce } from '../oidc/log-once.ts'
import { users, type User } from '../resources/users.ts'

/** Whoever is logged in without a page; undefined where there is a page. @param hint a name or an address, of a client */
export function autoUserOf(context: OAuthContext, hint?: string): User | undefined {
  const { autoLogin, world, call } = context
  if (autoLogin === undefined) return undefined
  const hinted = hint === undefined ? undefined : findUser(hint, world)
  const session = sessionOf(call, world)
  const user =
    hinted ?? (session && world.table(users).get(session.user)) ?? world.table(users).find('username', autoLogin)
  if (user && !user.is_active)
    logOnce(
      `login ${user.username}`,
      `A page asks who logs in: ${user.username} is inactive. Make them active.`,
      context,
    )
  return whereActive(user)
}

/** A user, unless they were deactivated. */
export const whereActive = (user: User | undefined): User | undefined => (user?.is_active ? user : undefined)

/** By what a user is named, and whether letters have to be of the case in which they are kept. */
interface Naming {
  fields?: readonly unknown[]
  isExact?: boolean
}

/** A user by what names them: their name or their address, in letters of either case. */
export function findUser(
  identifier: string,
  world: World,
  { fields = ['email', 'username'], isExact = false }: Naming = {},
): User | undefined {
  const table = world.table(users)
  const exact = fields.includes('username') ? table.find('username', identifier) : undefined
  if (exact) return exact
  const toKey = (value: unknown) => (typeof value === 'string' && !isExact ? value.toLowerCase() : value)
  const sought = toKey(identifier)
  const namesOf = ({ username, email, attributes }: User) => ({ username, email, upn: readKey(attributes, 'upn') })
  const isMeant = (user: User) => fields.some((field) => toKey(readKey(namesOf(user), String(field))) === sought)
  return sought === '' ? undefined : [...table.values()].find(isMeant)
}
