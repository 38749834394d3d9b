/** What users of a world log in with. */
import { readKey } from '../../schema/json.ts'
import type { World } from '../../store/world.ts'
import { apiTokens } from '../resources/api-tokens.ts'
import { isExpired } from '../resources/grants.ts'
import type { User } from '../resources/users.ts'

/**
 * The password of a user: as their row says, as the world says under `passwords`, or their name with `-pw` behind it.
 * @param aside what the world has no table for
 */
export function passwordOf({ password, username }: User, aside: Readonly<Record<string, unknown>>): string {
  const worldPassword = readKey(aside['passwords'], username)
  return password ?? (typeof worldPassword === 'string' ? worldPassword : `${username}-pw`)
}

/** Whether somebody logs in with a text: their password, or the key of an app password of theirs that has not expired. */
export function opensFor(user: User, typed: string, world: World): boolean {
  if (typed === passwordOf(user, world.aside)) return true
  const token = world.table(apiTokens).find('key', typed)
  return token?.intent === 'app_password' && token.user === user.pk && !isExpired(token, world)
}
