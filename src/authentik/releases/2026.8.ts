/** Devices authenticate themselves, several users share a session, tokens are exchanged, clients register themselves. */
import { inEach, placedAfter } from '../../schema/amend.ts'
import { boolean, choice, list, nullable, optional, readOnly, text, uuid } from '../../schema/words.ts'
import { CAPABILITIES } from '../resources/config.ts'
import { GRANT_TYPES, TOKEN_EXCHANGE } from '../resources/oauth2-providers.ts'
import { UserSelf } from '../resources/user-self.ts'
import { first as previous } from './2026.5.ts'
import { changesSince, releaseLine } from './note.ts'

const schemes = ['authentik_device_auth']
const optionalFlow = optional(nullable(uuid()))

const first = changesSince(previous, '2026.8.0', {
  components: {
    Application: { pbm_uuid: placedAfter('pk', readOnly(uuid())) },
    ...inEach(['Provider'], { authorization_flow: optionalFlow, invalidation_flow: optionalFlow }),
    SessionUser: { users: list(UserSelf) },
    UserSelf: { is_current: placedAfter('is_superuser', readOnly(boolean())) },
    OAuth2ProviderSetupURLs: { dcr_registration: readOnly(nullable(text())) },
    GrantTypesEnum: choice('GrantTypeEnum', [...GRANT_TYPES, TOKEN_EXCHANGE]),
    CapabilitiesEnum: choice('CapabilitiesEnum', [...CAPABILITIES, 'can_request', 'can_agent_self_service']),
  },
  operations: { 'core_users_*': { schemes }, 'core_groups_*': { schemes } },
})

/** 2026.8. */
export const line = releaseLine('2026.8', 3, first)
