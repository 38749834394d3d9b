/** Who is logged in where nobody is there to say it (docs/login.md). */
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

/** A user by their name, or by their address. */
export function findUser(identifier: string, world: World): User | undefined {
  const address = identifier.toLowerCase()
  const byAddress = () =>
    [...world.table(users).values()].find(({ email }) => email !== '' && email.toLowerCase() === address)
  return world.table(users).find('username', identifier) ?? byAddress()
}
