/** The contract that is shipped: what a consumer relies on that reads codes and tokens, written for any release. */
import { findRelease } from '../../authentik/releases/index.ts'
import { isNullableIn } from '../../rest/deviation.ts'
import { isObject } from '../../schema/json.ts'
import { resolverOf, type Resolve } from '../../schema/walk.ts'
import { anyObject, type Fragment } from '../../schema/words.ts'
import { interactionsOf, type Interaction } from './interactions.ts'
import { likeOf } from './like.ts'
import { states, type ProviderState } from './states.ts'
import type { Template } from './template.ts'
import { writePact, type PactContent } from './write.ts'

/** The consumer of the contract that is shipped: authentik's own client. */
export const SHIPPED_CONSUMER = 'goauthentik-api'

/** The token in the contract, in place of which whoever verifies sends a real one. */
export const SHIPPED_TOKEN = 'a-token'

const id = 1
const LIVE = states.authorizationCodeExists({ id, expiry: 'live' })
const EXPIRED = states.authorizationCodeExists({ id, expiry: 'expired' })
const WITHOUT_EXPIRY = states.authorizationCodeExists({ id, expiry: 'none' })
const UNKNOWN = states.noAuthorizationCodeExists({ id })
const REFUSED = states.tokenIsRefused({})

/** The optional keys that the consumer reads, where the release has them; their values are settled by the state. */
const OPTIONAL_KEYS = {
  provider: { client_type: 'confidential', sub_mode: 'hashed_user_id', issuer_mode: 'per_provider' },
  user: { type: 'internal' },
}

/** The operations of which the consumer reads what is documented. */
const READ = [
  'oauth2_authorization_codes_list',
  'oauth2_authorization_codes_used_by_list',
  'oauth2_access_tokens_list',
  'oauth2_access_tokens_retrieve',
  'oauth2_access_tokens_used_by_list',
  'oauth2_refresh_tokens_list',
  'oauth2_refresh_tokens_retrieve',
  'oauth2_refresh_tokens_used_by_list',
] as const

/** The interactions of the contract, in the order of their descriptions. */
export function shippedInteractions(version: string): Interaction[] {
  const release = findRelease(version)
  const like = likeOf(release)
  const interactions = interactionsOf(release)
  const { request } = interactions.oauth2_authorization_codes_retrieve
  const retrieve = release.operations.find((operation) => operation.id === 'oauth2_authorization_codes_retrieve')
  const { root, resolve } = resolverOf(retrieve?.responses[200] ?? anyObject())
  const optionalKeys = pickDocumented(OPTIONAL_KEYS, root, resolve)
  // A document that lets the key be left out, and never be null, has codes that never expire without it.
  const withoutExpiry = isNullableIn(release, 'ExpiringBaseGrantModel', 'expires') ? { expires: null } : {}
  const ask = (
    subject: string,
    exchangeStates: readonly ProviderState[],
    [status, body]: [status: number, body: Template],
    query: Record<string, string> = {},
  ): Interaction => ({
    operationId: 'oauth2_authorization_codes_retrieve',
    description: `a request for an authorization code ${subject}`,
    states: exchangeStates,
    request: { ...request, query, headers: { Authorization: `Bearer ${SHIPPED_TOKEN}` } },
    response: { status, body },
  })
  return [
    ask(
      'of a user that cannot be',
      [LIVE],
      [
        400,
        like.validationError({ user: ['Select a valid choice. That choice is not one of the available choices.'] }),
      ],
      { user: 'abc' },
    ),
    ask('that does not exist', [UNKNOWN], [404, like.genericError({ detail: 'Not found.' })]),
    ask(
      'that has expired',
      [EXPIRED],
      [
        200,
        { ...like.authorizationCode({ ...optionalKeys, expires: '2024-09-27T14:26:18.306000Z' }), is_expired: true },
      ],
    ),
    ask(
      'that is live',
      [LIVE],
      [
        200,
        {
          ...like.authorizationCode({ ...optionalKeys, expires: '2099-01-01T00:00:00Z', scope: ['openid'] }),
          is_expired: false,
        },
      ],
    ),
    ask(
      'that never expires',
      [WITHOUT_EXPIRY],
      [200, { ...like.authorizationCode(optionalKeys), is_expired: false, ...withoutExpiry }],
    ),
    ask('with a token that is refused', [LIVE, REFUSED], [403, like.genericError({ detail: 'Token invalid/expired' })]),
    ...READ.map((operation) => interactions[operation]),
  ].toSorted((a, b) => (a.description < b.description ? -1 : 1))
}

/** The contract as a Pact file. */
export const shippedPact = (version: string): PactContent =>
  writePact(SHIPPED_CONSUMER, 'authentik', shippedInteractions(version))

/** Leaves out of an example what a schema does not name. */
function pickDocumented(example: unknown, fragment: Fragment, resolve: Resolve): Record<string, never> {
  const { properties = {} } = resolve(fragment)
  const entries = Object.entries(isObject(example) ? example : {}).flatMap(([key, value]) => {
    const documented = properties[key]
    if (!documented) return []
    return [[key, isObject(value) ? pickDocumented(value, documented, resolve) : value]]
  })
  return Object.fromEntries(entries)
}
