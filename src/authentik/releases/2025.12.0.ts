/** Permissions come by roles, also those of users; a group stands in several others; icons have themes. */
import { after, inEach } from '../../schema/amend.ts'
import { among, checkUuid } from '../../rest/filters.ts'
import { amend } from './note.ts'
import {
  boolean,
  choice,
  component,
  list,
  nullable,
  optional,
  readOnly,
  text,
  unlessSaid,
  uuid,
} from '../../schema/words.ts'
import { CAPABILITIES } from '../resources/config.ts'
import { RELATED_GROUP, Role } from '../resources/groups.ts'
import { roleName, type User } from '../resources/users.ts'
import { note as previous } from './2025.10.0.ts'

const RelatedGroup = component('RelatedGroup', RELATED_GROUP)
const ThemedUrls = component('ThemedUrls', { light: optional(nullable(text())), dark: optional(nullable(text())) })
const roles = readOnly(nullable(list(Role)))

const included = {
  include_inherited_roles: { schema: unlessSaid(boolean(), false) },
  include_parents: { schema: unlessSaid(boolean(), false) },
}

export const note = amend(previous, '2025.12.0', {
  components: {
    Application: {
      slug: text({ pattern: '^[-a-zA-Z0-9_]+$' }),
      meta_icon: optional(text()),
      meta_icon_url: after('meta_icon', readOnly(nullable(text()))),
      meta_icon_themed_urls: after('meta_icon_url', readOnly(nullable(ThemedUrls))),
    },
    Group: {
      parent: null,
      parent_name: null,
      parents: after('is_superuser', optional(list(uuid()))),
      parents_obj: after('parents', readOnly(nullable(list(RelatedGroup)))),
      inherited_roles_obj: after('roles_obj', roles),
      children: readOnly(list(uuid())),
      children_obj: readOnly(nullable(list(RelatedGroup))),
    },
    ...inEach(['PartialGroup'], { parent: null, parent_name: null }),
    User: { roles: after('groups_obj', optional(list(uuid()))), roles_obj: after('roles', roles) },
    UserSelf: {
      roles: after(
        'groups',
        readOnly(list(component('UserSelfRoles', { name: readOnly(text()), pk: readOnly(text()) }))),
      ),
    },
    UsedByActionEnum: choice('UsedByActionEnum', [
      'cascade',
      'cascade_many',
      'set_null',
      'set_default',
      'left_dangling',
    ]),
    CapabilitiesEnum: choice('CapabilitiesEnum', CAPABILITIES),
  },
  operations: {
    core_groups_list: { query: included },
    core_groups_retrieve: { query: included },
    core_users_list: {
      query: { include_roles: { schema: unlessSaid(boolean(), true) } },
      filters: {
        roles_by_name: among<User>(
          text(),
          (row) => row.roles.map(() => roleName(row)),
          (given) => given,
          (name, known) =>
            [...known.named('users').all()].some((user: User) => user.roles.length > 0 && roleName(user) === name),
        ),
        roles_by_pk: among<User>(
          uuid(),
          (row) => row.roles,
          checkUuid,
          (key, known) => [...known.named('users').all()].some((user: User) => user.roles.includes(String(key))),
        ),
      },
    },
  },
})
