/** What a client asks the authorization endpoint for (RFC 6749, section 4.1.1; OpenID Connect Core 1.0, section 3.1.2.1). */
import { toInteger } from '../../rest/python.ts'
import { splitScope } from '../resources/grants.ts'
import { scopesOf } from '../resources/id-token.ts'
import type { OAuth2Provider } from '../resources/oauth2-providers.ts'
import { behaviourIn, type OAuthContext } from './endpoint.ts'

/** One request. */
export interface AuthorizeRequest {
  clientId: string
  redirectUri: string
  responseType: string
  responseMode: 'query' | 'fragment' | 'form_post'
  grant: 'authorization_code' | 'implicit' | 'hybrid'
  scopes: readonly string[]
  state: string | undefined
  nonce: string | undefined
  prompt: ReadonlySet<string>
  maxAge: number | undefined
  codeChallenge: string | undefined
  codeChallengeMethod: string | undefined
}

/** The grants by their response types. */
const GRANTS: Readonly<Record<string, AuthorizeRequest['grant']>> = {
  code: 'authorization_code',
  id_token: 'implicit',
  'id_token token': 'implicit',
  'code token': 'hybrid',
  'code id_token': 'hybrid',
  'code id_token token': 'hybrid',
}

const PROMPTS = new Set(['none', 'consent', 'login'])

/** The grant that a response type is of; undefined for none. */
export const grantOf = (responseType: string): AuthorizeRequest['grant'] | undefined =>
  Object.hasOwn(GRANTS, responseType) ? GRANTS[responseType] : undefined

/**
 * Reads a request, whose client and address are known to be good.
 * @param read gives a parameter by its name
 */
export function readRequest(
  read: (name: string) => string | undefined,
  redirectUri: string,
  provider: OAuth2Provider,
  context: OAuthContext,
): AuthorizeRequest {
  const responseType = read('response_type') ?? ''
  const grant = grantOf(responseType) ?? 'authorization_code'
  const mode = read('response_mode')
  const ownScopes = scopesOf(provider, context.world)
  const words = splitScope(read('scope') ?? '')
  const scopes = words.length === 0 ? [...ownScopes] : ownScopes.filter((scope) => words.includes(scope))
  const prompt = new Set((read('prompt') ?? '').split(' ').filter((word) => PROMPTS.has(word)))
  const hasCode = responseType.split(' ').includes('code')
  const isOffline = scopes.includes('offline_access')
  if (isOffline && behaviourIn(context).offlineAccessAsksForConsent) prompt.add('consent')
  const codeChallenge = read('code_challenge')
  const maxAge = read('max_age')
  return {
    clientId: provider.client_id,
    redirectUri,
    responseType,
    grant,
    responseMode:
      mode === 'query' || mode === 'fragment' || mode === 'form_post'
        ? mode
        : grant === 'authorization_code'
          ? 'query'
          : 'fragment',
    scopes: hasCode || !isOffline ? scopes : scopes.filter((scope) => scope !== 'offline_access'),
    state: read('state'),
    nonce: read('nonce'),
    prompt,
    maxAge: maxAge ? Number(toInteger(maxAge)) : undefined,
    codeChallenge,
    codeChallengeMethod: codeChallenge ? (read('code_challenge_method') ?? 'plain') : undefined,
  }
}
