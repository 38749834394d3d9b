/** Access tokens. */
import { tokenResource } from './grants.ts'

export const accessTokens = tokenResource('access_tokens')
