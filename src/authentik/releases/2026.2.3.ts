/** The provider inside a code or token is bare. */
import { amend } from './note.ts'
import { note as previous } from './2026.2.2.ts'
import { bareProviders } from './bare-providers.ts'

export const note = amend(previous, '2026.2.3', bareProviders)
