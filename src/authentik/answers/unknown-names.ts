/** Names under which a world says something, and which nobody has there; loaded for a world that says such things. */
import type { Log } from '../../http/log.ts'
import { isObject, quote } from '../../schema/json.ts'
import { nearestTo } from '../../schema/nearest.ts'
import type { World } from '../../store/world.ts'
import { logOnce } from '../oidc/log-once.ts'
import { scopeMappings } from '../resources/scope-mappings.ts'
import { isOfLater, users } from '../resources/users.ts'

/**
 * Says in the log which names nobody has: they have no effect until somebody is called so, who may come later, so that
 * none is refused.
 */
export function noteUnknownNames(world: World, log: Log): void {
  const usernames = Array.from(world.table(users).values(), ({ username }) => username)
  const mappings = [...world.table(scopeMappings).values()].flatMap(({ name, scope_name }) => [name, scope_name])
  const { passwords, claims } = world.aside
  const places = [
    ...namesIn('permissions', world.permissions, 'user', usernames),
    ...namesIn('passwords', passwords, 'user', usernames),
    ...namesIn('claims', claims, 'scope mapping', mappings),
  ]
  for (const place of places) logOnce(place, `The world says ${place}.`, { world, log })
}

/** Of how many names it is said which is nearest: a world may have thousands of them, each of which is compared with all. */
const MAX_NAMED = 20

/** What is said of names that there are not. */
function namesIn(key: string, value: unknown, noun: string, names: readonly string[]): string[] {
  if (!isObject(value)) return []
  const present = new Set(names)
  const unknown = Object.keys(value).filter((name) => !present.has(name) && !isOfLater(name))
  const places = unknown.slice(0, MAX_NAMED).map((name) => {
    const nearest = names.length > 0 ? `; the nearest is ${nearestTo(name, names)}` : ''
    return `${key} of ${quote(name)}, which have no effect: it has no ${noun} of that name${nearest}`
  })
  const count = unknown.length - places.length
  return count > 0
    ? [...places, `${key} of ${count} more, which have no effect: it has no ${noun} of their names`]
    : places
}
