/** OAuth2 providers: the clients that authentik grants codes and tokens to. */
import * as z from 'zod/mini'
import { computed, field, type RowOfFields } from '../../rest/field.ts'
import { choosing, containingAny, exactly, filterBy, pointing, widget } from '../../rest/filters.ts'
import { keyIn } from '../../rest/deviation.ts'
import { inLanguage, languageIn } from '../../rest/language.ts'
import type { Context } from '../../rest/operation.ts'
import { partialComponent, resource } from '../../rest/resource.ts'
import {
  boolean,
  choice,
  component,
  integer,
  list,
  nullable,
  oneOf,
  optional,
  text,
  uuid,
  zodSchema,
} from '../../schema/words.ts'
import { toDuration } from '../../store/duration.ts'
import { createRandom } from '../../store/random.ts'
import type { RowSource } from '../../store/resource.ts'
import { behaviourOf } from '../behaviour.ts'
import { authorizationFlowIn } from './default-flows.ts'
import { managedMappings } from './scope-mappings.ts'

/** Whether a client can keep a secret. */
export const ClientTypeEnum = choice('ClientTypeEnum', ['confidential', 'public'])
/** What the `sub` claim holds. */
export const SubModeEnum = choice('SubModeEnum', [
  'hashed_user_id',
  'user_id',
  'user_uuid',
  'user_username',
  'user_email',
  'user_upn',
])
/** Whether each provider is an issuer of its own. */
export const IssuerModeEnum = choice('IssuerModeEnum', ['global', 'per_provider'])
/** How a redirect URI is met, in releases where they are a list. */
const MatchingModeEnum = choice('MatchingModeEnum', ['strict', 'regex'])
/** What a redirect URI is for, from 2026.5 on. */
export const RedirectURITypeEnum = choice('RedirectURITypeEnum', ['authorization', 'logout'])
/** How a provider tells a client that its user has logged out, from 2025.10 on. */
export const OAuth2ProviderLogoutMethodEnum = choice('OAuth2ProviderLogoutMethodEnum', ['backchannel', 'frontchannel'])
/** One redirect URI, from 2024.8.5 on. */
export const RedirectURI = component('RedirectURI', { matching_mode: MatchingModeEnum, url: text() })
/** The same in a body. */
export const RedirectURIRequest = component('RedirectURIRequest', {
  matching_mode: MatchingModeEnum,
  url: text({ minLength: 1 }),
})
/** The grants that a provider gives, from 2026.5 on. */
export const GRANT_TYPES = [
  'authorization_code',
  'implicit',
  'hybrid',
  'refresh_token',
  'client_credentials',
  'password',
  'urn:ietf:params:oauth:grant-type:device_code',
] as const

/** Another grant, from 2026.8 on. */
export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** As kept from 2024.8.5 on; a text with one on each line before. */
const storedURIs = zodSchema(() =>
  z.union([
    text().zod,
    z.array(
      z.strictObject({
        matching_mode: MatchingModeEnum.zod,
        url: text().zod,
        redirect_uri_type: z._default(RedirectURITypeEnum.zod, 'authorization'),
      }),
    ),
  ]),
)

/** What authentik says of every OAuth2 provider. */
const KIND = {
  component: 'ak-provider-oauth2-form',
  verbose_name: 'OAuth2/OpenID Provider',
  verbose_name_plural: 'OAuth2/OpenID Providers',
  meta_model_name: 'authentik_providers_oauth2.oauth2provider',
}
/** What it says of a provider whose kind it does not look up. */
const BASE_KIND = {
  component: '',
  verbose_name: 'provider',
  verbose_name_plural: 'providers',
  meta_model_name: 'authentik_core.provider',
}
type Kind = typeof KIND

const kind =
  (name: keyof Kind) =>
  (row: Partial<Kind>): string =>
    row[name] ?? KIND[name]
const localisedKind = (name: keyof Kind) => (row: Partial<Kind>, context: Context) =>
  inLanguage(languageOfAnswer(context), kind(name)(row))

const languageOfAnswer = ({ release, call }: Context) => languageIn(release.behaviour, call) ?? 'en'

