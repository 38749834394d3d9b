/** What can be done with OAuth2 providers. */
import { operation } from '../../rest/operation.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { anyObject, component, integer, readOnly, text } from '../../schema/words.ts'
import { oauth2Providers } from './oauth2-providers.ts'

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

const load = () => import('../answers/providers.ts')

const viewset = viewsetOperations(oauth2Providers, {
  path: '/providers/oauth2/',
  actions: ['list', 'create', 'retrieve', 'update', 'partial_update', 'destroy', 'used_by'],
  ordering: ['name'],
  title: 'OAuth2 Provider',
  write: async (values, context, row) => (await load()).writeProvider(values, context, row !== undefined),
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
    resolve: async (context) => (await load()).setupUrlsOf(context),
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
      const provider = viewset.find(context)
      return (await load()).previewFor(provider, context)
    },
  }),
]
