/** The list of redirect URIs, again. */
import { amend } from './note.ts'
import { note as previous } from './2024.10.0.ts'
import { redirectUrisAsList } from './redirect-uris.ts'

export const note = amend(previous, '2024.10.3', redirectUrisAsList)