const VALIDITY = 'A duration such as `hours=1;minutes=2`.'
/** What is wrong with a duration; undefined for nothing. */
export const checkDuration = (duration: string | number) =>
  toDuration(String(duration)) === undefined
    ? `${duration} is not in the correct format of 'hours=3;minutes=1'.`
    : undefined
const validity = { description: VALIDITY, filter: exactly, order: true, check: checkDuration }
const flow = { references: 'flows', filter: pointing, order: true }
const noFlow = { references: 'flows', order: true }
const nullableText = nullable(text())

/** The sources that providers name, each list read once: a body may name many. */
const sourcesByRow = new WeakMap<OAuth2Provider, ReadonlySet<string>>()

function sourcesOf(row: OAuth2Provider): ReadonlySet<string> {
  let sources = sourcesByRow.get(row)
  if (!sources) {
    sources = new Set([...row.jwks_sources, ...row.jwt_federation_sources])
    sourcesByRow.set(row, sources)
  }
  return sources
}

/** The key of a source is a random UUID (version 4). */
const RANDOM_UUID = /^[0-9a-f-]{14}4[0-9a-f]{3}-[89ab]/

/** The mock keeps no sources: it knows those that a provider names, and takes any random UUID when none is named. */
function isSource(key: string | number, source: RowSource): boolean {
  let hasSources = false
  for (const row of source.table(oauth2Providers).values()) {
    const sources = sourcesOf(row)
    if (sources.has(String(key))) return true
    hasSources ||= sources.size > 0
  }
  return !hasSources && RANDOM_UUID.test(String(key))
}

const fields = {
  pk: field(integer(), { readOnly: true, order: true }),
  name: field(text(), { unique: { model: 'provider' }, filter: exactly, search: true, order: true }),
  authentication_flow: field(nullable(uuid()), { default: null, ...noFlow }),
  authorization_flow: field(uuid(), {
    stored: nullable(uuid()),
    ever: nullable(uuid()),
    required: true,
    generate: (_random, rows) => authorizationFlowIn(rows),
    cascades: true,
    ...flow,
  }),
  invalidation_flow: field(nullable(uuid()), {
    stored: optional(nullable(uuid())),
    references: 'flows',
    getter: (row) => (row.invalidation_flow === undefined ? row.authorization_flow : row.invalidation_flow),
    addedIn: '2024.10',
  }),
  property_mappings: field(list(uuid()), {
    default: [],
    references: 'scope_mappings',
    description: 'The scopes it knows, as pks of scope mappings.',
    filter: containingAny,
  }),
  component: computed(text(), kind('component')),
  assigned_application_slug: computed(text(), (row, { world }) => applicationOf(row, world)?.slug ?? null, {
    ever: nullableText,
  }),
  assigned_application_name: computed(text(), (row, { world }) => applicationOf(row, world)?.name ?? null, {
    ever: nullableText,
  }),
  assigned_backchannel_application_slug: computed(
    text(),
    (row, { world }) => backchannelApplicationOf(row, world)?.slug ?? null,
    { ever: nullableText },
  ),
  assigned_backchannel_application_name: computed(
    text(),
    (row, { world }) => backchannelApplicationOf(row, world)?.name ?? null,
    { ever: nullableText },
  ),
  verbose_name: computed(text(), localisedKind('verbose_name')),
  verbose_name_plural: computed(text(), localisedKind('verbose_name_plural')),
  meta_model_name: computed(text(), kind('meta_model_name')),
  client_type: field(ClientTypeEnum, {
    default: 'confidential',
    description: 'Whether the client can keep a secret.',
    filter: choosing,
    order: true,
  }),
  grant_types: field(list(text()), {
    stored: list(oneOf([...GRANT_TYPES, TOKEN_EXCHANGE])),
    default: [...GRANT_TYPES],
    addedIn: '2026.5',
  }),
  client_id: field(text({ maxLength: 255 }), {
    generate: (random) => random.key(40),
    unique: { label: 'Client ID' },
    filter: exactly,
    order: true,
  }),
  client_secret: field(text({ maxLength: 255 }), { default: '', generate: (random) => random.key(128), order: true }),
  access_code_validity: field(text(), { default: 'minutes=1', ...validity }),
  access_token_validity: field(text(), { default: 'hours=1', ...validity }),
  refresh_token_validity: field(text(), { default: 'days=30', ...validity }),
  refresh_token_threshold: field(text(), { default: 'seconds=0', check: checkDuration, addedIn: '2025.10' }),
  include_claims_in_id_token: field(boolean(), { default: true, filter: widget, order: true }),
  signing_key: field(nullable(uuid()), {
    default: null,
    references: 'certificates',
    description: 'Without one, tokens are signed with the client secret (HS256).',
    filter: pointing,
    order: true,
  }),
  encryption_key: field(nullable(uuid()), { default: null, references: 'certificates', addedIn: '2024.10' }),
  redirect_uris: field(text(), {
    default: '',
    stored: storedURIs,
    description: 'One on each line.',
    getter: (row, context) =>
      behaviourOf(context).redirectUrisAreList ? listOfUris(row, context) : urisOf(row).join('\n'),
    ever: storedURIs,
  }),
  backchannel_logout_uri: field(text(), {
    stored: optional(text()),
    getter: (row) => row.backchannel_logout_uri ?? row.logout_uri,
    addedIn: '2025.8',
  }),
  logout_uri: field(text(), { default: '', addedIn: '2025.10' }),
  logout_method: field(OAuth2ProviderLogoutMethodEnum, { default: 'backchannel', addedIn: '2025.10' }),
  sub_mode: field(SubModeEnum, {
    default: 'hashed_user_id',
    description: 'What the `sub` claim holds.',
    filter: choosing,
    order: true,
  }),
  issuer_mode: field(IssuerModeEnum, {
    default: 'per_provider',
    description: 'Whether each provider is an issuer of its own.',
    filter: choosing,
    order: true,
  }),
  jwks_sources: field(list(uuid()), { default: [], exists: isSource }),
  jwt_federation_sources: field(list(uuid()), { default: [], exists: isSource, addedIn: '2024.12' }),
  jwt_federation_providers: field(list(integer()), { default: [], references: 'providers', addedIn: '2024.12' }),
}
/** A row of OAuth2 providers. */
export type OAuth2Provider = RowOfFields<typeof fields>

