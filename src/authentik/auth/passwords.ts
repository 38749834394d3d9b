/** What users of a world log in with. */
import { readKey } from '../../schema/json.ts'
import type { User } from '../resources/users.ts'

/**
 * The password of a user: as their row says, as the world says under `passwords`, or their name with `-pw` behind it.
 * @param aside what the world has no table for
 */
export function passwordOf({ password, username }: User, aside: Readonly<Record<string, unknown>>): string {
  const worldPassword = readKey(aside['passwords'], username)
  return password ?? (typeof worldPassword === 'string' ? worldPassword : `${username}-pw`)
}
