/** Who may view API tokens is shown all of them; a list of groups says what a search can name, and a group may stand above itself; users are found by their last login; roles have long names; an ID token has an identifier; an application without a provider says so as documented from 2026.2.2 on, as @goauthentik/api knows it. */
import { filterBy, instants, isNull } from '../../rest/filters.ts'
import { choice, nullable, readOnly, text } from '../../schema/words.ts'
import { actionsFilter, eventActions } from '../resources/events.ts'
import { FRAMED_LAYOUTS, LAYOUTS } from '../resources/flows.ts'
import { Provider } from '../resources/oauth2-providers.ts'
import { roleFilters } from '../resources/roles.ts'
import type { User } from '../resources/users.ts'
import { flags } from './2025.8.ts'
import { second as previous } from './2025.12.ts'
import { bareProviders } from './bare-providers.ts'
import { changesSince, inEachOperation, releaseLine } from './note.ts'

/** What events are written of, from 2026.2 on. */
export const ACTIONS_OF_2026_2 = [
  ...eventActions('configuration_error', 'configuration_warning').slice(0, -1),
  'export_ready',
  'review_initiated',
  'review_overdue',
  'review_attested',
  'review_completed',
  'custom_',
] as unknown as [string, ...string[]]

const first = changesSince(previous, '2026.2.0', {
  components: { Role: { name: text() }, FlowLayoutEnum: choice('FlowLayoutEnum', [...LAYOUTS, ...FRAMED_LAYOUTS]) },
  management: () => ({
    components: {
      EventActions: choice('EventActions', ACTIONS_OF_2026_2),
      RoleRequest: { name: text({ minLength: 1 }) },
      CurrentBrand: {
        flags: flags(
          'enterprise_audit_include_expanded_diff',
          'policies_buffered_access_view',
          'flows_continuous_login',
          'flows_refresh_others',
        ),
      },
    },
    operations: {
      rbac_roles_list: { filters: { ak_groups: null, ...roleFilters('groups') } },
      rbac_permissions_list: { filters: { user: null } },
      ...inEachOperation(['events_events_list', 'events_events_volume_list'], {
        filters: { actions: actionsFilter(ACTIONS_OF_2026_2) },
      }),
    },
  }),
  operations: {
    crypto_certificatekeypairs_list: { query: { include_details: null } },
    core_users_list: {
      filters: {
        ...instants<User>('last_login', (row) => row.last_login),
        last_login__isnull: filterBy(isNull, (row: User) => row.last_login),
      },
    },
  },
  behaviour: {
    idTokenHasJti: true,
    groupsUseUsersTwice: true,
    groupsOfferSearch: true,
    tokensAreListedByPermission: true,
  },
})

const second = changesSince(first, '2026.2.2', {
  components: { Application: { provider_obj: readOnly(nullable(Provider)) } },
})

/** 2026.2.3, in which a provider inside a code or token is bare (CVE-2026-40166); the next line follows it. */
export const third = changesSince(second, '2026.2.3', bareProviders)

/** 2026.2. */
export const line = releaseLine('2026.2', 3, first, second, third)
