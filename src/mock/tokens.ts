/** The API tokens that a mock hands to whoever uses it. */
import { apiTokens, type ApiToken } from '../authentik/resources/api-tokens.ts'
import { isSuperuser, users } from '../authentik/resources/users.ts'
import { MockError } from '../store/mock-error.ts'
import type { World } from '../store/world.ts'

const BOOTSTRAP_TOKEN = 'authentik-bootstrap-token'

/** Gives an active superuser an API token with this key. @throws MockError ERR_WORLD when the world has no such user */
export async function setBootstrapToken(world: World, key: string): Promise<void> {
  const superuser = [...world.table(users).values()].find((user) => user.is_active && isSuperuser(user, world))
  if (!superuser) {
    const remedy = 'Give one, or no token (AUTHENTIK_BOOTSTRAP_TOKEN).'
    throw new MockError('ERR_WORLD', `Failed to set the token: the world has no active superuser. ${remedy}`)
  }
  const table = world.table(apiTokens)
  await table.delete(BOOTSTRAP_TOKEN)
  const token: Partial<ApiToken> = {
    identifier: BOOTSTRAP_TOKEN,
    key,
    intent: 'api',
    user: superuser.pk,
    expiring: false,
  }
  await table.create(token)
}

/** Keys of API tokens that work: a superuser's and an ordinary user's. */
export function findTokens(world: World): { superuser: string | undefined; user: string | undefined } {
  const working = [...world.table(apiTokens).values()].filter(
    ({ intent, expires }) => intent === 'api' && expires === null,
  )
  const keyOf = (superuser: boolean) =>
    working.find((token) => {
      const user = world.table(users).require(token.user)
      return user.is_active && isSuperuser(user, world) === superuser
    })?.key
  return { superuser: keyOf(true), user: keyOf(false) }
}
