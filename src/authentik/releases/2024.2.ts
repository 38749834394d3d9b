/** Backwards from 2024.4: little may be null, lists always come with groups and users, and the path of one row asks for the permissions of its list. */
import { anyObject, dateTime, list, optional, readOnly, text } from '../../schema/words.ts'
import { GroupMember, UserGroup } from '../resources/groups.ts'
import { first as following } from './2024.4.ts'
import { changesSince, releaseLine } from './note.ts'

const expires = optional(dateTime())

const first = changesSince(following, '2024.2.0', {
  components: {
    Version: { version_latest_valid: null },
    Group: { users_obj: readOnly(list(GroupMember)) },
    User: { groups_obj: readOnly(list(UserGroup)) },
    UserGroup: { parent_name: readOnly(text()) },
    Token: { expires },
    TokenModel: { expires },
    ExpiringBaseGrantModel: { expires },
    TokenRequest: { expires },
  },
  operations: {
    core_groups_list: { query: { include_users: null } },
    core_users_list: { query: { include_groups: null } },
  },
  management: () => ({
    components: {
      UserConsent: { expires },
      AuthenticatedSession: { expires },
      PolicyTestResult: { log_messages: readOnly(list(anyObject())) },
    },
  }),
  behaviour: { instanceNeedsModelPermission: true, honoursIncludeGroups: false, appPasswordsAreLimited: false },
})

/** 2024.2. */
export const line = releaseLine('2024.2', 4, first)
