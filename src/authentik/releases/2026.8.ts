/** Devices authenticate themselves, several users share a session, tokens are exchanged, clients register themselves. */
import { inEach, placedAfter } from '../../schema/amend.ts'
import {
  boolean,
  choice,
  dateTime,
  integer,
  list,
  nullable,
  optional,
  readOnly,
  text,
  uuid,
  withDefault,
} from '../../schema/words.ts'
import { LIST_QUERY } from '../../rest/operation.ts'
import { flowFilter } from '../resources/brands.ts'
import { actionsFilter, EventActions, events, ofContext } from '../resources/events.ts'
import { CAPABILITIES } from '../resources/config.ts'
import { GRANT_TYPES, TOKEN_EXCHANGE } from '../resources/oauth2-providers.ts'
import { UserSelf } from '../resources/user-self.ts'
import { ACTIONS_OF_2026_2 } from './2026.2.ts'
import { first as previous, lastingFlags } from './2026.5.ts'
import { changesSince, inEachOperation, releaseLine } from './note.ts'

const schemes = ['authentik_device_auth']
const ACCESS_REQUESTS = ['created', 'approved', 'denied', 'revoked'].map((word) => `access_request_${word}`)
const optionalFlow = optional(nullable(uuid()))

/** What events are written of, from 2026.8 on. */
const ACTIONS_OF_2026_8 = ACTIONS_OF_2026_2.flatMap((action) => {
  if (action === 'user_write') return [action, 'user_offboarded']
  return action === 'review_completed' ? [action, ...ACCESS_REQUESTS] : [action]
}) as unknown as [string, ...string[]]

const first = changesSince(previous, '2026.8.0', {
  behaviour: { usersBecomeInternal: false },
  components: {
    Application: { pbm_uuid: placedAfter('pk', readOnly(uuid())) },
    ...inEach(['Provider'], { authorization_flow: optionalFlow, invalidation_flow: optionalFlow }),
    SessionUser: { users: list(UserSelf) },
    UserSelf: { is_current: placedAfter('is_superuser', readOnly(boolean())) },
    OAuth2ProviderSetupURLs: { dcr_registration: readOnly(nullable(text())) },
    GrantTypesEnum: choice('GrantTypeEnum', [...GRANT_TYPES, TOKEN_EXCHANGE]),
    CapabilitiesEnum: choice('CapabilitiesEnum', [...CAPABILITIES, 'can_request', 'can_agent_self_service']),
  },
  management: () => ({
    components: {
      ...inEach(['Brand', 'BrandRequest'], {
        branding_map_tiles: placedAfter('branding_default_flow_background', optional(text())),
        flow_user_switch: placedAfter('flow_authentication', optionalFlow),
        flow_request: placedAfter('flow_lockdown', optionalFlow),
      }),
      CurrentBrand: {
        branding_map_tiles: placedAfter('branding_custom_css', text()),
        flow_user_switch: placedAfter('flow_authentication', optional(text())),
        flow_request: placedAfter('flow_lockdown', optional(text())),
        flags: lastingFlags(),
      },
      EventActions: choice('EventActions', ACTIONS_OF_2026_8),
      PolicyBinding: { expires: readOnly(nullable(dateTime())), expiring: readOnly(boolean()) },
    },
    operations: {
      core_brands_list: {
        filters: { flow_request: flowFilter('flow_request'), flow_user_switch: flowFilter('flow_user_switch') },
      },
      events_events_top_per_user_list: {
        query: {
          action: null,
          ordering: LIST_QUERY['ordering'] ?? null,
          search: LIST_QUERY['search'] ?? null,
          top_n: { schema: withDefault(integer(), 15) },
        },
        filters: {
          ...events.filters,
          actions: actionsFilter(ACTIONS_OF_2026_8),
          context_device: ofContext('device', 'pk'),
        },
        documents: { actions: list(EventActions()) },
      },
      ...inEachOperation(['events_events_list', 'events_events_volume_list'], {
        filters: { actions: actionsFilter(ACTIONS_OF_2026_8) },
      }),
    },
  }),
  operations: { 'core_users_*': { schemes }, 'core_groups_*': { schemes } },
})

/** 2026.8. */
export const line = releaseLine('2026.8', 3, first)
