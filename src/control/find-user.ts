/** Finds the user whom a request names, or says who there is. */
import { quote } from '../schema/json.ts'
import { users, type User } from '../authentik/resources/users.ts'
import type { World } from '../store/world.ts'
import { nearestTo } from '../schema/nearest.ts'

/** A user by their pk or their name. */
export function findUser(user: unknown, world: World): User | undefined {
  const table = world.table(users)
  if (typeof user === 'number') return table.get(user)
  return typeof user === 'string' ? table.find('username', user) : undefined
}

/** How many names a message has room for. */
const MAX_NAMES = 20

/** What is said of a user who is not there. */
export function noUser(user: unknown, world: World): string {
  const names = [...world.table(users).values()].map(({ username }) => username)
  const nearest = typeof user === 'string' && names.length > 1 ? `; the nearest is ${nearestTo(user, names)}` : ''
  const text = names.slice(0, MAX_NAMES).join(', ')
  return `user: there is no user ${quote(user)}; there are ${text}${nearest}`
}
