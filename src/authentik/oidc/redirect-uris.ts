/** Whether a provider redirects to an address (docs/authentik.md#authorize). */
import {
  isForLogin,
  oauth2Providers,
  toRedirectUri,
  urisOf,
  type OAuth2Provider,
} from '../resources/oauth2-providers.ts'
import type { OAuthContext } from './endpoint.ts'

/** Schemes that no provider may redirect to. */
const FORBIDDEN = /^(javascript|data|vbscript):/i

/** Whether an address would run what it says: a browser leaves out the tabs and line ends in it. */
export const isForbidden = (uri: string): boolean => FORBIDDEN.test(uri.replace(/[\p{Cc}\s]/gu, ''))

/**
 * The provider as it is after a client has asked: one without redirect URIs keeps the first that it is asked for, and
 * `*`, until 2024.10.2, is kept as the pattern that it is meant to be.
 */
export async function keepFirstUri(
  uri: string,
  provider: OAuth2Provider,
  { world, release }: OAuthContext,
): Promise<OAuth2Provider> {
  const { redirect_uris: entries } = provider
  const isEmpty = typeof entries === 'string' ? entries.trim() === '' : entries.length === 0
  const isAny = entries === '*' && !release.behaviour.redirectUrisAreList
  if (!isEmpty && !isAny) return provider
  const stored = isAny ? '.*' : typeof entries === 'string' ? uri : [toRedirectUri(uri)]
  return world.table(oauth2Providers).update(provider.pk, (draft) => void (draft.redirect_uris = stored))
}

/** Whether one of a provider's redirect URIs is met. */
export function isRedirectUri(uri: string, provider: OAuth2Provider, context: OAuthContext): boolean {
  const { redirect_uris: entries } = provider
  if (context.release.behaviour.redirectUrisAreList) {
    if (typeof entries === 'string') return urisOf(provider).includes(uri)
    return entries.some((entry) => isForLogin(entry) && isMet(uri, entry))
  }
  // Each line is a regular expression; where one is none, all are compared as texts.
  const lines = urisOf(provider)
    .flatMap((line) => line.split(/\s+/))
    .filter(Boolean)
  const patterns = lines.map(toPattern)
  return patterns.includes(undefined) ? lines.includes(uri) : patterns.some((pattern) => pattern?.test(uri))
}

/** Whether a provider sends a browser there that has logged out. */
export const isLogoutUri = (uri: string, { redirect_uris: entries }: OAuth2Provider): boolean =>
  typeof entries !== 'string' && !isForbidden(uri) && entries.some((entry) => !isForLogin(entry) && isMet(uri, entry))

const isMet = (uri: string, { url, matching_mode }: { url: string; matching_mode: string }): boolean =>
  matching_mode === 'regex' ? (toPattern(url)?.test(uri) ?? false) : url === uri

/** A regular expression that a whole text has to meet; undefined for what is none. */
function toPattern(source: string): RegExp | undefined {
  try {
    const [, flags = '', body = ''] = /^(?:\(\?([i])\))?([^]*)$/.exec(source) ?? []
    // Python names a group, and the end of a text, in its own way.
    return new RegExp(`^(?:${body.replaceAll('(?P<', '(?<').replaceAll('\\Z', '$')})$`, flags)
  } catch {
    return undefined
  }
}
