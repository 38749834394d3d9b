/** Every resource, each after those it points at, and every operation. */
import { accessTokenOperations, accessTokens } from './access-tokens.ts'
import { apiTokens } from './api-tokens.ts'
import { applications } from './applications.ts'
import { authorizationCodeOperations, authorizationCodes } from './authorization-codes.ts'
import { groups } from './groups.ts'
import { oauth2Providers } from './oauth2-providers.ts'
import { refreshTokenOperations, refreshTokens } from './refresh-tokens.ts'
import { scopeMappings } from './scope-mappings.ts'
import { users } from './users.ts'

export const resources = [groups, users, scopeMappings, oauth2Providers, applications, authorizationCodes, accessTokens, refreshTokens, apiTokens]

export const operations = [...authorizationCodeOperations, ...accessTokenOperations, ...refreshTokenOperations]
