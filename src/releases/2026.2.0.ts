/** Users are found by their last login; roles have long names. */
import { moments, unset } from '../core/filter.ts'
import { amend } from '../core/release.ts'
import { nullable, readOnly, text } from '../core/schema.ts'
import { Provider } from '../resources/oauth2-providers.ts'
import type { User } from '../resources/users.ts'
import { note as previous } from './2025.12.2.ts'

export const note = amend(previous, '2026.2.0', {
  components: {
    Application: { provider_obj: readOnly(nullable(Provider)) },
    Role: { name: text() },
  },
  operations: {
    core_users_list: { filters: { ...moments<User>('last_login', (row) => row.last_login), last_login__isnull: unset<User>((row) => row.last_login) } },
  },
})
