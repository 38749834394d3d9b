/** Tells in the log why credentials are no good, where authentik says no more than that they are not. */
import type { Log } from '../../http/log.ts'
import type { Call } from '../../http/message.ts'
import { pathOf } from '../../rest/errors.ts'
import type { World } from '../../store/world.ts'
import { isForApi } from '../auth/caller.ts'
import { logOnce } from '../oidc/log-once.ts'
import { accessTokens } from '../resources/access-tokens.ts'
import { apiTokens } from '../resources/api-tokens.ts'
import { users } from '../resources/users.ts'

/**
 * Tells why a request is refused, once for each header Authorization.
 * @param authorization the header as it was sent: that of the call may be gone
 */
export function tellCredentials(call: Call, authorization: string, { world, log }: { world: World; log: Log }) {
  const fault = faultIn(authorization.trim(), world)
  if (fault)
    logOnce(`credentials ${authorization}`, `${call.method} ${pathOf(call)} is refused with 403: ${fault}.`, {
      world,
      log,
    })
}

/** What is wrong with credentials; undefined where nothing is, so that their user may not do what was asked. */
function faultIn(authorization: string, world: World): string | undefined {
  const [scheme = '', key] = authorization.split(/ (.*)/s)
  if (key === undefined) return 'its Authorization is one word, which authentik ignores. Send "Bearer KEY"'
  if (scheme.toLowerCase() !== 'bearer')
    return `its Authorization is of the scheme "${scheme}", and the API takes no other than Bearer`
  if (key !== '' && key === world.secretKey) return undefined
  const token = world.table(apiTokens).find('key', key)
  const access = world.table(accessTokens).find('token', key)
  if (token && token.intent !== 'api')
    return `the key is that of the token ${token.identifier}, whose intent is ${token.intent}, where api is needed`
  if (!token && access && !isForApi(access))
    return 'its access token lacks the scope goauthentik.io/api, for which the login has to ask'
  const pk = token?.user ?? access?.user
  const user = pk === undefined ? undefined : world.table(users).get(pk)
  if (!user)
    return 'no token has its key, or the token has expired. tokens() of the mock has the keys, and the option token gives one'
  return user.is_active ? undefined : `the user ${user.username}, whose key it has, is not active`
}
