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
const scopesOf = ({ property_mappings }: OAuth2Provider, source: RowSource) =>
  property_mappings.map((pk) => source.table(scopeMappings).require(pk).scope_name)

/** What an ID token would say that were issued now, for all the provider's scopes and half an hour. */
export function previewOf(provider: OAuth2Provider, user: User, context: Context): Record<string, unknown> {
  const { call, world } = context
  const { idTokenHasJti, emailIsVerified } = behaviourOf(context)
  const now = Math.floor(world.clock.now() / 1000)
  const iss = issuerOf(provider, call, world)
  const claims = provider.include_claims_in_id_token
    ? claimsOf(user, scopesOf(provider, world), world, emailIsVerified)
    : {}
  return {
    ...(iss === undefined ? {} : { iss }),
    sub: subjectOf(user, provider),
    aud: provider.client_id,
    exp: now + 1800,
    iat: now,
    auth_time: now,
    acr: 'goauthentik.io/providers/oauth2/default',
    ...(idTokenHasJti ? { jti: world.random.key(40) } : {}),
    ...claims,
  }
}
