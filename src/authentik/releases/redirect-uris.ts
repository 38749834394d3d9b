/** Redirect URIs as a list, which came with 2024.8.5, and again with 2024.10.3. */
import { list } from '../../schema/words.ts'
import { RedirectURI, RedirectURIRequest } from '../resources/oauth2-providers.ts'

/** Redirect URIs as a list of how and what. */
export const redirectUrisAsList = {
  components: {
    OAuth2Provider: { redirect_uris: list(RedirectURI) },
    OAuth2ProviderRequest: { redirect_uris: list(RedirectURIRequest) },
  },
  operations: { providers_oauth2_list: { filters: { redirect_uris: null } } },
  behaviour: { redirectUrisAreList: true },
}
