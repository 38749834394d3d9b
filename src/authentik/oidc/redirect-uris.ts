/** Whether a provider redirects to an address (docs/authentik.md#authorize). */
import { quote } from '../../schema/json.ts'
import {
  isForLogin,
  oauth2Providers,
  toRedirectUri,
  urisOf,
  type OAuth2Provider,
} from '../resources/oauth2-providers.ts'
import type { OAuthContext } from './endpoint.ts'
import { logOnce } from './log-once.ts'
import { PatternError, readPattern, type Pattern } from './python-pattern.ts'

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
    return entries.some((entry) => isForLogin(entry) && isMet(uri, entry, provider, context))
  }
  // Each line is a regular expression; where one is none, all are compared as texts.
  const lines = urisOf(provider)
    .flatMap((line) => line.split(/\s+/))
    .filter(Boolean)
  const patterns = lines.map((line) => patternOf(line, provider, context))
  return patterns.includes(undefined) ? lines.includes(uri) : patterns.some((pattern) => pattern?.test(uri))
}

/**
 * Says which address is none of a client's, and which are: once in the log, and in the journal each time. A person is
 * told no more than authentik tells.
 */
export function noteRedirectUri(uri: string, provider: OAuth2Provider, context: OAuthContext): void {
  const { call } = context
  const { client_id, name, redirect_uris: entries } = provider
  const fault =
    uri === ''
      ? 'The request names no redirect_uri'
      : isForbidden(uri)
        ? `The redirect_uri ${quote(uri)} has a scheme that no client may be called by`
        : `The redirect_uri ${quote(uri)} is none of the client's`
  const addresses =
    typeof entries === 'string'
      ? entries.split(/\s+/).filter(Boolean)
      : entries
          .filter(isForLogin)
          .map(({ url, matching_mode }) => (matching_mode === 'regex' ? `what matches ${url}` : url))
  const remedy =
    addresses.length > 0
      ? `The client ${client_id} has: ${addresses.join(', ')}`
      : `The client ${client_id} has none yet`
  const place = `Change what it asks for, or redirect_uris of the provider ${quote(name)}`
  const message = `${fault}. ${remedy}. ${place}.`
  logOnce(`redirect URI ${client_id} ${uri}`, `A login was refused. ${message}`, context)
  if (call.trace) call.trace.reason = message
}

/** Whether a provider sends browsers anywhere that have logged out. */
export const hasLogoutUris = ({ redirect_uris: entries }: OAuth2Provider): boolean =>
  typeof entries !== 'string' && entries.some((entry) => !isForLogin(entry))

/** Whether a provider sends a browser there that has logged out. */
export const isLogoutUri = (uri: string, provider: OAuth2Provider, context: OAuthContext): boolean =>
  typeof provider.redirect_uris !== 'string' &&
  !isForbidden(uri) &&
  provider.redirect_uris.some((entry) => !isForLogin(entry) && isMet(uri, entry, provider, context))

const isMet = (
  uri: string,
  { url, matching_mode }: { url: string; matching_mode: string },
  provider: OAuth2Provider,
  context: OAuthContext,
): boolean => (matching_mode === 'regex' ? (patternOf(url, provider, context)?.test(uri) ?? false) : url === uri)

/** Expressions by their texts; what is wrong with one that is not followed. */
const patterns = new Map<string, Pattern | PatternError>()
const MAX_PATTERNS = 256

const NOTHING: Pattern = { test: () => false }

/** A regular expression that a whole address has to meet; undefined for what Python takes for none either. */
function patternOf(source: string, { name }: OAuth2Provider, { world, log }: OAuthContext): Pattern | undefined {
  let pattern = patterns.get(source)
  if (!pattern) {
    if (patterns.size >= MAX_PATTERNS) patterns.clear()
    pattern = tryPattern(source)
    patterns.set(source, pattern)
  }
  if (!(pattern instanceof PatternError)) return pattern
  if (pattern.isInvalid) return undefined
  logOnce(
    source,
    `The redirect URI "${source}" of the provider "${name}" meets no address: ${pattern.message}, which the mock does not follow. Write the regular expression without it.`,
    { world, log },
  )
  return NOTHING
}

function tryPattern(source: string): Pattern | PatternError {
  try {
    return readPattern(source)
  } catch (error) {
    if (error instanceof PatternError) return error
    throw error
  }
}
