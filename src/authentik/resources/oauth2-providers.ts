/** OAuth2 providers: the clients that authentik grants codes and tokens to. */
import { inLanguage, languageOf } from '../../rest/language.ts'
import type { Context } from '../../rest/operation.ts'
import { resource, type Known } from '../../store/resource.ts'
import {
  boolean,
  choice,
  component,
  described,
  integer,
  list,
  nullable,
  optional,
  patched,
  readOnly,
  text,
  uuid,
} from '../../schema/words.ts'
import { defaulted, derived, model, type RowOf } from './model.ts'
import { scopeMappings } from './scope-mappings.ts'

export const CLIENT_TYPES = ['confidential', 'public'] as const
export const SUB_MODES = ['hashed_user_id', 'user_id', 'user_uuid', 'user_username', 'user_email', 'user_upn'] as const
export const ISSUER_MODES = ['global', 'per_provider'] as const
export const ClientTypeEnum = choice('ClientTypeEnum', CLIENT_TYPES)
export const SubModeEnum = choice('SubModeEnum', SUB_MODES)
export const IssuerModeEnum = choice('IssuerModeEnum', ISSUER_MODES)

const VALIDITY = 'A span such as `hours=1;minutes=2`.'

// ---- as documented

/** The keys of every kind of provider. */
const PROVIDER_KEYS = {
  pk: readOnly(integer()),
  name: text(),
  authentication_flow: optional(nullable(uuid())),
  authorization_flow: uuid(),
  property_mappings: described(optional(list(uuid())), 'The scopes it knows, as pks of scope mappings.'),
  component: readOnly(text()),
  assigned_application_slug: readOnly(text()),
  assigned_application_name: readOnly(text()),
  assigned_backchannel_application_slug: readOnly(text()),
  assigned_backchannel_application_name: readOnly(text()),
  verbose_name: readOnly(text()),
  verbose_name_plural: readOnly(text()),
  meta_model_name: readOnly(text()),
}

/** A provider as it stands inside an application. */
export const Provider = component('Provider', PROVIDER_KEYS)

/** A provider as it stands inside a grant, its secret in clear (FACTS 2.3). */
export const OAuth2Provider = component('OAuth2Provider', {
  ...PROVIDER_KEYS,
  client_type: described(optional(ClientTypeEnum), 'Whether the client can keep a secret.'),
  client_id: optional(text({ maxLength: 255 })),
  client_secret: optional(text({ maxLength: 255 })),
  access_code_validity: described(optional(text()), VALIDITY),
  access_token_validity: described(optional(text()), VALIDITY),
  refresh_token_validity: described(optional(text()), VALIDITY),
  include_claims_in_id_token: optional(boolean()),
  signing_key: described(optional(nullable(uuid())), 'Without one, tokens are signed with the client secret (HS256).'),
  redirect_uris: described(optional(text()), 'One on each line.'),
  sub_mode: described(optional(SubModeEnum), 'What the `sub` claim holds.'),
  issuer_mode: described(optional(IssuerModeEnum), 'Whether each provider is an issuer of its own.'),
  jwks_sources: optional(list(uuid())),
})

const validity = text({ minLength: 1 })

/** What a provider is made from. */
const REQUEST = {
  name: text({ minLength: 1 }),
  authentication_flow: optional(nullable(uuid())),
  authorization_flow: uuid(),
  property_mappings: optional(list(uuid())),
  client_type: described(optional(ClientTypeEnum), 'confidential unless said.'),
  client_id: optional(text({ minLength: 1, maxLength: 255 })),
  client_secret: optional(text({ maxLength: 255 })),
  access_code_validity: described(optional(validity), VALIDITY),
  access_token_validity: described(optional(validity), VALIDITY),
  refresh_token_validity: described(optional(validity), VALIDITY),
  include_claims_in_id_token: optional(boolean()),
  signing_key: optional(nullable(uuid())),
  redirect_uris: optional(text()),
  sub_mode: described(optional(SubModeEnum), 'What the `sub` claim holds.'),
  issuer_mode: described(optional(IssuerModeEnum), 'Whether each provider is an issuer of its own.'),
  jwks_sources: optional(list(uuid())),
}
export const OAuth2ProviderRequest = component('OAuth2ProviderRequest', REQUEST)
export const PatchedOAuth2ProviderRequest = patched(OAuth2ProviderRequest)

// ---- as kept

