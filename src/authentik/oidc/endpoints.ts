/** The OAuth endpoints by their paths; loaded when one is first asked. */
import { answerEndpoint, type OAuthContext, type OAuthEndpoint } from './endpoint.ts'
import { configureFlow } from '../flows/configure.ts'
import { executor } from '../flows/executor.ts'
import { takeMessage } from '../flows/browser-session.ts'
import { flowPage } from '../flows/flow-page.ts'
import { cancelFlow, defaultFlow, sessionEndPage } from '../flows/pages.ts'
import { authorization } from './authorize.ts'
import { discovery, jwks, root, serverMetadata } from './discovery.ts'
import { deviceEndpoint } from './device.ts'
import { devicePage } from './device-page.ts'
import { endSessionEndpoint } from './end-session.ts'
import { introspect, revoke, userinfo } from './resource-endpoints.ts'
import type { OAuthPath } from './paths.ts'
import { token } from './token.ts'

const ENDPOINTS: Readonly<Record<OAuthPath, OAuthEndpoint>> = {
  '/application/o/authorize/': authorization,
  '/application/o/token/': token,
  '/api/v3/flows/executor/{flow_slug}/': executor,
  '/if/flow/{flow_slug}/': flowPage,
  '/flows/-/cancel/': cancelFlow,
  '/flows/-/default/{designation}/': defaultFlow,
  '/flows/-/configure/{stage_uuid}/': configureFlow,
  '/application/o/userinfo/': userinfo,
  '/application/o/introspect/': introspect,
  '/application/o/revoke/': revoke,
  '/application/o/device/': deviceEndpoint,
  '/device': devicePage,
  '/application/o/{slug}/': root,
  '/application/o/{slug}/end-session/': endSessionEndpoint,
  '/application/o/{slug}/jwks/': jwks,
  '/if/session-end/{slug}/': sessionEndPage,
  '/application/o/{slug}/.well-known/openid-configuration': discovery,
  '/.well-known/oauth-authorization-server/application/o/{slug}/': serverMetadata,
}

/** Answers a call on the path of an endpoint. */
export const answerOAuth = async (path: OAuthPath, context: OAuthContext) =>
  takeMessage(await answerEndpoint(ENDPOINTS[path], context), context)

// A chunk of its own for each would take bytes from every page.
export { shippedKeyMarks } from './signing.ts'
export { createLink, createMail } from '../flows/recovery-link.ts'
