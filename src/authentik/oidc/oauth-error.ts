/** What the OAuth endpoints refuse, by the codes of OAuth 2.0 and its extensions, in authentik's words (docs/authentik.md#oauth-endpoints). */

/** The codes, each with what authentik says of it. */
const DESCRIPTIONS = {
  invalid_request: 'The request is otherwise malformed',
  invalid_client:
    'Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method)',
  invalid_grant:
    'The provided authorization grant or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client',
  unauthorized_client: 'The authenticated client is not authorized to use this authorization grant type',
  unsupported_grant_type: 'The authorization grant type is not supported by the authorization server',
  invalid_scope:
    'The requested scope is invalid, unknown, malformed, or exceeds the scope granted by the resource owner',
  authorization_pending:
    "The authorization request is still pending as the end user hasn't yet completed the user-interaction steps",
  invalid_token: 'The access token provided is expired, revoked, malformed, or invalid for other reasons',
  insufficient_scope: 'The request requires higher privileges than provided by the access token',
} as const

/** Why an OAuth endpoint refuses: RFC 6749 section 5.2, RFC 6750 section 3.1, RFC 8628 section 3.5. */
export type OAuthErrorCode = keyof typeof DESCRIPTIONS

/** A refusal of an OAuth endpoint; it becomes the answer. */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly code: OAuthErrorCode
  /** What was wrong in fact, for who runs the mock: the client is told no more than authentik tells it. */
  readonly reason: string

  constructor(code: OAuthErrorCode, reason = '') {
    super(DESCRIPTIONS[code])
    this.code = code
    this.reason = reason
  }
}
