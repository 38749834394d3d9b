/** A user says when their password was changed. */
import { amend } from './note.ts'
import { dateTime, readOnly } from '../../schema/words.ts'
import { note as previous } from './2024.12.0.ts'

export const note = amend(previous, '2025.2.0', {
  components: { User: { password_change_date: readOnly(dateTime()) } },
})
