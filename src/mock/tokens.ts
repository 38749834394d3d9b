/** The API tokens that a mock hands to whoever uses it. */
import { apiTokens, type ApiToken } from '../authentik/resources/api-tokens.ts'
import { isExpired } from '../authentik/resources/grants.ts'
import { isSuperuser, users, type User } from '../authentik/resources/users.ts'
import { MockError } from '../store/mock-error.ts'
import type { RowSource } from '../store/resource.ts'
import type { World } from '../store/world.ts'

const BOOTSTRAP_TOKEN = 'authentik-bootstrap-token'

/** The user whose the token of the options is. @throws MockError ERR_WORLD when there is no active superuser */
export function requireSuperuser(source: RowSource): User {
  const superuser = [...source.table(users).values()].find((user) => user.is_active && isSuperuser(user, source))
  if (superuser) return superuser
  const reason = "it is to be a superuser's, and the world has no active superuser"
  const remedy =
    'Give an active user superuser: true, or a group with is_superuser, or give no token (AUTHENTIK_BOOTSTRAP_TOKEN).'
  throw new MockError('ERR_WORLD', `Failed to set the token: ${reason}. ${remedy}`)
}

/** Gives an active superuser an API token with this key. @throws MockError ERR_WORLD when the world has no such user */
export async function setBootstrapToken(world: World, key: string): Promise<void> {
  const superuser = requireSuperuser(world)
  const table = world.table(apiTokens)
  await table.delete(BOOTSTRAP_TOKEN)
  const owner = { user: superuser.pk, expiring: false }
  table.take(apiTokens.complete({ identifier: BOOTSTRAP_TOKEN, key, intent: 'api', ...owner }))
}

/** Keys of API tokens that work: a superuser's and an ordinary user's. Those that never expire come first. */
export function findTokens(world: World): { superuser: string | undefined; user: string | undefined } {
  const lasts = ({ expiring, expires }: ApiToken) => !expiring || expires === null
  const working = [...world.table(apiTokens).values()]
    .filter((token) => token.intent === 'api' && !isExpired(token, world))
    .toSorted((a, b) => Number(lasts(b)) - Number(lasts(a)))
  const keyOf = (superuser: boolean) =>
    working.find((token) => {
      const user = world.table(users).require(token.user)
      return user.is_active && isSuperuser(user, world) === superuser
    })?.key
  return { superuser: keyOf(true), user: keyOf(false) }
}
