/** Permissions come by roles, also those of users; a group stands in several others; icons have themes; pages are short. */
import { among, toUuidKey } from '../../rest/filters.ts'
import { inEach, placedAfter } from '../../schema/amend.ts'
import { SLUG } from '../../schema/slug.ts'
import {
  boolean,
  choice,
  component,
  list,
  nullable,
  optional,
  readOnly,
  text,
  uuid,
  withDefault,
} from '../../schema/words.ts'
import { keyTypeFilter } from '../resources/certificates.ts'
import { CAPABILITIES } from '../resources/config.ts'
import { actionsFilter, eventActions, events } from '../resources/events.ts'
import { flowSet } from '../resources/listed-stages.ts'
import { RELATED_GROUP, Role } from '../resources/groups.ts'
import { roleFilters } from '../resources/roles.ts'
import type { RowSource } from '../../store/resource.ts'
import { rolesOf, type User } from '../resources/users.ts'
import { WITH_INITIAL_PERMISSIONS } from './2025.4.ts'
import { first as previous } from './2025.10.ts'
import { assignedApplicationsMayBeNull } from './assigned-applications.ts'
import { bareProviders } from './bare-providers.ts'
import { changesSince, inEachOperation, releaseLine } from './note.ts'

const RelatedGroup = component('RelatedGroup', RELATED_GROUP)
const ThemedUrls = component('ThemedUrls', { light: optional(nullable(text())), dark: optional(nullable(text())) })
/** The kinds of keys that a certificate may have. */
export const KEY_TYPES = ['rsa', 'ec', 'dsa', 'ed25519', 'ed448'] as const
const UserSelfRoles = component('UserSelfRoles', { name: readOnly(text()), pk: readOnly(text()) })
const roles = readOnly(nullable(list(Role)))
const parents = readOnly(nullable(list(RelatedGroup)))
const themedUrls = readOnly(nullable(ThemedUrls))
const flag = (value: boolean) => ({ schema: withDefault(boolean(), value) })
const included = { include_inherited_roles: flag(false), include_parents: flag(false) }

const hyperlink = optional(nullable(text({ maxLength: 4096 })))
const hyperlink_label = optional(nullable(text()))

/** Every role and every user: what a filter by roles may choose among is more than what users have. */
const rolesIn = (source: RowSource) => [...source.tableNamed<{ pk: string; name: string }>('roles').values()]
const usersIn = (source: RowSource) => [...source.tableNamed<User>('users').values()]

const first = changesSince(previous, '2025.12.0', {
  components: {
    Application: {
      slug: text({ pattern: SLUG }),
      meta_icon: optional(text()),
      meta_icon_url: placedAfter('meta_icon', readOnly(nullable(text()))),
      meta_icon_themed_urls: placedAfter('meta_icon_url', themedUrls),
    },
    ApplicationRequest: {
      slug: text({ minLength: 1, pattern: SLUG }),
      meta_icon: placedAfter('meta_launch_url', optional(text())),
    },
    CertificateKeyPair: {
      private_key_type: null,
      key_type: placedAfter('private_key_available', readOnly(nullable(choice('KeyTypeEnum', KEY_TYPES)))),
    },
    Flow: {
      slug: text({ pattern: SLUG }),
      background: optional(text()),
      background_url: placedAfter('background', readOnly(text())),
      background_themed_urls: placedAfter('background_url', themedUrls),
    },
    Group: {
      parent: null,
      parent_name: null,
      parents: placedAfter('is_superuser', optional(list(uuid()))),
      parents_obj: placedAfter('parents', parents),
      inherited_roles_obj: placedAfter('roles_obj', roles),
      children: readOnly(list(uuid())),
      children_obj: parents,
    },
    UserRequest: { roles: placedAfter('groups', optional(list(uuid()))) },
    GroupRequest: {
      parent: null,
      parents: placedAfter('is_superuser', optional(list(uuid()))),
      children: null,
    },
    ...inEach(['PartialGroup'], { parent: null, parent_name: null }),
    User: { roles: placedAfter('groups_obj', optional(list(uuid()))), roles_obj: placedAfter('roles', roles) },
    UserSelf: { roles: placedAfter('groups', readOnly(list(UserSelfRoles))) },
    UsedByActionEnum: choice('UsedByActionEnum', [
      'cascade',
      'cascade_many',
      'set_null',
      'set_default',
      'left_dangling',
    ]),
    CapabilitiesEnum: choice('CapabilitiesEnum', CAPABILITIES),
  },
  management: () => ({
    components: {
      TypeCreate: { deprecated: withDefault(optional(boolean()), false) },
      FlowSet: {
        slug: text({ pattern: SLUG }),
        background: null,
        background_url: placedAfter('designation', readOnly(text())),
      },
      Stage: { flow_set: readOnly(list(flowSet())) },
      Notification: {
        hyperlink: placedAfter('body', hyperlink),
        hyperlink_label: placedAfter('hyperlink', hyperlink_label),
      },
      NotificationRequest: component('NotificationRequest', {
        hyperlink,
        hyperlink_label,
        event: optional(events.request),
        seen: optional(boolean()),
      }),
      EventActions: choice('EventActions', eventActions('update_available', 'export_ready')),
      CurrentBrand: {
        branding_logo_themed_urls: placedAfter('branding_logo', themedUrls),
        branding_favicon_themed_urls: placedAfter('branding_favicon', themedUrls),
      },
    },
    operations: {
      rbac_roles_list: { filters: roleFilters('ak_groups') },
      ...inEachOperation(['events_events_list', 'events_events_volume_list'], {
        filters: { actions: actionsFilter(eventActions('update_available', 'export_ready')) },
      }),
    },
  }),
  operations: {
    core_groups_list: { query: included },
    core_groups_retrieve: { query: included },
    crypto_certificatekeypairs_list: { filters: { key_type: keyTypeFilter(KEY_TYPES) } },
    core_users_list: {
      query: { include_roles: flag(true) },
      filters: {
        roles_by_name: among<User, string>(
          text(),
          (row, source) => rolesOf(row, source).map((role) => role.name),
          (name) => name,
          (name, source) =>
            rolesIn(source).some((role) => role.name === name) ||
            usersIn(source).some((user) => rolesOf(user, source).some((role) => role.name === name)),
        ),
        roles_by_pk: among<User, string>(
          uuid(),
          (row) => row.roles,
          toUuidKey,
          (key, source) =>
            rolesIn(source).some((role) => role.pk === key) || usersIn(source).some((user) => user.roles.includes(key)),
        ),
      },
    },
  },
  behaviour: {
    systemPermissions: [...WITH_INITIAL_PERMISSIONS, 'view_media_files', 'manage_media_files'],
    pageSize: 20,
    maxPageSize: 100,
    authRefusesOtherSchemes: false,
    groupsHaveParents: true,
    permissionsComeByRoles: true,
    keysNeedPermission: true,
  },
})

/** 2025.12.2, which the next line follows. */
export const second = changesSince(first, '2025.12.2', assignedApplicationsMayBeNull)

/** 2025.12; a provider inside a code or token is bare from 2025.12.5 on (CVE-2026-40166). */
export const line = releaseLine('2025.12', 6, first, second, changesSince(second, '2025.12.5', bareProviders))
