/** How releases go about things, beside their schemas: what changed, and from which release on (FACTS 6.2). */
import type { Behaviour } from '../../rest/behaviour.ts'

const SYSTEM_PERMISSIONS = [
  'view_system_info',
  'access_admin_interface',
  'view_system_settings',
  'edit_system_settings',
  'add_role',
  'change_role',
  'delete_role',
  'view_role',
  'assign_role_permissions',
  'unassign_role_permissions',
]
const INITIAL_PERMISSIONS = [
  'add_initialpermissions',
  'change_initialpermissions',
  'delete_initialpermissions',
  'view_initialpermissions',
]
const MEDIA_FILES = ['view_media_files', 'manage_media_files']

/** The oldest first; each row holds until a later one says otherwise. */
const TABLE: readonly [since: string, what: Partial<Behaviour>][] = [
  [
    '2024.2.0',
    {
      server: '/api/v3/',
      refersToShared: false,
      guardsRows: true,
      guardsUsedBy: false,
      searchesFlags: true,
      parser: 'python',
      namesModel: false,
      pageSize: 100,
      maxPageSize: Infinity,
      emptyPageIsFirst: false,
      refusesNul: false,
      refusesSchemes: true,
      speaksLanguages: false,
      indents: true,
      health: 204,
      leavesGroupsOut: false,
      listsRedirectUris: false,
      verifiesEmail: true,
      identifiesTokens: false,
      isItsOwnLatest: false,
      systemPermissions: SYSTEM_PERMISSIONS,
    },
  ],
  ['2024.4.0', { guardsRows: false, leavesGroupsOut: true }],
  ['2024.4.4', { guardsUsedBy: true }],
  ['2024.6.0', { guardsUsedBy: false }],
  ['2024.6.4', { guardsUsedBy: true }],
  ['2024.8.0', { indents: false, health: 200, parser: 'orjson' }],
  ['2024.8.5', { listsRedirectUris: true }],
  ['2024.10.0', { listsRedirectUris: false }],
  ['2024.10.3', { listsRedirectUris: true }],
  [
    '2025.4.0',
    {
      systemPermissions: [...SYSTEM_PERMISSIONS, ...INITIAL_PERMISSIONS],
      namesModel: true,
      emptyPageIsFirst: true,
      refusesNul: true,
    },
  ],
  ['2025.8.0', { server: '/api/v3', isItsOwnLatest: true, searchesFlags: false }],
  ['2025.10.0', { refersToShared: true, speaksLanguages: true, verifiesEmail: false }],
  [
    '2025.12.0',
    {
      systemPermissions: [...SYSTEM_PERMISSIONS, ...INITIAL_PERMISSIONS, ...MEDIA_FILES],
      pageSize: 20,
      maxPageSize: 100,
      refusesSchemes: false,
    },
  ],
  ['2026.2.0', { identifiesTokens: true }],
]

/** @param compare tells which of two versions is older, as `Array.sort` asks */
export const behaviourOf = (version: string, compare: (a: string, b: string) => number): Behaviour =>
  Object.assign({}, ...TABLE.filter(([since]) => compare(since, version) <= 0).map(([, what]) => what))
