/** What the authorization endpoint tells a client that it refuses (RFC 6749, section 4.1.2.1; OpenID Connect Core 1.0, section 3.1.2.6). */
import type { AuthorizeRequest } from './authorize-request.ts'
import { quoteUrl } from './python-text.ts'

const DESCRIPTIONS = {
  unsupported_response_type:
    'The authorization server does not support obtaining an authorization code using this method',
  invalid_scope: 'The requested scope is invalid, unknown, or malformed',
  invalid_request: 'The request is otherwise malformed',
  request_not_supported: 'The provider does not support use of the request parameter',
  login_required: 'The Authorization Server requires End-User authentication',
  consent_required: 'The Authorization Server requires End-User consent',
} as const

/** Where a client is told what is wrong: behind the sign at which its tokens would stand. */
export function addressOfError(
  { redirectUri, grant, state }: AuthorizeRequest,
  code: keyof typeof DESCRIPTIONS,
  description: string = DESCRIPTIONS[code],
): string {
  const sign = grant === 'authorization_code' ? '?' : '#'
  return `${redirectUri}${sign}error=${code}&error_description=${quoteUrl(description)}${state ? `&state=${state}` : ''}`
}
