/** A provider needs neither flow. */
import { inEach } from '../core/amend.ts'
import { amend } from '../core/release.ts'
import { nullable, optional, uuid } from '../core/schema.ts'
import { note as previous } from './2026.5.0.ts'

const flow = optional(nullable(uuid()))

export const note = amend(previous, '2026.8.0', {
  components: inEach(['Provider', 'OAuth2Provider', 'OAuth2ProviderRequest'], { authorization_flow: flow, invalidation_flow: flow }),
})
