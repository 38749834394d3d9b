/** What @goauthentik/api 2026.5.6 knows. */
import { amend } from '../core/release.ts'
import { note as previous } from './2026.2.3.ts'

export const note = amend(previous, '2026.5.0', {})
