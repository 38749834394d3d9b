/** What an ID token says of a user, and who says it (docs/authentik.md#id-tokens). */
import { addressOf, type Call } from '../../http/message.ts'
import { toPythonText } from '../../rest/python.ts'
import type { RowSource } from '../../store/resource.ts'
import { groups } from './groups.ts'
import { applicationOf, type OAuth2Provider } from './oauth2-providers.ts'
import { scopeMappings } from './scope-mappings.ts'
import { isSuperuser, type User } from './users.ts'

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
 * The claims that scopes give by authentik's own mappings; a scope that it has no mapping of gives none.
 * @param emailIsVerified whether an address counts as verified
 */
export function managedClaimsOf(
  user: User,
  scopes: readonly string[],
  source: RowSource,
  emailIsVerified: boolean,
): Record<string, unknown> {
  const claims = scopes.toSorted().map((scope) => CLAIMS.get(scope)?.(user, source, emailIsVerified))
  return Object.assign({}, ...claims)
}

/** Whether authentik has a mapping of its own for a scope. */
export const isManagedScope = (scope: string): boolean => CLAIMS.has(scope)

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
  // Nobody in a world is entitled to anything.
  ['entitlements', () => ({ entitlements: [], roles: [] })],
  [
    'ak_proxy',
    (user, source) => ({
      ak_proxy: { user_attributes: groupAttributesOf(user, source), is_superuser: isSuperuser(user, source) },
    }),
  ],
  ['openid', () => ({})],
  ['offline_access', () => ({})],
  ['goauthentik.io/api', () => ({})],
])

/** The attributes of a user's groups, those of the user before them. */
const groupAttributesOf = (user: User, source: RowSource): Record<string, unknown> =>
  Object.assign({}, ...user.groups.map((group) => source.table(groups).require(group).attributes), user.attributes)

/** The scopes that a provider knows. */
export const scopesOf = ({ property_mappings }: OAuth2Provider, source: RowSource) =>
  property_mappings.flatMap((pk) => source.table(scopeMappings).get(pk)?.scope_name ?? [])
