/** Backwards from 2024.8: groups have short names, and nobody asks for applications with a launch URL alone. */
import { amend } from './note.ts'
import { text } from '../../schema/words.ts'
import { note as following } from './2024.8.0.ts'

export const note = amend(following, '2024.6.0', {
  components: {
    Version: { outpost_outdated: null },
    Group: { name: text({ maxLength: 80 }) },
    UserGroup: { name: text({ maxLength: 80 }) },
  },
  operations: { core_applications_list: { query: { only_with_launch_url: null } } },
})
