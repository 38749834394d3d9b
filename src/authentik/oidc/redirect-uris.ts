/** Whether a provider redirects to an address (docs/authentik.md#authorize). */
import { listOfUris, urisOf, type OAuth2Provider } from '../resources/oauth2-providers.ts'
import type { OAuthContext } from './endpoint.ts'

/** Schemes that no provider may redirect to. */
const FORBIDDEN = /^\s*(javascript|data|vbscript):/i

/** Whether an address would run what it says. */
export const isForbidden = (uri: string): boolean => FORBIDDEN.test(uri)

/** Whether one of a provider's redirect URIs is met. @param type what it is for, where the release tells that */
export function isRedirectUri(
  uri: string,
  provider: OAuth2Provider,
  context: OAuthContext,
  type: 'authorization' | 'logout' = 'authorization',
): boolean {
  if (context.release.behaviour.redirectUrisAreList) {
    return listOfUris(provider)
      .filter(({ redirect_uri_type = 'authorization' }) => redirect_uri_type === type)
      .some(({ url, matching_mode }) => (matching_mode === 'regex' ? toPattern(url)?.test(uri) : url === uri))
  }
  // Each line is a regular expression; where one is none, all are compared as texts.
  const lines = urisOf(provider)
    .flatMap((line) => line.split(/\s+/))
    .filter(Boolean)
  const patterns = lines.map(toPattern)
  return patterns.includes(undefined) ? lines.includes(uri) : patterns.some((pattern) => pattern?.test(uri))
}

/** A regular expression that a whole text has to meet; undefined for what is none. */
function toPattern(source: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${source})$`)
  } catch {
    return undefined
  }
}
