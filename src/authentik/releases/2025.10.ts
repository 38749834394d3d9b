/** A logout reaches a client by the front channel or the back; refresh tokens are renewed only near their end; members and groups have one short form each. */
import { placedAfter, renamed } from '../../schema/amend.ts'
import { described, optional, text, uri } from '../../schema/words.ts'
import { OAuth2ProviderLogoutMethodEnum } from '../resources/oauth2-providers.ts'
import { first as previous } from './2025.8.ts'
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
  behaviour: {
    documentRefersToShared: true,
    answersAreLocalised: true,
    emailIsVerified: false,
    startingStatus: 503,
  },
})

/** 2025.10. */
export const line = releaseLine('2025.10', 4, first, changesSince(first, '2025.10.4', assignedApplicationsMayBeNull))
