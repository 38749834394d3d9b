/** Whom a client logs in, and as which client: what `serve` prints of the login. */
import { passwordOf } from '../authentik/auth/passwords.ts'
import { isAllowed } from '../authentik/auth/policies.ts'
import { algorithmOf, type Algorithm } from '../authentik/oidc/algorithm.ts'
import type { User } from '../authentik/resources/users.ts'
import { coreOf, type Mock } from '../mock/mock.ts'

/** What a client is given to log somebody in. */
export interface Login {
  issuer: string
  client_id: string
  /** Null for a client that cannot keep a secret. */
  client_secret: string | null
  alg: Algorithm
  user: string
  password: string
}

/**
 * A login for each provider that has an application, first those that a page in a browser can log in with.
 * @param url the address of the server, with its base path
 */
export function findLogins(authentik: Mock, url: string): Login[] {
  const { world } = authentik
  const { world: source } = coreOf(authentik)
  const active = [...world.users.values()].filter(({ is_active, type }) => is_active && type === 'internal')
  const [first, ...rest] = active.toSorted((a, b) => Number(isAdmin(b)) - Number(isAdmin(a)))
  if (!first) return []
  const logins = [...world.applications.values()].flatMap((application): Login[] => {
    const { slug, provider: pk } = application
    // Whom nobody may log in to, anybody is named for: the page then says why not.
    const user = [first, ...rest].find((candidate) => isAllowed(candidate, application, source)) ?? first
    const provider = pk === null ? undefined : world.providers.get(pk)
    if (!provider) return []
    const { client_id, client_secret, client_type, issuer_mode, signing_key } = provider
    const certificate = signing_key === null ? undefined : world.certificates.get(signing_key)
    const key = certificate?.key_data ?? certificate?.private_key
    const login = {
      issuer: issuer_mode === 'global' ? `${url}/` : `${url}/application/o/${slug}/`,
      client_id,
      client_secret: client_type === 'public' ? null : client_secret,
      alg: signing_key === null ? ('HS256' as const) : key === undefined ? ('RS256' as const) : algorithmOf(key),
      user: user.username,
      password: passwordOf(user, world.aside),
    }
    return [login]
  })
  return [...logins.filter(isOfPage), ...logins.filter((login) => !isOfPage(login))]
}

/** The one whom everybody knows. */
const isAdmin = ({ username }: User) => username === 'akadmin'

/** Whether a page can use it: it keeps no secret, and checks signatures by a public key. */
const isOfPage = ({ client_secret, alg }: Login) => client_secret === null && alg !== 'HS256'
