/** Users are found by their last login; roles have long names. */
import { moments, unset } from '../../rest/filters.ts'
import { amend } from './note.ts'
import { text } from '../../schema/words.ts'
import type { User } from '../resources/users.ts'
import { note as previous } from './2025.12.2.ts'

export const note = amend(previous, '2026.2.0', {
  components: {
    Role: { name: text() },
  },
  operations: {
    core_users_list: {
      filters: {
        ...moments<User>('last_login', (row) => row.last_login),
        last_login__isnull: unset<User>((row) => row.last_login),
      },
    },
  },
})
