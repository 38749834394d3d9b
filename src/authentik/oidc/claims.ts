/** What a token says of its user, and how it came about; loaded with the login, or when a preview is asked for. */
import type { Log } from '../../http/log.ts'
import type { Call } from '../../http/message.ts'
import type { Context } from '../../rest/operation.ts'
import { isObject, readKey } from '../../schema/json.ts'
import type { World } from '../../store/world.ts'
import type { AuthentikRelease } from '../behaviour.ts'
import { issuerOf, isManagedScope, managedClaimsOf, scopesOf, subjectOf } from '../resources/id-token.ts'
import type { OAuth2Provider } from '../resources/oauth2-providers.ts'
import { scopeMappings, type ScopeMapping } from '../resources/scope-mappings.ts'
import type { User } from '../resources/users.ts'
import { evaluateExpression } from './claim-expression.ts'
import { logOnce } from './log-once.ts'

/** Who is told claims about whom. */
export interface ClaimsSubject {
  user: User
  scopes: readonly string[]
  provider: OAuth2Provider
}

/**
 * The claims of a provider's scope mappings, in the order of their scopes; one goes before an earlier one of the same
 * name. authentik's own are computed; one of a world's own gives what its expression says, if that is a literal, or
 * else what the world says for it under `claims`.
 */
export function claimsOf({ user, scopes, provider }: ClaimsSubject, context: ClaimsContext) {
  const { world, release } = context
  const mappings = provider.property_mappings
    .map((pk) => world.table(scopeMappings).get(pk))
    .filter((mapping) => mapping !== undefined)
    .filter(({ scope_name }) => scopes.includes(scope_name))
    .sort((a, b) => (a.scope_name < b.scope_name ? -1 : 1))
  const claims: Record<string, unknown> = {}
  for (const mapping of mappings) {
    const { scope_name, managed } = mapping
    const expression = expressionOf(mapping, world)
    const isManaged = isManagedScope(scope_name) && (managed !== null || expression === '')
    const ofMapping = isManaged
      ? managedClaimsOf(user, [scope_name], world, release.behaviour.emailIsVerified)
      : ownClaimsOf(mapping, expression, user, context)
    Object.assign(claims, ofMapping)
  }
  return claims
}

/** What claims are computed in. */
export interface ClaimsContext {
  world: World
  release: AuthentikRelease
  /** Takes what is to be said of a mapping that cannot be computed. */
  log?: Log | undefined
}

/** The expression of a mapping; empty where the world does not say it. */
function expressionOf({ pk, expression }: ScopeMapping, { aside }: World): string {
  if (expression) return expression
  const rows = aside['scope_mappings_full']
  const row: unknown = Array.isArray(rows) ? rows.find((candidate) => readKey(candidate, 'pk') === pk) : undefined
  return String(readKey(row, 'expression') ?? '')
}

function ownClaimsOf({ name, scope_name }: ScopeMapping, expression: string, user: User, context: ClaimsContext) {
  const { world, log } = context
  const evaluated = evaluateExpression(expression, { user, source: world })
  if (evaluated) return evaluated
  const claims = readKey(world.aside['claims'], name) ?? readKey(world.aside['claims'], scope_name)
  if (isObject(claims)) return claims
  const remedy = `Say what it gives under "claims" of the world: {"claims": {"${name}": {...}}}.`
  const message = `The scope mapping "${name}" gives no claims: its expression is more than "return" and a literal. ${remedy}`
  logOnce(`scope mapping ${name}`, message, { world, log })
  return {}
}

/** When and how a user was authenticated, and what a client asked to find in the token. */
export interface Authentication {
  /** In seconds since 1970. */
  time: number
  /** How (RFC 8176), where the token says it. */
  methods?: readonly string[] | undefined
  nonce?: string | undefined
  accessTokenHash?: string
  codeHash?: string
  /** The key of the session that it came from. */
  session?: string | undefined
  /** The hash of that key, by which a client is told of a logout. */
  sessionId?: string | undefined
}

/** What an ID token is made of. */
export interface IdTokenSubject {
  provider: OAuth2Provider
  user: User
  scopes: readonly string[]
  authentication: Authentication
  /** When it is issued, and the end of its time, in seconds since 1970. */
  issued: number
  expires: number
}

/** What an ID token says, in authentik's order; a claim of a scope goes before one of the same name. */
export function idTokenClaims(
  { provider, user, scopes, authentication, issued, expires }: IdTokenSubject,
  context: ClaimsContext & { call: Call },
): Record<string, unknown> {
  const { call, world } = context
  const { idTokenHasJti } = context.release.behaviour
  const { time, methods, nonce, accessTokenHash, codeHash, sessionId } = authentication
  const claims = {
    iss: issuerOf(provider, call, world),
    sub: subjectOf(user, provider),
    aud: provider.client_id,
    exp: expires,
    iat: issued,
    auth_time: time,
    acr: 'goauthentik.io/providers/oauth2/default',
    amr: methods,
    c_hash: codeHash,
    nonce,
    at_hash: accessTokenHash,
    sid: sessionId,
    jti: idTokenHasJti ? world.random.key(40) : undefined,
    ...(provider.include_claims_in_id_token ? claimsOf({ user, scopes, provider }, context) : {}),
  }
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
}

/** What an ID token would say that were issued now, for all the provider's scopes and half an hour. */
export function previewOf(provider: OAuth2Provider, user: User, context: Context): Record<string, unknown> {
  const { call, world } = context
  const time = Math.floor(world.clock.now() / 1000)
  const scopes = scopesOf(provider, world)
  return idTokenClaims(
    { provider, user, scopes, authentication: { time }, issued: time, expires: time + 1800 },
    { call, world, release: context.release as AuthentikRelease },
  )
}
