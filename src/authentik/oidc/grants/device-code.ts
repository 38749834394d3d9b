/** Tokens for a device that somebody let in (RFC 8628, section 3.4). */
import { deviceTokens } from '../../resources/device-tokens.ts'
import { splitScope } from '../../resources/grants.ts'
import { users } from '../../resources/users.ts'
import { behaviourIn } from '../endpoint.ts'
import { issueRefreshToken, issueTokens } from '../issue.ts'
import { OAuthError } from '../oauth-error.ts'
import type { GrantType } from './grant-type.ts'

/** Takes a device code back, once; no secret is asked for. */
export const deviceCode: GrantType = async ({ provider, form, scopes: requestedScopes }, context) => {
  const { world } = context
  const { expiredCodesAreAbsent, deviceScopeGivesRefreshToken } = behaviourIn(context)
  const code = form.get('device_code') ?? ''
  const row = code === '' ? undefined : world.table(deviceTokens).find('device_code', code)
  if (!row || row.provider !== provider.pk)
    throw new OAuthError('invalid_grant', 'There is no such device code of this client.')
  // Until 2026.2 one whose time is over is good until it is cleaned up.
  if (expiredCodesAreAbsent && world.clock.hasPassed(row.expires))
    throw new OAuthError('invalid_grant', `The device code expired at ${row.expires}.`)
  if (row.user === null) throw new OAuthError('authorization_pending')
  // The row goes before anything is waited for, so that of several requests for it one gets tokens.
  await world.table(deviceTokens).delete(row.pk)
  const scopes = splitScope(row.scope)
  const authentication = { time: Math.floor(world.clock.now() / 1000) }
  const grant = { provider, user: world.table(users).require(row.user), scopes, authentication }
  const issued = await issueTokens(grant, context)
  const isLasting = (deviceScopeGivesRefreshToken ? scopes : requestedScopes).includes('offline_access')
  const refreshToken = isLasting ? await issueRefreshToken(grant, issued.accessToken, context) : undefined
  return { ...issued, scopes, refreshToken }
}
