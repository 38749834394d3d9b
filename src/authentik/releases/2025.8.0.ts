/** Lists say what a search can name, users are found by when they came and changed, groups list those below them, clients are told of a logout. */
import { after, inEach } from '../../schema/amend.ts'
import { moments } from '../../rest/filters.ts'
import { amend } from './note.ts'
import {
  boolean,
  component,
  dateTime,
  list,
  nullable,
  optional,
  readOnly,
  unlessSaid,
  uri,
  uuid,
} from '../../schema/words.ts'
import { RELATED_GROUP } from '../resources/groups.ts'
import type { User } from '../resources/users.ts'
import { note as previous } from './2025.4.0.ts'

const include_children = { schema: unlessSaid(boolean(), false) }

export const note = amend(previous, '2025.8.0', {
  components: {
    'Paginated*List': { autocomplete: component('Autocomplete', {}, { additionalProperties: {} }) },
    User: { last_updated: readOnly(dateTime()) },
    Group: {
      children: optional(list(uuid())),
      children_obj: readOnly(nullable(list(component('GroupChild', RELATED_GROUP)))),
    },
    ...inEach(['OAuth2Provider', 'OAuth2ProviderRequest'], {
      backchannel_logout_uri: after('redirect_uris', optional(uri())),
    }),
  },
  operations: {
    core_groups_list: { query: { include_children } },
    core_groups_retrieve: { query: { include_children } },
    core_users_list: {
      filters: {
        ...moments<User>('date_joined', (row) => row.date_joined),
        ...moments<User>('last_updated', (row) => row.last_updated),
      },
    },
  },
})