/** What authentik says of every OAuth2 provider. */
const KIND = {
  component: 'ak-provider-oauth2-form',
  verbose_name: 'OAuth2/OpenID Provider',
  verbose_name_plural: 'OAuth2/OpenID Providers',
  meta_model_name: 'authentik_providers_oauth2.oauth2provider',
} as const

/** One redirect URI, from 2024.8.5. */
const MatchingModeEnum = choice('MatchingModeEnum', ['strict', 'regex'])
export const RedirectURI = component('RedirectURI', { matching_mode: MatchingModeEnum, url: text() })
export const RedirectURIRequest = component('RedirectURIRequest', {
  matching_mode: MatchingModeEnum,
  url: text({ minLength: 1 }),
})

/** What a redirect URI is for, and the grants that a provider gives, from 2026.5. */
export const RedirectURITypeEnum = choice('RedirectURITypeEnum', ['authorization', 'logout'])
export const GRANT_TYPES = [
  'authorization_code',
  'implicit',
  'hybrid',
  'refresh_token',
  'client_credentials',
  'password',
  'urn:ietf:params:oauth:grant-type:device_code',
] as const

/** How a provider tells a client that its user has logged out, from 2025.10. */
export const OAuth2ProviderLogoutMethodEnum = choice('OAuth2ProviderLogoutMethodEnum', ['backchannel', 'frontchannel'])

/** As kept from 2024.8.5 on; a text with one on each line before. */
const KeptURI = model({
  matching_mode: MatchingModeEnum,
  url: text(),
  redirect_uri_type: defaulted(RedirectURITypeEnum, 'authorization'),
})

const Row = model({
  pk: integer(),
  name: text(),
  authentication_flow: defaulted(nullable(uuid()), null),
  authorization_flow: nullable(uuid()),
  property_mappings: defaulted(list(uuid()), []),
  component: derived(text()),
  assigned_application_slug: derived(nullable(text())),
  assigned_application_name: derived(nullable(text())),
  assigned_backchannel_application_slug: optional(nullable(text())),
  assigned_backchannel_application_name: optional(nullable(text())),
  verbose_name: derived(text()),
  verbose_name_plural: derived(text()),
  meta_model_name: derived(text()),
  client_type: defaulted(ClientTypeEnum, 'confidential'),
  client_id: text({ maxLength: 255 }),
  client_secret: defaulted(text({ maxLength: 255 }), ''),
  access_code_validity: defaulted(text(), 'minutes=1'),
  access_token_validity: defaulted(text(), 'hours=1'),
  refresh_token_validity: defaulted(text(), 'days=30'),
  include_claims_in_id_token: defaulted(boolean(), true),
  signing_key: defaulted(nullable(uuid()), null),
  redirect_uris: text().or(KeptURI.array()).default(''),
  sub_mode: defaulted(SubModeEnum, 'hashed_user_id'),
  issuer_mode: defaulted(IssuerModeEnum, 'per_provider'),
  jwks_sources: defaulted(list(uuid()), []),
  // from 2024.10
  invalidation_flow: optional(nullable(uuid())),
  encryption_key: defaulted(nullable(uuid()), null),
  // from 2024.12
  jwt_federation_sources: defaulted(list(uuid()), []),
  jwt_federation_providers: defaulted(list(integer()), []),
  // from 2025.8
  refresh_token_threshold: defaulted(text(), 'seconds=0'),
  logout_uri: defaulted(text(), ''),
  backchannel_logout_uri: optional(text()),
  logout_method: defaulted(OAuth2ProviderLogoutMethodEnum, 'backchannel'),
  // from 2026.5
  grant_types: defaulted(list(text()), [...GRANT_TYPES]),
})
export type OAuth2Provider = RowOf<typeof Row>

