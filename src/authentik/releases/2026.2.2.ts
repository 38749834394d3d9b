/** An application without a provider says so as documented; not yet in 2026.2.0, as @goauthentik/api knows it. */
import { amend } from './note.ts'
import { nullable, readOnly } from '../../schema/words.ts'
import { Provider } from '../resources/oauth2-providers.ts'
import { note as previous } from './2026.2.0.ts'

export const note = amend(previous, '2026.2.2', {
  components: { Application: { provider_obj: readOnly(nullable(Provider)) } },
})
