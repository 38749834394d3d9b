/** A provider's redirect URIs are a list, each to be met exactly or as a regular expression (CVE-2024-52289). */
import { amend } from './note.ts'
import { redirectUrisAsList } from './redirect-uris.ts'
import { note as previous } from './2024.8.0.ts'

export const note = amend(previous, '2024.8.5', redirectUrisAsList)
