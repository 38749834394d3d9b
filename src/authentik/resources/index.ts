/** Every resource, each after those it points at, and every operation. */
import { accessTokenOperations, accessTokens } from './access-tokens.ts'
import { apiTokenOperations, apiTokens } from './api-tokens.ts'
import { applicationOperations, applications } from './applications.ts'
import { authorizationCodeOperations, authorizationCodes } from './authorization-codes.ts'
import { configOperations } from './config.ts'
import { groupOperations, groups } from './groups.ts'
import { oauth2ProviderOperations } from './oauth2-provider-operations.ts'
import { oauth2Providers } from './oauth2-providers.ts'
import { refreshTokenOperations, refreshTokens } from './refresh-tokens.ts'
import { schemaOperations } from './schema.ts'
import { scopeMappings } from './scope-mappings.ts'
import { sessions } from '../auth/sessions.ts'
import { userOperations, users } from './users.ts'
import { versionOperations } from './version.ts'

export const resources = [
  groups,
  users,
  scopeMappings,
  oauth2Providers,
  applications,
  authorizationCodes,
  accessTokens,
  refreshTokens,
  apiTokens,
  sessions,
]

export const operations = [
  ...authorizationCodeOperations,
  ...accessTokenOperations,
  ...refreshTokenOperations,
  ...userOperations,
  ...groupOperations,
  ...oauth2ProviderOperations,
  ...applicationOperations,
  ...apiTokenOperations,
  ...configOperations,
  ...versionOperations,
  ...schemaOperations,
]
