/** What a body makes of a provider, what an ID token of it would say, and where its endpoints stand; loaded when asked for. */
import { addressOf } from '../../http/message.ts'
import { keyIn } from '../../rest/deviation.ts'
import { invalid, notFound } from '../../rest/errors.ts'
import type { Context } from '../../rest/operation.ts'
import { lastOf, toInteger } from '../../rest/python.ts'
import { findRow, idIn, whereAny } from '../../rest/viewset.ts'
import { previewOf } from '../oidc/claims.ts'
import { PatternError, readPattern } from '../oidc/python-pattern.ts'
import { issuerOf } from '../resources/id-token.ts'
import { applicationOf, oauth2Providers, type OAuth2Provider } from '../resources/oauth2-providers.ts'
import { users } from '../resources/users.ts'

/** What an ID token would say of the caller, or of the user whom the query names. @throws Problem 400 */
export const previewFor = (provider: OAuth2Provider, context: Context) => ({
  preview: previewOf(provider, userOf(context), context),
})

/**
 * What a body makes of a provider. A world that says nothing of grants has them all; a body that says nothing asks for none.
 * @throws Problem 400 for a redirect URI that is no regular expression of Python, although it is to be one
 */
export function writeProvider(values: Record<string, unknown>, { release }: Context, isChange: boolean) {
  const { redirect_uris: uris } = values
  for (const { matching_mode, url } of Array.isArray(uris) ? (uris as { matching_mode: string; url: string }[]) : [])
    if (matching_mode === 'regex' && isFaultyPattern(url))
      throw invalid({ redirect_uris: [`Invalid Regex Pattern: ${url}`] })
  return isChange || !keyIn(release, 'OAuth2Provider', 'grant_types') ? values : { grant_types: [], ...values }
}

function isFaultyPattern(source: string): boolean {
  try {
    readPattern(source)
    return false
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    // What only the mock does not follow authentik keeps.
    return error.isInvalid
  }
}

/** Where the endpoints of a provider stand. @throws Problem 404 */
export function setupUrlsOf(context: Context) {
  const { call, world, serializer } = context
  const lookup = { key: idIn(context), field: 'pk' } as const
  const provider = findRow(context, { resource: oauth2Providers, sees: whereAny }, lookup)
  const slug = applicationOf(provider, world)?.slug
  if (slug === undefined && !serializer.has('setup-urls-unassigned')) throw notFound()
  const base = `${addressOf(call)}/application/o/`
  return {
    issuer: issuerOf(provider, call, world) ?? null,
    authorize: `${base}authorize/`,
    token: `${base}token/`,
    user_info: `${base}userinfo/`,
    provider_info: slug === undefined ? null : `${base}${slug}/.well-known/openid-configuration`,
    logout: slug === undefined ? null : `${base}${slug}/end-session/`,
    ...(slug === undefined ? {} : { jwks: `${base}${slug}/jwks/` }),
    dcr_registration: null,
  }
}

/** The user whom a preview is for. @throws Problem 400 for one who is not there, or whom the caller may not ask for */
function userOf({ query, world, caller }: Context) {
  const user = lastOf(query, 'for_user')
  if (user === undefined) return world.table(users).require(caller.user ?? 0)
  const key = toInteger(user)
  if (key === undefined) throw invalid({ for_user: 'input must be numerical' })
  const row = caller.may('preview_user') ? world.table(users).get(Number(key)) : undefined
  if (!row) throw invalid({ for_user: 'User not found' })
  return row
}
