/** Backwards from 2024.6: a single group always comes with its users. */
import { amend } from './note.ts'
import { note as following } from './2024.6.0.ts'

export const note = amend(following, '2024.4.0', {
  operations: { core_groups_retrieve: { query: { include_users: null } } },
})
