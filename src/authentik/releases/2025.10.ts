/** A logout reaches a client by the front channel or the back; refresh tokens are renewed only near their end; members and groups have one short form each. */
import { exactly, filterBy } from '../../rest/filters.ts'
import { placedAfter, renamed } from '../../schema/amend.ts'
import { described, nullable, optional, readOnly, text, uri } from '../../schema/words.ts'
import { OAuth2ProviderLogoutMethodEnum } from '../resources/oauth2-providers.ts'
import { GroupMember, UserGroup } from '../resources/groups.ts'
import { asn, geoIp } from '../resources/authenticated-sessions.ts'
import type { Role } from '../resources/roles.ts'
import { first as previous, flags } from './2025.8.ts'
import { assignedApplicationsMayBeNull } from './assigned-applications.ts'
import { changesSince, releaseLine } from './note.ts'

const logout = {
  backchannel_logout_uri: null,
  logout_uri: placedAfter('redirect_uris', optional(uri())),
  logout_method: placedAfter(
    'logout_uri',
    described(optional(OAuth2ProviderLogoutMethodEnum), 'Through the browser, or from server to server.'),
  ),
}
const threshold = (limits: { minLength?: number } = {}) => placedAfter('refresh_token_validity', optional(text(limits)))

/** 2025.10.0, which the next line follows. */
export const first = changesSince(previous, '2025.10.0', {
  components: {
    UserGroup: renamed('PartialGroup'),
    GroupMember: renamed('PartialUser'),
    Config: { cache_timeout_reputation: null },
    OAuth2Provider: { ...logout, refresh_token_threshold: threshold() },
    OAuth2ProviderRequest: { ...logout, refresh_token_threshold: threshold({ minLength: 1 }) },
  },
  management: () => ({
    components: {
      CurrentBrand: { flags: flags('policies_buffered_access_view', 'flows_refresh_others') },
      PolicyBinding: { group_obj: readOnly(UserGroup), user_obj: readOnly(GroupMember) },
      AuthenticatedSession: {
        geo_ip: readOnly(nullable(geoIp((part) => nullable(part)))),
        asn: readOnly(nullable(asn((part) => nullable(part)))),
      },
    },
    operations: {
      core_users_impersonate_create: { responses: { 401: null } },
      rbac_roles_list: { filters: { group__name: null, name: filterBy(exactly, (row: Role) => row.name) } },
    },
  }),
  behaviour: {
    documentRefersToShared: true,
    answersAreLocalised: true,
    emailIsVerified: false,
    startingStatus: 503,
    newPasswordsAreChecked: true,
    actionsCheckBodies: true,
    impersonationSaysReason: true,
  },
})

/** 2025.10. */
export const line = releaseLine('2025.10', 4, first, changesSince(first, '2025.10.4', assignedApplicationsMayBeNull))
