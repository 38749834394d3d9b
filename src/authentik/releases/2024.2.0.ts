/** Backwards from 2024.4: little may be null, and lists always come with groups and users. */
import { amend, type Note } from './note.ts'
import { dateTime, list, optional, readOnly, text } from '../../schema/words.ts'
import { GroupMember, UserGroup } from '../resources/groups.ts'
import { note as following } from './2024.4.0.ts'

export const note: Note = amend(following, '2024.2.0', {
  components: {
    Version: { version_latest_valid: null },
    Group: { users_obj: readOnly(list(GroupMember)) },
    Token: { expires: optional(dateTime()) },
    User: { groups_obj: readOnly(list(UserGroup)) },
    UserGroup: { parent_name: readOnly(text()) },
    TokenModel: { expires: optional(dateTime()) },
    ExpiringBaseGrantModel: { expires: optional(dateTime()) },
  },
  operations: {
    core_groups_list: { query: { include_users: null } },
    core_users_list: { query: { include_groups: null } },
  },
})
