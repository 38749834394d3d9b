/** A logout reaches a client by the front channel or the back; refresh tokens are renewed only near their end; members and groups have one short form each. */
import { after, renamed } from '../../schema/amend.ts'
import { amend } from './note.ts'
import { described, optional, text, uri } from '../../schema/words.ts'
import { OAuth2ProviderLogoutMethodEnum } from '../resources/oauth2-providers.ts'
import { note as previous } from './2025.8.0.ts'

const logout = {
  backchannel_logout_uri: null,
  logout_uri: after('redirect_uris', optional(uri())),
  logout_method: after(
    'logout_uri',
    described(optional(OAuth2ProviderLogoutMethodEnum), 'Through the browser, or from server to server.'),
  ),
}

export const note = amend(previous, '2025.10.0', {
  components: {
    UserGroup: renamed('PartialGroup'),
    GroupMember: renamed('PartialUser'),
    Config: { cache_timeout_reputation: null },
    OAuth2Provider: { ...logout, refresh_token_threshold: after('refresh_token_validity', optional(text())) },
    OAuth2ProviderRequest: {
      ...logout,
      refresh_token_threshold: after('refresh_token_validity', optional(text({ minLength: 1 }))),
    },
  },
})
