/** What may be asked about a token: userinfo (OpenID Connect Core, section 5.3), introspection (RFC 7662), revocation (RFC 7009). */
import type { Header, Reply } from '../../http/message.ts'
import { readForm, readPairs } from '../../http/form.ts'
import { accessTokens } from '../resources/access-tokens.ts'
import { isExpired, splitScope } from '../resources/grants.ts'
import { claimsOf } from './claims.ts'
import { oauth2Providers } from '../resources/oauth2-providers.ts'
import { refreshTokens } from '../resources/refresh-tokens.ts'
import { users } from '../resources/users.ts'
import { authenticatedProvider, credentialsIn, noteUnknownClient, providerOf } from './clients.ts'
import { allowOrigin } from './cors.ts'
import {
  behaviourIn,
  empty,
  notAnswered,
  refusal,
  secretJson,
  type OAuthContext,
  type OAuthEndpoint,
} from './endpoint.ts'
import { OAuthError } from './oauth-error.ts'
import { preflight } from './token.ts'

/** The text of an access token: in the header, else in the form, else in the query. */
async function bearerIn({ call }: OAuthContext): Promise<string> {
  const [, bearer] = /^[Bb]earer\s+(\S+)/.exec(call.header('authorization') ?? '') ?? []
  if (bearer !== undefined) return bearer
  const form = call.method === 'POST' ? await readForm(call) : undefined
  return form?.get('access_token') ?? readPairs(call.query).get('access_token') ?? ''
}

/** A refusal without a body, as RFC 6750 has it but for the word `Bearer`. */
function challenge(status: 401 | 403, { code, message }: OAuthError): Reply {
  const header: Header = ['WWW-Authenticate', `error="${code}", error_description="${message}"`]
  return empty(status, [header])
}

async function describeUser(context: OAuthContext): Promise<Reply> {
  const { world } = context
  const bearer = await bearerIn(context)
  const token = bearer === '' ? undefined : world.table(accessTokens).find('token', bearer)
  if (!token || token.revoked || isExpired(token, world)) return challenge(401, new OAuthError('invalid_token'))
  const provider = world.table(oauth2Providers).require(token.provider)
  const scopes = splitScope(token.scope)
  if (!scopes.includes('openid')) return challenge(403, new OAuthError('insufficient_scope'))
  // Whoever shows no token is not told either which methods there are.
  if (!METHODS.has(context.call.method))
    return allowOrigin(notAnswered(context.call, ['GET', 'POST']), context, provider)
  const user = world.table(users).require(token.user)
  const { sub, nonce } = token.id_token
  const claims = claimsOf({ user, scopes, provider }, context)
  const body = { sub, ...claims, ...(nonce === undefined ? {} : { nonce }) }
  return allowOrigin(secretJson(200, body), context, provider)
}

const METHODS = new Set(['GET', 'HEAD', 'POST'])

/** Who an access token stands for. */
export const userinfo: OAuthEndpoint = {
  methods: {},
  every: (context) => (context.call.method === 'OPTIONS' ? preflight(context) : describeUser(context)),
  isCsrfExempt: true,
}

const INACTIVE = { active: false }

/** The row of a token that a form names: an access token, or a refresh token. */
function findToken(form: URLSearchParams, { world }: OAuthContext) {
  const text = form.get('token') ?? ''
  for (const resource of [accessTokens, refreshTokens]) {
    const row = world.table(resource).find('token', text)
    if (row) return { row, table: world.table(resource) }
  }
  return undefined
}

async function introspectToken(context: OAuthContext): Promise<Reply> {
  const form = await readForm(context.call)
  const credentials = credentialsIn(context, form)
  if (!providerOf(credentials.id, context)) noteUnknownClient(credentials.id, context)
  const provider = authenticatedProvider(credentials, context)
  const token = provider && findToken(form, context)?.row
  const isForeign = token?.provider !== provider?.pk && behaviourIn(context).introspectionChecksProvider
  if (!provider || !token || isForeign || isExpired(token, context.world)) return secretJson(200, INACTIVE)
  const owner = context.world.table(oauth2Providers).require(token.provider)
  return secretJson(200, {
    ...token.id_token,
    active: !token.revoked,
    scope: splitScope(token.scope).join(' '),
    client_id: owner.client_id,
  })
}

/** What a token says, to the client that it was given to. */
export const introspect: OAuthEndpoint = { methods: { POST: introspectToken }, isCsrfExempt: true }

async function revokeToken(context: OAuthContext): Promise<Reply> {
  const form = await readForm(context.call)
  const credentials = credentialsIn(context, form)
  const client = providerOf(credentials.id, context)
  if (!client) noteUnknownClient(credentials.id, context)
  const isNameEnough = client?.client_type === 'public' && behaviourIn(context).publicClientsRevokeByName
  const provider = isNameEnough ? client : authenticatedProvider(credentials, context)
  if (!provider) return refusal(new OAuthError('invalid_client'), 401, context)
  const token = findToken(form, context)
  if (token) await token.table.delete(token.row.pk)
  return secretJson(200, {})
}

/** Deletes a token, whichever client it was given to. */
export const revoke: OAuthEndpoint = { methods: { POST: revokeToken }, isCsrfExempt: true }
