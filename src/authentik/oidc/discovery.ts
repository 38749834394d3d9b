/** What a provider says of itself to clients (OpenID Connect Discovery 1.0, RFC 8414), and the keys that it signs with. */
import { addressOf, baseOf, type Reply } from '../../http/message.ts'
import { applications } from '../resources/applications.ts'
import { issuerOf, scopesOf } from '../resources/id-token.ts'
import { claimsOf } from './claims.ts'
import { oauth2Providers, type OAuth2Provider } from '../resources/oauth2-providers.ts'
import type { User } from '../resources/users.ts'
import { allowOrigin } from './cors.ts'
import { behaviourIn, empty, json, redirect, type OAuthContext, type OAuthEndpoint } from './endpoint.ts'
import { algorithmFor, publicKeysOf } from './signing.ts'

/** The grants that every provider says it gives. */
const GRANT_TYPES = [
  'authorization_code',
  'refresh_token',
  'implicit',
  'client_credentials',
  'password',
  'urn:ietf:params:oauth:grant-type:device_code',
]

/** Claims of every token; those of the scopes follow. */
const CLAIMS = ['sub', 'iss', 'aud', 'exp', 'iat', 'auth_time', 'acr', 'amr', 'nonce']

/** The provider behind the application that the path names. */
function providerIn({ params, world }: OAuthContext): OAuth2Provider | undefined {
  const application = world.table(applications).find('slug', params['slug'] ?? '')
  return application?.provider ? world.table(oauth2Providers).get(application.provider) : undefined
}

/** Says which application with a provider is not there, and which are. */
export function missingProvider({ params, world }: OAuthContext): string {
  const slugs = [...world.table(applications).values()].flatMap(({ slug, provider }) =>
    provider === null ? [] : [slug],
  )
  const remedy = slugs.length > 0 ? `There are: ${slugs.slice(0, 20).join(', ')}` : 'The world has none'
  return `there is no application "${params['slug'] ?? ''}" with a provider. ${remedy}`
}

/** Addresses of the endpoints, as discovery and `setup_urls` name them. */
export function endpointUrls(address: string, slug: string) {
  const base = `${address}/application/o/`
  return {
    authorization_endpoint: `${base}authorize/`,
    token_endpoint: `${base}token/`,
    userinfo_endpoint: `${base}userinfo/`,
    end_session_endpoint: `${base}${slug}/end-session/`,
    introspection_endpoint: `${base}introspect/`,
    revocation_endpoint: `${base}revoke/`,
    device_authorization_endpoint: `${base}device/`,
    jwks_uri: `${base}${slug}/jwks/`,
  }
}

async function describe(context: OAuthContext): Promise<Reply> {
  const { call, params, world } = context
  const provider = providerIn(context)
  if (!provider) return context.notFound(missingProvider(context))
  const { jwks_uri, ...urls } = endpointUrls(addressOf(call), params['slug'] ?? '')
  const { discoveryNamesBackchannel } = behaviourIn(context)
  const scopes = scopesOf(provider, world)
  const claims = Object.keys(claimsOf({ user: NOBODY, scopes, provider }, context))
  const document = {
    issuer: issuerOf(provider, call, world),
    ...urls,
    ...(discoveryNamesBackchannel
      ? { backchannel_logout_supported: true, backchannel_logout_session_supported: true }
      : {}),
    response_types_supported: [
      'code',
      'id_token',
      'id_token token',
      'code token',
      'code id_token',
      'code id_token token',
    ],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    jwks_uri,
    grant_types_supported: GRANT_TYPES,
    id_token_signing_alg_values_supported: [await algorithmFor(provider, world)],
    subject_types_supported: ['public'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    acr_values_supported: ['goauthentik.io/providers/oauth2/default'],
    scopes_supported: scopes.includes('openid') ? scopes : [...scopes, 'openid'],
    request_parameter_supported: false,
    claims_supported: [...CLAIMS, ...claims],
    claims_parameter_supported: false,
    code_challenge_methods_supported: ['plain', 'S256'],
  }
  return allowOrigin(json(200, document, [], 2), context, provider)
}

/** Whose claims are computed where nobody is logged in. */
const NOBODY = { email: '', name: '', username: '', groups: [] as string[], attributes: {} } as Partial<User> as User

/** The document of a provider. */
export const discovery: OAuthEndpoint = {
  methods: { GET: describe },
  options: (context) => allowOrigin(empty(200, [['Allow', 'GET, HEAD, OPTIONS']]), context, undefined),
}

/** The same document where RFC 8414 has it, from 2025.8 on. */
export const serverMetadata: OAuthEndpoint = {
  ...discovery,
  methods: {
    GET: (context) =>
      behaviourIn(context).hasServerMetadata
        ? describe(context)
        : context.notFound(`authentik ${context.release.version} has no such document, which came with 2025.8`),
  },
}

/** Leads to the document, whatever the method is. */
export const root: OAuthEndpoint = {
  methods: {},
  every: ({ call, params }) =>
    redirect(
      `${baseOf(call)}/application/o/${encodeURIComponent(params['slug'] ?? '')}/.well-known/openid-configuration`,
    ),
}

/** The keys that a provider signs with. */
export const jwks: OAuthEndpoint = {
  methods: {
    async GET(context) {
      const provider = providerIn(context)
      if (!provider) return context.notFound(missingProvider(context))
      const { jwksBeginWithAlgorithm, kidIsLong } = behaviourIn(context)
      const form = { beginsWithAlgorithm: jwksBeginWithAlgorithm, hasLongKid: kidIsLong }
      const keys = await publicKeysOf(provider, context.world, form)
      return json(200, keys.length ? { keys } : {}, [['Access-Control-Allow-Origin', '*']])
    },
  },
}
