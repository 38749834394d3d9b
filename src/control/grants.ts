/** Mints, expires and revokes grants, as if a login had done it. */
import { copyOf, quote } from '../schema/json.ts'
import { applications } from '../authentik/resources/applications.ts'
import { authorizationCodes } from '../authentik/resources/authorization-codes.ts'
import { accessTokens } from '../authentik/resources/access-tokens.ts'
import { deviceTokens } from '../authentik/resources/device-tokens.ts'
import { splitScope } from '../authentik/resources/grants.ts'
import { oauth2Providers, type OAuth2Provider } from '../authentik/resources/oauth2-providers.ts'
import { refreshTokens } from '../authentik/resources/refresh-tokens.ts'
import type { User } from '../authentik/resources/users.ts'
import type { Call } from '../http/message.ts'
import { createRow } from '../rest/write-row.ts'
import { toInstant } from '../store/clock.ts'
import { toDuration } from '../store/duration.ts'
import type { World } from '../store/world.ts'
import { controlError } from './control-error.ts'
import { findUser, noUser } from './find-user.ts'
import { GRANT_RESOURCES, readKind, type GrantRow } from './ledger.ts'
import type { Namespace } from './namespace.ts'
import { readExpiry } from './times.ts'
import type { GrantKind, GrantRequest, MintedGrant } from './types.ts'

/** A call by which a program, which has no address, has tokens issued. */
const PROGRAM: Call = {
  method: 'GET',
  path: '/',
  query: '',
  header: (name) => (name === 'host' ? 'localhost' : undefined),
  body: async () => '',
}

/**
 * Mints a grant.
 * @param call that of who asks, by whose address the issuer of a token is named
 * @throws MockError ERR_CONTROL with the path of each value that is wrong
 */
export async function mint(
  request: GrantRequest,
  { core, base }: Namespace,
  call: Call = { ...PROGRAM, base },
): Promise<MintedGrant> {
  const { world } = core
  const copy = copyOf(request)
  if (!copy) throw controlError([`${quote(request)} is no object; give one such as { kind, user, provider }`])
  const kind = readKind(copy['kind'])
  return world.queue.run(async () => {
    const parties = findParties(request, world)
    const expires = readExpiry(request.expires, world.clock)
    const scopes = splitScope(readScope(request.scope))
    const order: Order = { ...parties, scopes, expires }
    const { row, value } = await MINTS[kind](order, { world, core, call })
    return { kind, pk: row.pk, value, expires: row.expiring ? row.expires : null }
  })
}

/** The scopes of a request, as OAuth has them. @throws MockError ERR_CONTROL for what is no text, and no list of texts */
function readScope(scope: unknown = 'openid'): string {
  const scopes = Array.isArray(scope) ? scope : [scope ?? 'openid']
  if (scopes.every((word) => typeof word === 'string')) return scopes.join(' ')
  throw controlError([`scope: ${quote(scope)} is no text, and no list of texts; give one such as "openid email"`])
}

/** What is to be minted. */
interface Order {
  user: User
  provider: OAuth2Provider
  scopes: readonly string[]
  /** In milliseconds since 1970; null for never, undefined as the provider has it. */
  expires: number | null | undefined
}

interface MintContext {
  world: World
  core: Namespace['core']
  call: Call
}

type Mint = (order: Order, context: MintContext) => Promise<{ row: GrantRow; value: string }>

const MINTS: Readonly<Record<GrantKind, Mint>> = {
  async authorization_codes(order, { world }) {
    const code = world.random.hex(32)
    const row = await createRow(
      authorizationCodes,
      { world },
      {
        auth_time: toInstant(Math.floor(world.clock.now() / 1000) * 1000),
        code,
        ...fieldsOf(order, order.provider.access_code_validity, world),
      },
    )
    return { row, value: code }
  },
  async access_tokens(order, context) {
    const { accessToken } = await issue(order, context)
    return { row: await withExpiry(context.world, 'access_tokens', accessToken, order.expires), value: accessToken }
  },
  async refresh_tokens(order, context) {
    const { refreshToken } = await issue(order, context, true)
    return { row: await withExpiry(context.world, 'refresh_tokens', refreshToken, order.expires), value: refreshToken }
  },
  async device_tokens(order, { world }) {
    const code = world.random.key(99)
    const row = await createRow(
      deviceTokens,
      { world },
      {
        device_code: code,
        user_code: String(Math.floor(world.random.next() * 1_000_000_000)).padStart(9, '0'),
        ...fieldsOf(order, 'minutes=1', world),
      },
    )
    return { row, value: code }
  },
}

