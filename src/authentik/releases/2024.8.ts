/** The base: the resource files as they are written. 2024.8.5 made redirect URIs a list, each met exactly or as a regular expression (CVE-2024-52289). */
import type { AuthentikBehaviour } from '../behaviour.ts'
import { changesSince, releaseLine, type Note } from './note.ts'
import { redirectUrisAsList } from './redirect-uris.ts'

/** Permissions on authentik itself rather than on what it keeps. */
export const SYSTEM_PERMISSIONS = [
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

const behaviour: AuthentikBehaviour = {
  serverUrl: '/api/v3/',
  documentRefersToShared: false,
  instanceNeedsModelPermission: false,
  usedByNeedsViewPermission: true,
  notFoundNamesModel: false,
  pageSize: 100,
  maxPageSize: Infinity,
  emptyPageIsFirst: false,
  searchRefusesNul: false,
  searchFindsBooleans: true,
  authRefusesOtherSchemes: true,
  answersAreLocalised: false,
  jsonParser: 'orjson',
  acceptsJsonIndent: false,
  healthStatus: 200,
  startingStatus: 502,
  honoursIncludeGroups: true,
  redirectUrisAreList: false,
  emailIsVerified: true,
  idTokenHasJti: false,
  diesWithSession: ['access_tokens'],
  groupsOfferSearch: false,
  ownersNeedNoPermission: false,
  keysNeedPermission: false,
  permissionsComeByRoles: false,
  groupsUseUsersTwice: false,
  sessionsAreNamedByKey: false,
  groupsHaveParents: false,
  superuserGroupsNeedPermission: false,
  policyBindingsAskTarget: false,
  slugsAreReserved: false,
  newPasswordsAreChecked: false,
  actionsCheckBodies: false,
  impersonationAsksForReason: false,
  impersonationSaysReason: false,
  deactivationDropsTokens: false,
  tokensAreListedByPermission: false,
  appPasswordsAreLimited: true,
  usersBecomeInternal: true,
  systemPermissions: SYSTEM_PERMISSIONS,
  versionIsLatest: false,
}

/** What every other release is a change of. */
export const base: Note = { version: '2024.8.0', follows: undefined, behaviour }

/** 2024.8, of which 2024.8.3 is the default. */
export const line = releaseLine('2024.8', 6, base, changesSince(base, '2024.8.5', redirectUrisAsList))
