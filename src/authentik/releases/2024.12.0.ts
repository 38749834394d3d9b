/** A provider trusts tokens of other providers, too. */
import { inEach } from '../../schema/amend.ts'
import { amend } from './note.ts'
import { integer, list, optional, uuid } from '../../schema/words.ts'
import { note as previous } from './2024.10.3.ts'

export const note = amend(previous, '2024.12.0', {
  components: inEach(['OAuth2Provider', 'OAuth2ProviderRequest'], {
    jwt_federation_sources: optional(list(uuid())),
    jwt_federation_providers: optional(list(integer())),
    jwks_sources: null,
  }),
})
