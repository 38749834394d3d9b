/** What can be done with OAuth2 providers. */
import { addressOf } from '../../http/message.ts'
import { invalid, notFound } from '../../rest/errors.ts'
import { operation, type Context } from '../../rest/operation.ts'
import { lastOf, toInteger } from '../../rest/python.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { findRow, idIn, whereAny } from '../../rest/viewset.ts'
import { anyObject, component, integer, readOnly, text } from '../../schema/words.ts'
import { issuerOf } from './id-token.ts'
import { applicationOf, oauth2Providers } from './oauth2-providers.ts'
import { users } from './users.ts'

const OAuth2ProviderSetupURLs = component('OAuth2ProviderSetupURLs', {
  issuer: readOnly(text()),
  authorize: readOnly(text()),
  token: readOnly(text()),
  user_info: readOnly(text()),
  provider_info: readOnly(text()),
  logout: readOnly(text()),
  jwks: readOnly(text()),
})

const PropertyMappingPreview = component('PropertyMappingPreview', { preview: readOnly(anyObject()) })

const viewset = viewsetOperations(oauth2Providers, {
  path: '/providers/oauth2/',
  actions: ['list', 'create', 'retrieve', 'update', 'partial_update', 'destroy', 'used_by'],
  ordering: ['name'],
  title: 'OAuth2 Provider',
})

const common = {
  tag: 'providers',
  method: 'GET',
  resource: oauth2Providers,
  parameters: { id: { schema: integer(), description: 'Which of the providers.' } },
} as const

/** What can be done with OAuth2 providers. */
export const operations = [
  ...viewset.operations,
  operation({
    ...common,
    id: 'providers_oauth2_setup_urls_retrieve',
    view: {
      path: '/providers/oauth2/{id}/setup_urls/',
      name: 'Setup urls',
      description: 'Get Providers setup URLs',
      model: 'oauth2provider',
    },
    filters: {},
    summary: 'Shows where its endpoints stand.',
    responses: { 200: OAuth2ProviderSetupURLs, 404: null },
    resolve: setupUrlsOf,
  }),
  operation({
    ...common,
    id: 'providers_oauth2_preview_user_retrieve',
    view: {
      path: '/providers/oauth2/{id}/preview_user/',
      name: 'Preview user',
      description: 'Preview user data for provider',
      model: 'oauth2provider',
    },
    filters: oauth2Providers.filters,
    summary: 'Shows what an ID token would say of the caller, or of another user.',
    query: { for_user: { schema: integer() } },
    responses: { 200: PropertyMappingPreview, 400: null },
    async resolve(context) {
      const [provider, user] = [viewset.find(context), userOf(context)]
      const { previewOf } = await import('../oidc/claims.ts')
      return { preview: previewOf(provider, user, context) }
    },
  }),
]

function setupUrlsOf(context: Context) {
  const { call, world, serializer } = context
  const lookup = { key: idIn(context), field: 'pk' } as const
  const provider = findRow(context, { resource: oauth2Providers, sees: whereAny }, lookup)
  const slug = applicationOf(provider, world)?.slug
  if (slug === undefined && !serializer.has('setup-urls-unassigned')) throw notFound()
  const base = `${addressOf(call)}/application/o/`
  return {
    issuer: issuerOf(provider, call, world) ?? null,
    authorize: `${base}authorize/`,
    token: `${base}token/`,
    user_info: `${base}userinfo/`,
    provider_info: slug === undefined ? null : `${base}${slug}/.well-known/openid-configuration`,
    logout: slug === undefined ? null : `${base}${slug}/end-session/`,
    ...(slug === undefined ? {} : { jwks: `${base}${slug}/jwks/` }),
    dcr_registration: null,
  }
}

/** The user whom a preview is for. @throws Problem 400 for one who is not there, or whom the caller may not ask for */
function userOf({ query, world, caller }: Context) {
  const user = lastOf(query, 'for_user')
  if (user === undefined) return world.table(users).require(caller.user ?? 0)
  const key = toInteger(user)
  if (key === undefined) throw invalid({ for_user: 'input must be numerical' })
  const row = caller.may('preview_user') ? world.table(users).get(Number(key)) : undefined
  if (!row) throw invalid({ for_user: 'User not found' })
  return row
}
