/** The paths of the OAuth endpoints, and of the pages of the login. */

/** Those that are answered. */
export const PATHS = [
  '/application/o/authorize/',
  '/application/o/token/',
  '/application/o/userinfo/',
  '/application/o/introspect/',
  '/application/o/revoke/',
  '/application/o/device/',
  '/device',
  '/api/v3/flows/executor/{flow_slug}/',
  '/if/flow/{flow_slug}/',
  '/flows/-/cancel/',
  '/flows/-/default/{designation}/',
  '/flows/-/configure/{stage_uuid}/',
  '/application/o/{slug}/',
  '/application/o/{slug}/end-session/',
  '/application/o/{slug}/jwks/',
  '/if/session-end/{slug}/',
  '/application/o/{slug}/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server/application/o/{slug}/',
] as const

/** The path of an OAuth endpoint. */
export type OAuthPath = (typeof PATHS)[number]

/** What the paths begin with, and those of what the mock does not play. */
export const OAUTH_PREFIXES: readonly string[] = ['/application/o/', '/flows/', '/if/']
