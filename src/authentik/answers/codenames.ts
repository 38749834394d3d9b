/** Codenames of permissions: those that the mock asks for, and what is a slip of one; loaded for a world that has some. */
import { findNear, nearestTo } from '../../schema/nearest.ts'
import type { ReadableTable } from '../../store/table.ts'
import type { AssignedPermission } from '../resources/assigned-permissions.ts'

const VERBS = ['add', 'change', 'delete', 'view']

/** The models that the mock guards, and what is near to one; authentik has many more. */
const MODELS =
  `accesstoken agent application authenticatedsession authorizationcode brand certificatekeypair devicetoken event flow
  flowstagebinding group notification oauth2provider outpost permission policy policybinding propertymapping provider
  refreshtoken role scopemapping stage token user userconsent`.split(/\s+/)

/** What may be done beside adding, changing, deleting and viewing, in any release that was asked for its list. */
const SPECIAL =
  `access_admin_interface add_user_to_group assign_role_permissions assign_user_permissions clear_flow_cache
  clear_policy_cache disable_group_superuser edit_system_settings enable_group_superuser export_flow impersonate
  inspect_flow manage_media_files pass_outpost_certificate preview_user remove_user_from_group reset_user_password
  retry_task run_task search_full_directory send_schedule set_token_key unassign_role_permissions
  unassign_user_permissions view_certificatekeypair_certificate view_certificatekeypair_key view_enrollment_token_key
  view_flow_cache view_media_files view_policy_cache view_system_info view_system_settings view_token_key
  view_user_applications`.split(/\s+/)

const CODENAMES = [...VERBS.flatMap((verb) => MODELS.map((model) => `${verb}_${model}`)), ...SPECIAL]

/** How many letters a slip is off at most: no two of authentik's codenames are as near to each other. */
const MAX_SLIP = 2

/**
 * What is wrong with a codename. One that is far from all of these may be of a model that authentik has and the mock has
 * not, unless it does to a model of ours what nobody can do.
 */
export function findCodenameFault(codename: string): string | undefined {
  if (CODENAMES.includes(codename)) return undefined
  const [, model = ''] = /^[a-z]+_([a-z0-9]+)$/.exec(codename) ?? []
  const isSlip = MODELS.includes(model) || findNear(codename, CODENAMES, MAX_SLIP) !== undefined
  return isSlip ? `there is no permission ${codename}; the nearest is ${nearestTo(codename, CODENAMES)}` : undefined
}

/** What is wrong with the codenames of a world, each with its place. @param rows of permissions that were given */
export function findCodenameFaults(
  permissions: Readonly<Record<string, readonly string[]>>,
  rows: ReadableTable<AssignedPermission>,
): string[] {
  const places = [
    ...Object.entries(permissions).flatMap(([name, codenames]) =>
      codenames.map((codename, index) => [`permissions.${name}[${index}]`, codename] as const),
    ),
    ...Array.from(rows.values(), ({ id, codename }) => [`assigned_permissions.get(${id}).codename`, codename] as const),
  ]
  return places.flatMap(([place, codename]) => {
    const fault = findCodenameFault(codename)
    return fault === undefined ? [] : [`${place}: ${fault}`]
  })
}
