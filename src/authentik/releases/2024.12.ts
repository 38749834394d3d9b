/** A provider trusts tokens of other providers, too; a flow can ask for a redirect; a code dies with its session. */
import { inEach } from '../../schema/amend.ts'
import { choice, integer, list, optional, uuid } from '../../schema/words.ts'
import { impersonation } from '../resources/user-actions.ts'
import { AUTHENTICATIONS } from '../resources/flows.ts'
import { third as previous } from './2024.10.ts'
import { changesSince, releaseLine } from './note.ts'

/** 2024.12.0. */
export const first = changesSince(previous, '2024.12.0', {
  components: {
    ...inEach(['OAuth2Provider', 'OAuth2ProviderRequest'], {
      jwt_federation_sources: optional(list(uuid())),
      jwt_federation_providers: optional(list(integer())),
      jwks_sources: null,
    }),
    AuthenticationEnum: choice('AuthenticationEnum', [...AUTHENTICATIONS, 'require_redirect', 'require_outpost']),
  },
  management: () => ({ operations: { core_users_impersonate_create: { body: impersonation() } } }),
  behaviour: {
    diesWithSession: ['access_tokens', 'authorization_codes'],
    impersonationAsksForReason: true,
    policyBindingsAskTarget: true,
  },
})

/** 2024.12. */
export const line = releaseLine('2024.12', 5, first)