/** What every kind of grant has of an order. @param validity of one for which nobody says when it expires */
const fieldsOf = ({ user, provider, scopes, expires }: Order, validity: string, world: World) => ({
  user: user.pk,
  provider: provider.pk,
  scope: scopes.join(' '),
  ...expiryOf(expires, validity, world),
})

/** Issues tokens as the token endpoint does: the provider's own durations give way to when they are to expire. */
async function issue(order: Order, { world, core, call }: MintContext, isRefreshed = false) {
  const { issueTokens, issueRefreshToken } = await import('../authentik/oidc/issue.ts')
  const { user, scopes, expires } = order
  const remaining = typeof expires === 'number' ? `milliseconds=${expires - world.clock.now()}` : undefined
  const provider = {
    ...order.provider,
    ...(remaining !== undefined && { access_token_validity: remaining, refresh_token_validity: remaining }),
  }
  const grant = { provider, user, scopes, authentication: { time: Math.floor(world.clock.now() / 1000) } }
  const context = {
    call,
    params: {},
    world,
    release: core.release,
    autoLogin: undefined,
    isDocumented: core.settings.fidelity === 'documented',
    log: core.settings.log,
    notFound: () => ({ status: 404, headers: [], body: '' }),
  }
  const { accessToken } = await issueTokens(grant, context)
  const refreshToken = isRefreshed ? await issueRefreshToken(grant, accessToken, context) : ''
  return { accessToken, refreshToken }
}

/** The row of a token, which expires at the instant that was asked for, or never: the clock runs while it is issued. */
async function withExpiry(
  world: World,
  kind: 'access_tokens' | 'refresh_tokens',
  token: string,
  expires: number | null | undefined,
): Promise<GrantRow> {
  const table = world.table(kind === 'access_tokens' ? accessTokens : refreshTokens)
  const row = table.find('token', token)
  if (!row) throw new TypeError(`Failed to mint: ${kind} has no row for what was issued.`)
  if (expires === undefined) return row
  return table.update(row.pk, (draft) => Object.assign(draft, expiryOf(expires, '', world)))
}

function expiryOf(expires: number | null | undefined, validity: string, { clock }: World) {
  if (expires === null) return { expires: null, expiring: false }
  return { expires: toInstant(expires ?? clock.now() + (toDuration(validity) ?? 0)), expiring: true }
}

/** Has a grant expire now. @throws MockError ERR_CONTROL when there is none */
export const expire = (kind: GrantKind, pk: number, namespace: Namespace): Promise<void> =>
  change(kind, pk, namespace, async ({ world, name }) => {
    const instant = toInstant(world.clock.now() - 1000)
    await world
      .tableNamed<GrantRow>(name)
      .update(pk, (draft) => Object.assign(draft, { expires: instant, expiring: true }))
  })

/** Revokes a grant as authentik does: a token is marked where its kind can be, and anything else is deleted. */
export const revoke = (kind: GrantKind, pk: number, namespace: Namespace): Promise<void> =>
  change(kind, pk, namespace, async ({ world, name }) => {
    const table = world.tableNamed<GrantRow>(name)
    if (table.get(pk)?.revoked === undefined) await namespace.ledger.revoking(() => table.delete(pk))
    else await table.update(pk, (draft) => Object.assign(draft, { revoked: true }))
  })

async function change(
  kind: GrantKind,
  pk: number,
  { core: { world } }: Namespace,
  task: (subject: { world: World; name: string }) => Promise<void>,
): Promise<void> {
  const { name } = GRANT_RESOURCES[readKind(kind)]
  await world.queue.run(async () => {
    if (!world.tableNamed(name).has(pk)) throw controlError([`pk: ${name} has none with the pk ${quote(pk)}`])
    await task({ world, name })
  })
}

/** The user and the provider that a request names. */
function findParties({ user, provider }: GrantRequest, world: World) {
  const row = findUser(user, world)
  const problems = row ? [] : [noUser(user, world)]
  const client = findProvider(provider, world)
  if (!client)
    problems.push(
      `provider: there is none ${quote(provider)}; there are ${[...world.table(oauth2Providers).values()].map(({ name, client_id }) => `${name} (${client_id})`).join(', ')}`,
    )
  if (!row || !client) throw controlError(problems)
  return { user: row, provider: client }
}

/** A provider by its pk, its name, its client_id, or the slug of its application. */
function findProvider(provider: unknown, world: World): OAuth2Provider | undefined {
  const table = world.table(oauth2Providers)
  if (typeof provider === 'number') return table.get(provider)
  const application = [...world.table(applications).values()].find(({ slug }) => slug === provider)
  if (application && application.provider !== null) return table.get(application.provider)
  return [...table.values()].find(({ name, client_id }) => name === provider || client_id === provider)
}