/** The clients that authentik grants codes and tokens to. */
export const oauth2Providers = resource({
  name: 'providers',
  names: { singular: 'oauth2Provider', plural: 'oauth2Providers', state: 'provider', noun: 'a provider' },
  component: 'OAuth2Provider',
  django: {
    app: 'authentik_providers_oauth2',
    className: 'OAuth2Provider',
    verboseName: 'OAuth2/OpenID Provider',
    label: ({ name }) => `OAuth2 Provider ${name}`,
    parent: {
      app: 'authentik_core',
      className: 'Provider',
      label: ({ name }) => name,
      fields: ['authentication_flow', 'authorization_flow', 'invalidation_flow'],
    },
  },
  fields,
  filters: {
    application: pointing<OAuth2Provider>({
      value: (row, source) => applicationOf(row, source)?.pk,
      choices: [],
      target: 'applications',
      schema: uuid(),
    }),
    redirect_uris: filterBy(exactly, (row: OAuth2Provider) => urisOf(row).join('\n')),
  },
  filterOrder: [
    'name',
    'authorization_flow',
    'property_mappings',
    'application',
    'client_type',
    'client_id',
    'access_code_validity',
    'access_token_validity',
    'refresh_token_validity',
    'include_claims_in_id_token',
    'signing_key',
    'redirect_uris',
    'sub_mode',
    'issuer_mode',
  ],
  variant: languageOfAnswer,
  findFault: ({ signing_key, client_secret }) =>
    signing_key === null && client_secret === ''
      ? 'has no key and no secret to sign tokens with. Give it a signing_key, or a client_secret'
      : undefined,
  derive: (row, source) => {
    const application = applicationOf(row, source)
    return {
      ...KIND,
      assigned_application_slug: application?.slug ?? null,
      assigned_application_name: application?.name ?? null,
    }
  },
  count: 6,
  loadSeed: async () => (await import('../seeds.ts')).seedProvider,
  shorthand: {
    names: ['name', 'client_id'],
    defaults: ({ name }, writing) => ({
      client_id: name,
      property_mappings: managedMappings(writing),
      signing_key: writing.rows('certificates')[0]?.['pk'] ?? (writing.lists('certificates') ? null : NEW_KEY),
      redirect_uris: LOOPBACK,
    }),
  },
})

