/** A user says when they came. */
import { after } from '../../schema/amend.ts'
import { amend } from './note.ts'
import { dateTime, readOnly } from '../../schema/words.ts'
import { note as previous } from './2025.2.0.ts'

export const note = amend(previous, '2025.4.0', {
  components: { User: { date_joined: after('last_login', readOnly(dateTime())) } },
})
