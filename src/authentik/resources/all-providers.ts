/** Providers of every kind, of which the mock keeps those of OAuth2. */
import { filterBy, selectBox } from '../../rest/filters.ts'
import { viewOf } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { mayDestroyKind } from './all-kinds.ts'
import { applicationOf, oauth2Providers, Provider, type OAuth2Provider } from './oauth2-providers.ts'
import { typesOperation } from './types.ts'

const allProviders = viewOf(oauth2Providers, {
  noun: 'a provider',
  django: { app: 'authentik_core', className: 'Provider', label: ({ name }: OAuth2Provider) => name },
  component: () => Provider,
  filters: () => ({
    application__isnull: filterBy(selectBox, (row: OAuth2Provider, source) => !applicationOf(row, source)),
    // None is the back channel of an application alone.
    backchannel: filterBy(selectBox, () => false),
  }),
  search: (row: OAuth2Provider, source) => [row.name, applicationOf(row, source)?.name ?? ''],
})

/** What can be done with providers of every kind. */
export const operations = [
  ...viewsetOperations(allProviders, {
    path: '/providers/all/',
    actions: ['list', 'retrieve', 'destroy', 'used_by'],
    ordering: ['name'],
    mayDestroy: mayDestroyKind('oauth2provider'),
  }).operations,
  typesOperation('providers_all_types_list', '/providers/all/types/', 'providers'),
]