/** The key of a certificate that a world without one gets, because a provider names it. */
const NEW_KEY = createRandom('certificates', 'authentik Self-signed Certificate').uuid()

/** The provider of an application of which a file says no more: that of a page on this machine, called as the application is. */
export const providerFor = (slug: string, name: string) => ({
  name: PREFIX + name,
  client_id: slug,
  client_type: 'public',
})

/** A provider as it stands inside an application. */
export const Provider = partialComponent(oauth2Providers, 'Provider', [
  'pk',
  'name',
  'authentication_flow',
  'authorization_flow',
  'property_mappings',
  'component',
  'assigned_application_slug',
  'assigned_application_name',
  'assigned_backchannel_application_slug',
  'assigned_backchannel_application_name',
  'verbose_name',
  'verbose_name_plural',
  'meta_model_name',
])

/** A provider of a kind that authentik does not look up. */
export const asBaseProvider = (row: OAuth2Provider) => ({ ...row, ...BASE_KIND })

// ---- what stands around one

/** An application, as far as a provider looks at one: the file of applications may not be imported here. */
interface ApplicationRow {
  pk: string
  slug: string
  name: string
  provider: number | null
  policy_engine_mode: 'all' | 'any'
  backchannel_providers: readonly number[]
}

/** The application that a provider stands behind. */
export const applicationOf = ({ pk }: Pick<OAuth2Provider, 'pk'>, source: RowSource) =>
  source.tableNamed<ApplicationRow>('applications').find('provider', pk)

/** The application whose back channel it is. */
const backchannelApplicationOf = ({ pk }: OAuth2Provider, source: RowSource) =>
  [...source.tableNamed<ApplicationRow>('applications').values()].find(({ backchannel_providers }) =>
    backchannel_providers.includes(pk),
  )

function listOfUris({ redirect_uris: uris }: OAuth2Provider, { release }: Context) {
  if (typeof uris === 'string')
    return uris
      .split('\n')
      .filter(Boolean)
      .map((url) => toRedirectUri(url))
  // What a release does not tell from the others, it does not have.
  return keyIn(release, 'RedirectURI', 'redirect_uri_type') ? uris : uris.filter(isForLogin)
}

/** Whether a code may be sent there; to the others a browser comes that has logged out. */
export const isForLogin = ({ redirect_uri_type }: { redirect_uri_type?: string }) => redirect_uri_type !== 'logout'

/** The addresses of a provider that a code may be sent to, however they are kept. */
export const urisOf = ({ redirect_uris: uris }: Pick<OAuth2Provider, 'redirect_uris'>) =>
  typeof uris === 'string' ? uris.split('\n') : uris.filter(isForLogin).map(({ url }) => url)

// ---- as a world has them

/** authentik's own wizard names a provider after the application that it stands behind. */
export const PREFIX = 'Provider for '

/** Where dev servers listen: of Next, Vite, Angular, Astro, Vue and others. */
const DEV_PORTS = [5173, 3000, 3001, 4173, 4200, 4321, 5174, 8000, 8080]

/**
 * Any address on this machine. A page on another port than those beside it may log in, and not read the answers:
 * authentik compares its origin with an address, and never with a pattern (docs/authentik.md#cors).
 */
export const LOOPBACK = [
  ...DEV_PORTS.flatMap((port) => ['localhost', '127.0.0.1'].map((host) => toRedirectUri(`http://${host}:${port}/`))),
  ...(['authorization', 'logout'] as const).map((type) =>
    toRedirectUri(String.raw`http://(localhost|127\.0\.0\.1)(:\d+)?(/.*)?`, 'regex', type),
  ),
]

export function toRedirectUri(
  url: string,
  matching_mode: 'strict' | 'regex' = 'strict',
  redirect_uri_type: 'authorization' | 'logout' = 'authorization',
) {
  return { matching_mode, url, redirect_uri_type }
}
