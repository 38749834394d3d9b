/** Lists say what a search can name, users are found by when they came and changed, groups list those below them, clients are told of a logout. */
import { instants } from '../../rest/filters.ts'
import { inEach, placedAfter } from '../../schema/amend.ts'
import {
  boolean,
  component,
  dateTime,
  list,
  nullable,
  optional,
  readOnly,
  uri,
  uuid,
  withDefault,
} from '../../schema/words.ts'
import { RELATED_GROUP } from '../resources/groups.ts'
import type { User } from '../resources/users.ts'
import { first as previous } from './2025.6.ts'
import { assignedApplicationsMayBeNull } from './assigned-applications.ts'
import { changesSince, releaseLine } from './note.ts'

const include_children = { schema: withDefault(boolean(), false) }

/** 2025.8.0, which the next line follows. */
export const first = changesSince(previous, '2025.8.0', {
  components: {
    'Paginated*List': { autocomplete: component('Autocomplete', {}, { additionalProperties: {} }) },
    User: { last_updated: readOnly(dateTime()) },
    Group: {
      children: optional(list(uuid())),
      children_obj: readOnly(nullable(list(component('GroupChild', RELATED_GROUP)))),
    },
    ...inEach(['OAuth2Provider', 'OAuth2ProviderRequest'], {
      backchannel_logout_uri: placedAfter('redirect_uris', optional(uri())),
    }),
  },
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
  behaviour: { serverUrl: '/api/v3', versionIsLatest: true, searchFindsBooleans: false },
})

/** 2025.8. */
export const line = releaseLine('2025.8', 6, first, changesSince(first, '2025.8.6', assignedApplicationsMayBeNull))
