/** That there is no licence, and how many users one would be for; loaded when asked for. */
import type { World } from '../../store/world.ts'
import { users } from '../resources/users.ts'

/** A summary without a licence. */
export function noLicence(world: World) {
  const active = [...world.table(users).values()].filter((user) => user.is_active)
  return {
    internal_users: active.filter(({ type }) => type === 'internal').length,
    external_users: active.filter(({ type }) => type === 'external').length,
    status: 'unlicensed',
    latest_valid: '1970-01-01T00:00:00Z',
    license_flags: [],
    valid: false,
    show_admin_warning: false,
    show_user_warning: false,
    read_only: false,
    has_license: false,
  }
}
