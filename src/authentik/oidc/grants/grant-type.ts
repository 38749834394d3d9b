/** What every grant is: what it is asked with, and what it gives (RFC 6749, section 4). */
import type { OAuth2Provider } from '../../resources/oauth2-providers.ts'
import type { ClientCredentials } from '../clients.ts'
import type { OAuthContext } from '../endpoint.ts'
import type { Issued } from '../issue.ts'

/** A request for tokens, of a client that is known. */
export interface TokenRequest {
  provider: OAuth2Provider
  credentials: ClientCredentials
  form: URLSearchParams
  /** The scopes that are asked for. */
  scopes: readonly string[]
}

/** What a grant gives. */
export interface Granted extends Issued {
  scopes: readonly string[]
  refreshToken?: string | undefined
  /** Whether it was given for another refresh token. */
  isRefreshed?: true
}

/** Gives tokens for what a client shows. @throws OAuthError */
export type GrantType = (request: TokenRequest, context: OAuthContext) => Promise<Granted>
