/** Everything that the API has, in one list: a resource stands after those that its seed points at. */
import * as accessTokens from './access-tokens.ts'
import * as apiTokens from './api-tokens.ts'
import * as applications from './applications.ts'
import * as authenticatedSessions from './authenticated-sessions.ts'
import * as authorizationCodes from './authorization-codes.ts'
import * as certificates from './certificates.ts'
import { operations as configOperations } from './config.ts'
import { deviceTokens } from './device-tokens.ts'
import { operations as certificateActions } from './certificate-actions.ts'
import * as events from './events.ts'
import * as notifications from './notifications.ts'
import { operations as outlines } from './outlines.ts'
import { operations as permissionAssignments } from './permission-assignments.ts'
import { operations as permissions } from './permissions.ts'
import * as flows from './flows.ts'
import { operations as groupActions } from './group-actions.ts'
import { operations as tokenActions } from './token-actions.ts'
import * as brands from './brands.ts'
import { operations as applicationActions } from './application-actions.ts'
import * as roles from './roles.ts'
import { assignedPermissions } from './assigned-permissions.ts'
import { operations as roleActions } from './role-actions.ts'
import * as groups from './groups.ts'
import { operations as providerOperations } from './oauth2-provider-operations.ts'
import { oauth2Providers } from './oauth2-providers.ts'
import * as refreshTokens from './refresh-tokens.ts'
import { operations as schemaOperations } from './schema.ts'
import * as scopeMappings from './scope-mappings.ts'
import { operations as propertyMappings } from './property-mappings.ts'
import { operations as allProviders } from './all-providers.ts'
import { operations as flowActions } from './flow-actions.ts'
import { operations as stageOperations } from './listed-stages.ts'
import * as policyBindings from './policy-bindings.ts'
import * as userConsents from './user-consents.ts'
import { operations as userActions } from './user-actions.ts'
import { operations as recoveryOperations } from './user-recovery.ts'
import { operations as userSelfOperations } from './user-self.ts'
import * as users from './users.ts'
import type { Operation } from '../../rest/operation.ts'
import { operations as versionOperations } from './version.ts'

/** Each resource with its operations, those that only manage it apart, and operations without one. */
const ENTRIES = [
  { resource: groups.groups, operations: groups.groupsViewset.operations, management: [groupActions] },
  {
    resource: users.users,
    operations: [...users.usersViewset.operations, ...userSelfOperations],
    management: [userActions, recoveryOperations],
  },
  { resource: flows.flows, operations: flows.flowsViewset.operations, management: [flowActions, stageOperations] },
  {
    resource: certificates.certificates,
    operations: certificates.certificatesViewset.operations,
    management: [certificateActions],
  },
  { resource: scopeMappings.scopeMappings, management: [scopeMappings.operations, propertyMappings] },
  { resource: oauth2Providers, operations: providerOperations, management: [allProviders] },
  {
    resource: applications.applications,
    operations: applications.applicationsViewset.operations,
    management: [applicationActions],
  },
  { resource: authorizationCodes.authorizationCodes, operations: authorizationCodes.operations },
  { resource: accessTokens.accessTokens, operations: accessTokens.operations },
  { resource: refreshTokens.refreshTokens, operations: refreshTokens.operations },
  {
    resource: apiTokens.apiTokens,
    operations: apiTokens.tokensViewset.operations,
    management: [apiTokens.tokenViewset.operations, tokenActions],
  },
  { resource: authenticatedSessions.authenticatedSessions, management: [authenticatedSessions.operations] },
  { resource: deviceTokens },
  { resource: userConsents.userConsents, management: [userConsents.operations] },
  { resource: policyBindings.policyBindings, management: [policyBindings.operations] },
  { resource: events.events, management: [events.operations] },
  { resource: notifications.notifications, management: [notifications.operations] },
  { resource: brands.brands, management: [brands.operations] },
  {
    resource: roles.roles,
    management: [roles.rolesViewset.operations, roleActions, permissions, permissionAssignments],
  },
  { resource: assignedPermissions },
  { management: [outlines] },
  { operations: [...configOperations, ...versionOperations, ...schemaOperations] },
] as const satisfies readonly StatedEntry[]

/** What is stated of one entry. */
interface StatedEntry {
  resource?: object
  /** Those that contracts are about. */
  operations?: readonly Operation[]
  /** Those that manage authentik, which are built when they are first asked for. */
  management?: readonly (readonly Operation[])[]
}

type Entry = (typeof ENTRIES)[number]
type Resources<E> = E extends { resource: infer R } ? R : never
type Operations<E> = E extends { operations: readonly (infer O)[] } ? O : never

/** A resource of authentik. */
export type AuthentikResource = Resources<Entry>

/** The operationIds of authentik that contracts are about. */
export type OperationId = Operations<Entry> extends { id: infer Id } ? Id : never

const entries: readonly StatedEntry[] = ENTRIES

/** Every resource, each after those that its seed points at. */
export const resources = entries.flatMap(({ resource }) => (resource ? [resource] : [])) as readonly AuthentikResource[]

/** Every operation, as the base release has it. */
export const operations: readonly Operation[] = entries.flatMap(({ operations: contracted = [], management = [] }) => [
  ...contracted,
  ...management.flat().map((operation) => Object.assign(operation, { manages: true })),
])

/** What a world says of its recording, and what authentik keeps and no resource here has: it is kept as it is. */
export const ASIDE =
  /^(release|recorded_at|claims|flow_bindings|stages|outposts|rbac_permissions|vars|passwords|stages_\w+|\w+_(full|all|data|keys))$/
