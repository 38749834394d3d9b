/** What an ID token says of a user, and who says it (docs/authentik.md#id-tokens). */
import { addressOf, type Call } from '../../http/message.ts'
import type { Context } from '../../rest/operation.ts'
import { toPythonText } from '../../rest/python.ts'
import type { RowSource } from '../../store/resource.ts'
import { behaviourOf } from '../behaviour.ts'
import { groups } from './groups.ts'
import { applicationOf, type OAuth2Provider } from './oauth2-providers.ts'
import { scopeMappings } from './scope-mappings.ts'
import type { User } from './users.ts'

/** Who issues a provider's tokens, by the name under which the caller knows the server; undefined without an application. */
export function issuerOf(provider: OAuth2Provider, call: Call, source: RowSource): string | undefined {
  const address = addressOf(call)
  if (provider.issuer_mode === 'global') return `${address}/`
  const application = applicationOf(provider, source)
  return application && `${address}/application/o/${application.slug}/`
}

/** What a provider knows a user by. */
export const subjectOf = (user: User, { sub_mode }: OAuth2Provider) => SUBJECTS[sub_mode](user)

const SUBJECTS: Record<OAuth2Provider['sub_mode'], (user: User) => string> = {
  hashed_user_id: (user) => user.uid,
  user_id: (user) => String(user.pk),
  user_uuid: (user) => user.uuid,
  user_username: (user) => user.username,
  user_email: (user) => user.email,
  user_upn: ({ attributes, uid }) => toPythonText(attributes['upn'] ?? uid),
}

/**
 * The claims that scopes give, by authentik's own mappings; a scope that it has no mapping of gives none.
 * @param emailIsVerified whether an address counts as verified
 */
export function claimsOf(
  user: User,
  scopes: readonly string[],
  source: RowSource,
  emailIsVerified: boolean,
): Record<string, unknown> {
  const claims = scopes.toSorted().map((scope) => CLAIMS.get(scope)?.(user, source, emailIsVerified))
  return Object.assign({}, ...claims)
}

type Claims = (user: User, source: RowSource, emailIsVerified: boolean) => Record<string, unknown>

const CLAIMS: ReadonlyMap<string, Claims> = new Map<string, Claims>([
  ['email', ({ email }, _source, emailIsVerified) => ({ email, email_verified: emailIsVerified })],
  [
    'profile',
    (user, source) => ({
      name: user.name,
      given_name: user.name,
      preferred_username: user.username,
      nickname: user.username,
      groups: user.groups.map((group) => source.table(groups).require(group).name),
    }),
  ],
])

/** The scopes that a provider knows. */
export const scopesOf = ({ property_mappings }: OAuth2Provider, source: RowSource) =>
  property_mappings.map((pk) => source.table(scopeMappings).require(pk).scope_name)

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
  context: Pick<Context, 'call' | 'world' | 'release'>,
): Record<string, unknown> {
  const { call, world } = context
  const { emailIsVerified, idTokenHasJti } = behaviourOf(context)
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
    ...(provider.include_claims_in_id_token ? claimsOf(user, scopes, world, emailIsVerified) : {}),
  }
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
}

/** What an ID token would say that were issued now, for all the provider's scopes and half an hour. */
export function previewOf(provider: OAuth2Provider, user: User, context: Context): Record<string, unknown> {
  const time = Math.floor(context.world.clock.now() / 1000)
  const scopes = scopesOf(provider, context.world)
  return idTokenClaims(
    { provider, user, scopes, authentication: { time }, issued: time, expires: time + 1800 },
    context,
  )
}
