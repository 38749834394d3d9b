/** Refresh tokens. */
import { tokenResource } from './grants.ts'

export const refreshTokens = tokenResource('refresh_tokens')
