/** Everything that the API has, in one list: a resource stands after those that its seed points at. */
import * as accessTokens from './access-tokens.ts'
import * as apiTokens from './api-tokens.ts'
import * as applications from './applications.ts'
import * as authenticatedSessions from './authenticated-sessions.ts'
import * as authorizationCodes from './authorization-codes.ts'
import * as certificates from './certificates.ts'
import { operations as configOperations } from './config.ts'
import { deviceTokens } from './device-tokens.ts'
import * as flows from './flows.ts'
import * as groups from './groups.ts'
import { operations as providerOperations } from './oauth2-provider-operations.ts'
import { oauth2Providers } from './oauth2-providers.ts'
import * as refreshTokens from './refresh-tokens.ts'
import { operations as schemaOperations } from './schema.ts'
import { scopeMappings } from './scope-mappings.ts'
import { policyBindings } from './policy-bindings.ts'
import { userConsents } from './user-consents.ts'
import { operations as recoveryOperations } from './user-recovery.ts'
import { operations as userSelfOperations } from './user-self.ts'
import * as users from './users.ts'
import { operations as versionOperations } from './version.ts'

/** Each resource with its operations, and operations without one. */
const ENTRIES = [
  { resource: groups.groups, operations: groups.operations },
  { resource: users.users, operations: [...users.operations, ...recoveryOperations, ...userSelfOperations] },
  { resource: flows.flows, operations: flows.operations },
  { resource: certificates.certificates, operations: certificates.operations },
  { resource: scopeMappings, operations: [] },
  { resource: oauth2Providers, operations: providerOperations },
  { resource: applications.applications, operations: applications.operations },
  { resource: authorizationCodes.authorizationCodes, operations: authorizationCodes.operations },
  { resource: accessTokens.accessTokens, operations: accessTokens.operations },
  { resource: refreshTokens.refreshTokens, operations: refreshTokens.operations },
  { resource: apiTokens.apiTokens, operations: apiTokens.operations },
  { resource: authenticatedSessions.authenticatedSessions, operations: [] },
  { resource: deviceTokens, operations: [] },
  { resource: userConsents, operations: [] },
  { resource: policyBindings, operations: [] },
  { resource: undefined, operations: [...configOperations, ...versionOperations, ...schemaOperations] },
] as const

type Entry = (typeof ENTRIES)[number]

/** A resource of authentik. */
export type AuthentikResource = NonNullable<Entry['resource']>

/** The operationIds of authentik that the mock has. */
export type OperationId = Entry['operations'][number]['id']

/** Every resource, each after those that its seed points at. */
export const resources = ENTRIES.flatMap(({ resource }) => (resource ? [resource] : [])) as readonly AuthentikResource[]

/** Every operation, as the base release has it. */
export const operations = ENTRIES.flatMap(({ operations: ofEntry }) => [...ofEntry])

/** What a world says of its recording, and what authentik keeps and no resource here has: it is kept as it is. */
export const ASIDE =
  /^(release|recorded_at|claims|flow_bindings|stages|brands|roles|events|outposts|rbac_permissions|vars|passwords|stages_\w+|\w+_(full|all|data|keys))$/
