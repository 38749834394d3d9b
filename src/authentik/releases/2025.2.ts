/** A user says when their password was changed. */
import { dateTime, readOnly } from '../../schema/words.ts'
import { first as previous } from './2024.12.ts'
import { changesSince, releaseLine } from './note.ts'

/** 2025.2.0. */
export const first = changesSince(previous, '2025.2.0', {
  behaviour: { deactivationDropsTokens: true, superuserGroupsNeedPermission: true },
  components: { User: { password_change_date: readOnly(dateTime()) } },
})

/** 2025.2. */
export const line = releaseLine('2025.2', 4, first)
