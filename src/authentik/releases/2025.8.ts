/** Lists say what a search can name, users are found by when they came and changed, groups list those below them, clients are told of a logout. */
import { instants } from '../../rest/filters.ts'
import { inEach, placedAfter } from '../../schema/amend.ts'
import {
  anyObject,
  boolean,
  component,
  dateTime,
  list,
  nullable,
  objectOf,
  optional,
  readOnly,
  uri,
  uuid,
  withDefault,
} from '../../schema/words.ts'
import { ACTIONS, actionsFilter } from '../resources/events.ts'
import { RELATED_GROUP } from '../resources/groups.ts'
import type { User } from '../resources/users.ts'
import { first as previous } from './2025.6.ts'
import { assignedApplicationsMayBeNull } from './assigned-applications.ts'
import { changesSince, inEachOperation, releaseLine } from './note.ts'

/** The flags of a brand, none of which is set. */
export const flags = (...names: string[]) =>
  readOnly(objectOf(Object.fromEntries(names.map((name) => [name, boolean()]))))

/** What a search box may offer. */
export const autocomplete = component('Autocomplete', {}, { additionalProperties: {} })
const include_children = { schema: withDefault(boolean(), false) }

/** 2025.8.0, which the next line follows. */
export const first = changesSince(previous, '2025.8.0', {
  components: {
    'Paginated*List': { autocomplete },
    User: { last_updated: readOnly(dateTime()) },
    Group: {
      children: optional(list(uuid())),
      children_obj: readOnly(nullable(list(component('GroupChild', RELATED_GROUP)))),
    },
    GroupRequest: { children: optional(list(uuid())) },
    ...inEach(['OAuth2Provider', 'OAuth2ProviderRequest'], {
      backchannel_logout_uri: placedAfter('redirect_uris', optional(uri())),
    }),
  },
  management: () => ({
    operations: inEachOperation(['events_events_list', 'events_events_volume_list'], {
      filters: { actions: actionsFilter(ACTIONS) },
    }),
    components: {
      ...inEach(['Brand', 'BrandRequest'], { attributes: optional(anyObject()) }),
      CurrentBrand: { flags: flags('policies_buffered_access_view') },
      // Their pages are of a kind of their own.
      'PaginatedExtra*ObjectPermissionList': { autocomplete: null },
      ...inEach(['Event', 'EventRequest'], {
        user: optional(anyObject()),
        context: optional(anyObject()),
        brand: optional(anyObject()),
      }),
    },
  }),
  operations: {
    core_groups_list: { query: { include_children } },
    core_groups_retrieve: { query: { include_children } },
    core_users_list: {
      filters: {
        ...instants<User>('date_joined', (row) => row.date_joined),
        ...instants<User>('last_updated', (row) => row.last_updated),
      },
    },
  },
  behaviour: { serverUrl: '/api/v3', versionIsLatest: true, searchFindsBooleans: false, slugsAreReserved: true },
})

/** 2025.8.2, which refuses a blank password (goauthentik/authentik#16469). */
const second = changesSince(first, '2025.8.2', { behaviour: { newPasswordsAreChecked: true } })

/** 2025.8. */
export const line = releaseLine(
  '2025.8',
  6,
  first,
  second,
  changesSince(second, '2025.8.6', assignedApplicationsMayBeNull),
)
