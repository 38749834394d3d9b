/** A provider without an application says so as documented. */
import { amend } from './note.ts'
import { note as previous } from './2025.10.0.ts'
import { assignedApplicationsMayBeNull } from './assigned-applications.ts'

export const note = amend(previous, '2025.10.4', assignedApplicationsMayBeNull)