export const oauth2Providers = resource<OAuth2Provider>({
  name: 'providers',
  key: 'pk',
  unique: ['name', 'client_id'],
  model: Row,
  references: { property_mappings: scopeMappings },
  django: {
    app: 'authentik_providers_oauth2',
    model: 'oauth2provider',
    className: 'OAuth2Provider',
    words: ({ name }) => name,
  },
  count: () => SEEDED.length,
  seed({ number, faker, dice, known }) {
    const origin = `https://${faker.internet.domainWord()}.example.com`
    return {
      pk: number,
      name: `${PREFIX}${faker.commerce.productName()} ${number}`,
      authentication_flow: number % 2 === 0 ? faker.string.uuid() : null,
      authorization_flow: faker.string.uuid(),
      property_mappings: [...known.rows(scopeMappings).all()].map((mapping) => mapping.pk),
      client_type: 'confidential',
      client_id: dice.key(40),
      client_secret: dice.key(128),
      access_code_validity: 'minutes=1',
      access_token_validity: 'hours=1',
      refresh_token_validity: 'days=30',
      include_claims_in_id_token: true,
      signing_key: number === 1 ? faker.string.uuid() : null,
      redirect_uris: `${origin}/callback\nhttp://localhost:8080/callback`,
      sub_mode: 'hashed_user_id',
      issuer_mode: 'per_provider',
      jwks_sources: [],
      invalidation_flow: faker.string.uuid(),
      encryption_key: null,
      jwt_federation_sources: [],
      jwt_federation_providers: [],
      refresh_token_threshold: 'seconds=0',
      logout_uri: '',
      logout_method: 'backchannel',
      grant_types: [...GRANT_TYPES],
      ...SEEDED[number - 1],
    }
  },
  derive: (row, known) => ({ ...KIND, ...toAssigned(row, known) }),
})

/** authentik's own wizard names a provider after the application that it stands behind. */
export const PREFIX = 'Provider for '

const SEEDED: Partial<OAuth2Provider>[] = [
  {},
  { client_type: 'public', sub_mode: 'user_username', issuer_mode: 'global' },
  { include_claims_in_id_token: false, sub_mode: 'user_email', access_code_validity: 'minutes=2;seconds=30' },
  { sub_mode: 'user_uuid' },
]

// ---- as answered

/** With the keys of every release; what is written is what the release has. */
export function toOAuth2Provider(row: OAuth2Provider, { world, release, call }: Context) {
  const language = release.behaviour.speaksLanguages ? languageOf(call) : 'en'
  return {
    pk: row.pk,
    name: row.name,
    authentication_flow: row.authentication_flow,
    authorization_flow: row.authorization_flow,
    invalidation_flow: row.invalidation_flow === undefined ? row.authorization_flow : row.invalidation_flow,
    property_mappings: row.property_mappings,
    ...KIND,
    verbose_name: inLanguage(language, KIND.verbose_name),
    verbose_name_plural: inLanguage(language, KIND.verbose_name_plural),
    ...toAssigned(row, world),
    assigned_backchannel_application_slug: row.assigned_backchannel_application_slug ?? null,
    assigned_backchannel_application_name: row.assigned_backchannel_application_name ?? null,
    client_type: row.client_type,
    grant_types: row.grant_types,
    client_id: row.client_id,
    client_secret: row.client_secret,
    access_code_validity: row.access_code_validity,
    access_token_validity: row.access_token_validity,
    refresh_token_validity: row.refresh_token_validity,
    refresh_token_threshold: row.refresh_token_threshold,
    include_claims_in_id_token: row.include_claims_in_id_token,
    signing_key: row.signing_key,
    encryption_key: row.encryption_key,
    redirect_uris: release.behaviour.listsRedirectUris ? listOf(row) : urisOf(row).join('\n'),
    backchannel_logout_uri: row.backchannel_logout_uri ?? row.logout_uri,
    logout_uri: row.logout_uri,
    logout_method: row.logout_method,
    sub_mode: row.sub_mode,
    issuer_mode: row.issuer_mode,
    jwks_sources: row.jwks_sources,
    jwt_federation_sources: row.jwt_federation_sources,
    jwt_federation_providers: row.jwt_federation_providers,
  }
}

const listOf = ({ redirect_uris: kept }: OAuth2Provider) =>
  typeof kept === 'string'
    ? kept
        .split('\n')
        .filter(Boolean)
        .map((url) => ({ matching_mode: 'strict', url, redirect_uri_type: 'authorization' }))
    : kept

/** The redirect URIs of a provider, however they are kept. */
export const urisOf = ({ redirect_uris: kept }: OAuth2Provider) =>
  typeof kept === 'string' ? kept.split('\n') : kept.map(({ url }) => url)

/** The application that a provider stands behind, whose file this one may not import. */
export const applicationOf = ({ pk }: OAuth2Provider, known: Known) =>
  known.named('applications').find('provider', pk) as { slug: string; name: string } | undefined

function toAssigned(
  row: OAuth2Provider,
  known: Known,
): { assigned_application_slug: string | null; assigned_application_name: string | null } {
  const application = applicationOf(row, known)
  return { assigned_application_slug: application?.slug ?? null, assigned_application_name: application?.name ?? null }
}
