/** Issues tokens: rows, and the JWTs that they hold (OpenID Connect Core 1.0, sections 2 and 3.1.3). */
import { createRow } from '../../rest/write-row.ts'
import { toDuration } from '../../store/duration.ts'
import { toInstant, type Instant } from '../../store/clock.ts'
import { toHex } from '../../store/hex.ts'
import { cleanUpLater } from '../auth/clean-up.ts'
import { accessTokens } from '../resources/access-tokens.ts'
import { authenticatedSessions } from '../resources/authenticated-sessions.ts'
import { idTokenClaims, type Authentication } from './claims.ts'
import type { OAuth2Provider } from '../resources/oauth2-providers.ts'
import { refreshTokens } from '../resources/refresh-tokens.ts'
import type { Token } from '../resources/tokens.ts'
import type { User } from '../resources/users.ts'
import { noticeClock } from './clock-notice.ts'
import { behaviourIn, type OAuthContext } from './endpoint.ts'
import { sha256, sign, toBase64Url } from './signing.ts'

/** What tokens are issued for. */
export interface Grant {
  provider: OAuth2Provider
  user: User
  scopes: readonly string[]
  /** When and how the user was authenticated. */
  authentication: Authentication
}

/** Tokens that were issued together. */
export interface Issued {
  accessToken: string
  idToken: string
  /** Seconds until the access token expires. */
  expiresIn: number
}

/** The time of a token that is issued now. The clock is read once: it may move on between two looks. */
interface Lifetime {
  /** In seconds since 1970. */
  issued: number
  /** The same, and as a row has it. */
  end: number
  expires: Instant
  /** In seconds. */
  duration: number
}

/** @param validity a duration of authentik's: `hours=1` */
function lifetimeOf(validity: string, { world }: OAuthContext): Lifetime {
  const [now, duration] = [world.clock.now(), toDuration(validity) ?? 0]
  const toSeconds = (milliseconds: number) => Math.floor(milliseconds / 1000)
  const end = now + duration
  return { issued: toSeconds(now), end: toSeconds(end), expires: toInstant(end), duration: toSeconds(duration) }
}

/** Issues an access token and its ID token. @param hashesAccessToken whether the ID token has the hash of the access token */
export async function issueTokens(
  grant: Grant,
  context: OAuthContext,
  { hashesAccessToken = false } = {},
): Promise<Issued> {
  const { provider, user, scopes, authentication } = grant
  const { world } = context
  noticeClock(world, context.log)
  const { accessTokenHasScope, mappingsOverrideScope, kidIsLong } = behaviourIn(context)
  const { issued, end, expires, duration } = lifetimeOf(provider.access_token_validity, context)
  const claims = idTokenClaims({ provider, user, scopes, authentication, issued, expires: end }, context)
  const accessClaims = {
    ...claims,
    azp: provider.client_id,
    uid: world.random.key(40),
    ...(accessTokenHasScope && !(mappingsOverrideScope && 'scope' in claims) ? { scope: scopes.join(' ') } : {}),
  }
  const signed = sign(accessClaims, provider, world, kidIsLong)
  // Where neither needs the other, both are signed at once.
  const idClaims = hashesAccessToken ? withHash(claims, await halfHash(await signed)) : claims
  const [accessToken, idToken] = await Promise.all([signed, sign(idClaims, provider, world, kidIsLong)])
  const row = await createRow(accessTokens, { world }, { ...rowOf(grant, claims, expires), token: accessToken })
  cleanUpLater(row, world)
  return { accessToken, idToken, expiresIn: duration }
}

/** What the row of a token has beside the token itself. */
const rowOf = ({ user, provider, scopes, authentication }: Grant, claims: object, expires: Instant) => ({
  user: user.pk,
  provider: provider.pk,
  expires,
  scope: scopes.join(' '),
  auth_time: toInstant(authentication.time * 1000),
  id_token: { ...claims },
  ...(authentication.session === undefined ? {} : { session: authentication.session }),
})

/** What a client knows a session by, so that it can be told of a logout. */
const sessionIdOf = async (session: string): Promise<string> => toHex(await sha256(session))

/** The left half of a hash, as an ID token has it (OpenID Connect Core 1.0, section 3.1.3.6). */
export const halfHash = async (text: string): Promise<string> => toBase64Url((await sha256(text)).subarray(0, 16))

/** Claims with the hash of an access token, behind the nonce. */
function withHash(claims: Record<string, unknown>, hash: string): Record<string, unknown> {
  const entries = Object.entries(claims)
  const index = entries.findLastIndex(([name]) => ['acr', 'amr', 'c_hash', 'nonce'].includes(name)) + 1
  return Object.fromEntries([...entries.slice(0, index), ['at_hash', hash], ...entries.slice(index)])
}

/** Issues a refresh token, whose row keeps an ID token of its own that has the hash of the access token. */
export async function issueRefreshToken(grant: Grant, accessToken: string, context: OAuthContext): Promise<string> {
  const { provider, user, scopes, authentication } = grant
  const { world } = context
  const { issued, end, expires } = lifetimeOf(provider.refresh_token_validity, context)
  const hash = await halfHash(accessToken)
  const claims = idTokenClaims(
    {
      provider,
      user,
      scopes,
      authentication: { ...authentication, accessTokenHash: hash },
      issued,
      expires: end,
    },
    context,
  )
  const row = await createRow(
    refreshTokens,
    { world },
    { ...rowOf(grant, claims, expires), token: world.random.key(128) },
  )
  return cleanUpLater(row, world).token
}

/** How the user of a grant was authenticated, as its row tells. */
export async function authenticationOf(
  { auth_time, session }: Pick<Token, 'auth_time' | 'session'>,
  context: OAuthContext,
): Promise<Authentication> {
  const time = auth_time === null ? context.world.clock.now() : Date.parse(auth_time)
  const { tokensNameSession, tokensNameMethods } = behaviourIn(context)
  const seconds = Math.floor(time / 1000)
  // A token that has outlived its session says no more than when its user logged in.
  const isOver = session === undefined || !context.world.table(authenticatedSessions).find('session_key', session)
  if (isOver) return { time: seconds }
  return {
    time: seconds,
    session,
    methods: tokensNameMethods ? ['pwd'] : undefined,
    sessionId: tokensNameSession ? await sessionIdOf(session) : undefined,
  }
}
