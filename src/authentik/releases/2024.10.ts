/** A flow for logging out, and tokens that are encrypted; redirect URIs are a list from 2024.10.3 on. */
import { inEach, placedAfter } from '../../schema/amend.ts'
import { nullable, optional, uuid } from '../../schema/words.ts'
import { base } from './2024.8.ts'
import { changesSince, releaseLine } from './note.ts'
import { redirectUrisAsList } from './redirect-uris.ts'

const invalidation_flow = placedAfter('authorization_flow', uuid())
const encryption_key = placedAfter('signing_key', optional(nullable(uuid())))

const first = changesSince(base, '2024.10.0', {
  behaviour: { ownersNeedNoPermission: true },
  components: {
    Provider: { invalidation_flow },
    ...inEach(['OAuth2Provider', 'OAuth2ProviderRequest'], { invalidation_flow, encryption_key }),
  },
})

/** 2024.10.3, which the next line follows. */
export const third = changesSince(first, '2024.10.3', redirectUrisAsList)

/** 2024.10. */
export const line = releaseLine('2024.10', 5, first, third)
