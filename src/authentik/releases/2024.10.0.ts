/** A flow for logging out, and tokens that are encrypted; the list of redirect URIs of 2024.8.5 is not in it yet. */
import { after, inEach } from '../../schema/amend.ts'
import { amend } from './note.ts'
import { nullable, optional, uuid } from '../../schema/words.ts'
import { note as previous } from './2024.8.0.ts'

const invalidation_flow = after('authorization_flow', uuid())
const encryption_key = after('signing_key', optional(nullable(uuid())))

export const note = amend(previous, '2024.10.0', {
  components: {
    Provider: { invalidation_flow },
    ...inEach(['OAuth2Provider', 'OAuth2ProviderRequest'], { invalidation_flow, encryption_key }),
  },
})
