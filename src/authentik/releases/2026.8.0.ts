/** Devices authenticate themselves, several users share a session, tokens are exchanged, clients register themselves. */
import { after, inEach } from '../../schema/amend.ts'
import { amend } from './note.ts'
import { boolean, choice, list, nullable, optional, readOnly, text, uuid } from '../../schema/words.ts'
import { CAPABILITIES } from '../resources/config.ts'
import { GRANT_TYPES } from '../resources/oauth2-providers.ts'
import { UserSelf } from '../resources/users.ts'
import { note as previous } from './2026.5.0.ts'

const schemes = ['authentik_device_auth']

export const note = amend(previous, '2026.8.0', {
  components: {
    Application: { pbm_uuid: after('pk', readOnly(uuid())) },
    ...inEach(['Provider'], {
      authorization_flow: optional(nullable(uuid())),
      invalidation_flow: optional(nullable(uuid())),
    }),
    SessionUser: { users: list(UserSelf) },
    UserSelf: { is_current: after('is_superuser', readOnly(boolean())) },
    OAuth2ProviderSetupURLs: { dcr_registration: readOnly(nullable(text())) },
    GrantTypesEnum: choice('GrantTypeEnum', [...GRANT_TYPES, 'urn:ietf:params:oauth:grant-type:token-exchange']),
    CapabilitiesEnum: choice('CapabilitiesEnum', [...CAPABILITIES, 'can_request', 'can_agent_self_service']),
  },
  operations: { 'core_users_*': { schemes }, 'core_groups_*': { schemes } },
})
