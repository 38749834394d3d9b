/** A resource lives as the Terraform provider of authentik has it live: the requests that it sends, in its order. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Mock } from '../../src/entries/index.ts'
import { clientOf, readyMock, type Client, type Row } from '../support/client.ts'

/** A release, and what the provider sends of its line: from 2025.12 on a group has several parents. */
const LINES = [
  { release: '2024.8.3', parents: { parent: null }, roles: {} },
  { release: '2025.10.4', parents: { parent: null }, roles: {} },
  { release: '2026.2.2', parents: { parents: [] }, roles: { roles: [] } },
]
const USER_AGENT = { 'User-Agent': 'authentik-terraform@test' }

/** What a resource was answered in its life, and which of its fields came back otherwise. */
interface Life {
  statuses: number[]
  differences: string[]
}

/** A life in which everything goes well. */
const WELL: Life = { statuses: [201, 200, 200, 200, 204, 404], differences: [] }

describe.each(LINES)('the Terraform provider of $release', ({ release, parents, roles }) => {
  let authentik: Mock
  let admin: Client

  beforeEach(async () => {
    authentik = await readyMock({ token: 'key', release })
    admin = clientOf(authentik, { token: 'key', headers: USER_AGENT })
  })

  /** Asks for something that has to go well. @returns the answer's JSON */
  async function send(method: string, path: string, body?: Row): Promise<Row> {
    const { status, json, text } = await admin.send(method, path, body)
    if (status >= 300) throw new Error(`Failed to ${method} ${path}: ${status} ${text}`)
    return json
  }

  /**
   * Applies, plans, applies a change, plans, destroys, and plans again. Each plan reads the resource: what was sent has
   * to come back as it was, or Terraform finds a difference for ever; and it creates anew what it gets 404 for.
   */
  async function live(path: string, key: string, first: Row, second: Row): Promise<Life> {
    const statuses: number[] = []
    const differences = new Set<string>()
    let address = path
    const step = async (method: string, body?: Row, expected: Row = {}) => {
      const { status, json } = await admin.send(method, address, body)
      statuses.push(status)
      for (const [name, value] of Object.entries(expected))
        if (JSON.stringify(json?.[name]) !== JSON.stringify(value)) differences.add(name)
      return json
    }
    address = `${path}${(await step('POST', first, first))?.[key]}/`
    await step('GET', undefined, first)
    await step('PUT', second, second)
    await step('GET', undefined, second)
    await step('DELETE')
    await step('GET')
    return { statuses, differences: [...differences] }
  }

  /** A flow, as the data source `authentik_flow` looks it up: the first that is found. */
  const flowOf = async (slug: string): Promise<string> =>
    (await send('GET', `/flows/instances/?slug=${slug}`)).results[0].pk

  /** Scope mappings, as the data source `authentik_property_mapping_provider_scope` looks them up. */
  async function mappings(): Promise<string[]> {
    const keys: string[] = []
    for (const name of ['openid', 'email', 'profile']) {
      const managed = encodeURIComponent(`goauthentik.io/providers/oauth2/scope-${name}`)
      const { results } = await send('GET', `/propertymappings/provider/scope/?managed=${managed}&ordering=name`)
      keys.push(...results.map((row: Row) => row.pk))
    }
    return keys
  }

  /** What an `authentik_provider_oauth2` sends with nothing set but what it requires. */
  async function provider(): Promise<Row> {
    const common = {
      name: 'app',
      authorization_flow: await flowOf('default-provider-authorization-implicit-consent'),
      access_code_validity: 'minutes=1',
      access_token_validity: 'minutes=10',
      refresh_token_validity: 'days=30',
      include_claims_in_id_token: true,
      client_id: 'app',
      issuer_mode: 'per_provider',
      sub_mode: 'hashed_user_id',
      client_type: 'confidential',
      property_mappings: await mappings(),
    }
    if (release === '2024.8.3') return { ...common, jwks_sources: [], redirect_uris: 'https://app.example/callback' }
    return {
      ...common,
      invalidation_flow: await flowOf('default-provider-invalidation-flow'),
      authentication_flow: null,
      signing_key: null,
      encryption_key: null,
      refresh_token_threshold: 'seconds=0',
      logout_method: 'backchannel',
      jwt_federation_sources: [],
      jwt_federation_providers: [],
      redirect_uris: [{ matching_mode: 'strict', url: 'https://app.example/callback' }],
    }
  }

  /** What an `authentik_application` sends. */
  const application = (fields: Row = {}): Row => ({
    name: 'App',
    slug: 'app',
    provider: null,
    backchannel_providers: [],
    open_in_new_tab: false,
    meta_launch_url: '',
    meta_description: '',
    meta_publisher: '',
    policy_engine_mode: 'any',
    group: '',
    ...fields,
  })

  const user = (fields: Row = {}): Row => ({
    username: 'ada',
    name: 'Ada',
    type: 'internal',
    is_active: true,
    path: 'users',
    email: 'ada@example.com',
    groups: [],
    attributes: {},
    ...roles,
    ...fields,
  })

  it('is told, when it is configured, that no errors are reported', async () => {
    expect((await send('GET', '/root/config/')).error_reporting).toMatchObject({ enabled: false })
  })

  it('finds the three mappings of scopes that authentik brings along', async () => {
    expect(new Set(await mappings()).size).toBe(3)
  })

  it('has an OAuth2 provider live, whose secret it keeps when it sends none', async () => {
    const body = await provider()
    expect(await live('/providers/oauth2/', 'pk', body, { ...body, name: 'renamed', sub_mode: 'user_email' })).toEqual(
      WELL,
    )
    const { pk, client_secret: secret } = await send('POST', '/providers/oauth2/', body)
    expect(secret).toHaveLength(128)
    expect((await send('PUT', `/providers/oauth2/${pk}/`, body)).client_secret).toBe(secret)
    expect((await send('PUT', `/providers/oauth2/${pk}/`, { ...body, client_secret: 'set' })).client_secret).toBe('set')
  })

  it('has an application live, with and without its provider', async () => {
    const { pk } = await send('POST', '/providers/oauth2/', await provider())
    expect(
      await live('/core/applications/', 'slug', application(), application({ name: 'Renamed', group: 'internal' })),
    ).toEqual(WELL)
    expect(
      await live('/core/applications/', 'slug', application({ provider: pk }), application({ provider: null })),
    ).toEqual(WELL)
  })

  it('finds an application that it gave another slug under that one', async () => {
    await send('POST', '/core/applications/', application())
    await send('PUT', '/core/applications/app/', application({ slug: 'moved' }))
    expect(await send('GET', '/core/applications/moved/')).toMatchObject({ slug: 'moved' })
    expect((await admin.get('/core/applications/app/')).status).toBe(404)
  })

  it('has a user live, and sets the password after it has made them', async () => {
    expect(
      await live(
        '/core/users/',
        'pk',
        user(),
        user({ name: 'Ada Lovelace', attributes: { floor: 2 }, is_active: false }),
      ),
    ).toEqual(WELL)
    const { pk } = await send('POST', '/core/users/', user())
    expect((await admin.post(`/core/users/${pk}/set_password/`, { password: 'engine' })).status).toBe(204)
    expect(await send('GET', `/core/users/${pk}/`)).toMatchObject(user())
    expect(authentik.world.users.get(pk)?.password).toBe('engine')
  })

  it('has a group live, with its members', async () => {
    const { pk } = await send('POST', '/core/users/', user())
    const group = { name: 'engineers', is_superuser: false, users: [pk], attributes: {}, roles: [], ...parents }
    expect(
      await live('/core/groups/', 'pk', group, { ...group, users: [], is_superuser: true, attributes: { floor: 2 } }),
    ).toEqual(WELL)
  })

  it('has a token live, and reads its key, which works', async () => {
    const { pk } = await send('POST', '/core/users/', user())
    const token = { identifier: 'adas', user: pk, expiring: false, description: '', intent: 'api' }
    expect(await live('/core/tokens/', 'identifier', token, { ...token, description: 'of Ada' })).toEqual(WELL)
    await send('POST', '/core/tokens/', token)
    const { key } = await send('GET', '/core/tokens/adas/view_key/')
    const { json } = await clientOf(authentik, { token: key }).get('/core/users/me/')
    expect(json.user.username).toBe('ada')
  })

  it('gives a token the expiry that it was told, in whatever zone', async () => {
    // Without the attribute authentik allows a day.
    const attributes = { 'goauthentik.io/user/token-maximum-lifetime': 'weeks=5200' }
    const { pk } = await send('POST', '/core/users/', { ...user(), attributes })
    const token = { identifier: 'adas', user: pk, expiring: true, description: '', intent: 'app_password' }
    await send('POST', '/core/tokens/', { ...token, expires: '2099-01-01T02:00:00+02:00' })
    const { expires } = await send('GET', '/core/tokens/adas/')
    expect(Date.parse(expires)).toBe(Date.parse('2099-01-01T00:00:00Z'))
  })
})
