/** Where the login of one release is another's no more: both sides of each border that the recordings lie apart of. */
import { describe, expect, it } from 'vitest'
import type { Mock, MockOptions } from '../../../src/entries/index.ts'
import { clientOf, readyMock, worldOf, type Row } from '../../support/client.ts'
import { OAuthClient, ORIGIN } from '../../support/oauth-client.ts'

type Probe = (authentik: Mock, client: OAuthClient) => Promise<unknown>

const headersOf = (token: string): Row => JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString())
const claimsOf = (token: string): Row => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
const tokensOf: (client: OAuthClient, parameters?: Record<string, string>) => Promise<Row> = async (
  client,
  parameters,
) => (await client.exchange(await client.code(parameters))).json
const statusOf = async (authentik: Mock, path: string) =>
  (await authentik.fetch(ORIGIN + path, { redirect: 'manual' })).status
const discovery = async (authentik: Mock): Promise<Row> =>
  (await authentik.fetch(`${ORIGIN}/application/o/spa/.well-known/openid-configuration`)).json()
const locationOf = async (client: OAuthClient, parameters?: Record<string, string>) =>
  (await client.authorize(parameters)).pathname

const LOGIN = '/api/v3/flows/executor/default-authentication-flow/?query='
const OWN_LOGIN = '/api/v3/flows/executor/own-login/'
const [LOGIN_FLOW, LOGOUT_FLOW, LOGOUT_STAGE, EMAIL, OPENID, CONSENT_FLOW] = [1, 2, 3, 4, 5, 6].map(
  (number) => `00000000-0000-4000-8000-00000000000${number}`,
)

/** A provider with flows of its own: one to log in, for who is not, and one that logs out of authentik. */
const WORLD_WITH_FLOWS = {
  users: [{ pk: 1, username: 'ann', password: 'ann-pw' }],
  flows: [
    {
      pk: LOGIN_FLOW,
      slug: 'own-login',
      name: 'Own login',
      title: 'Own login',
      designation: 'authentication' as const,
      authentication: 'require_unauthenticated' as const,
    },
    { pk: CONSENT_FLOW, slug: 'own-consent', name: 'Own', title: 'Own', designation: 'authorization' as const },
    { pk: LOGOUT_FLOW, slug: 'own-logout', name: 'Own', title: 'Own', designation: 'invalidation' as const },
  ],
  flow_bindings: [{ pk: OPENID, target: LOGOUT_FLOW, stage: LOGOUT_STAGE, order: 0 }],
  stages: [{ pk: LOGOUT_STAGE, name: 'own-logout', component: 'ak-stage-user-logout-form' }],
  scope_mappings: [
    { pk: OPENID, name: 'openid', scope_name: 'openid', expression: 'return {"scope": "ours"}' },
    { pk: EMAIL, name: 'email', scope_name: 'email', expression: 'return {}' },
  ],
  providers: [
    {
      pk: 1,
      name: 'Shop',
      client_id: 'shop',
      client_secret: 'shop-secret',
      redirect_uris: 'https://app.test/callback',
      authentication_flow: LOGIN_FLOW,
      authorization_flow: CONSENT_FLOW,
      invalidation_flow: LOGOUT_FLOW,
      property_mappings: [OPENID, EMAIL],
      include_claims_in_id_token: true,
    },
  ],
  applications: [{ pk: '00000000-0000-4000-8000-000000000009', name: 'Shop', slug: 'shop', provider: 1 }],
} as NonNullable<MockOptions['world']>

/** What is shown to who has logged out, of the application and of authentik. */
async function endedSession(client: OAuthClient): Promise<unknown> {
  await client.challenge(LOGIN)
  await client.challenge(LOGIN, { uid_field: 'ann' })
  await client.challenge(LOGIN, { password: 'ann-pw' })
  await client.visit('/application/o/shop/end-session/')
  const { component, pending_user } = await client.challenge('/api/v3/flows/executor/own-logout/?query=')
  return [component, pending_user]
}

/** Each border with the last release before it, and the first behind it, and what is seen on both sides. */
const BORDERS: readonly [
  what: string,
  earlier: string,
  later: string,
  probe: Probe,
  answers: [unknown, unknown],
  options?: MockOptions,
][] = [
  [
    'a token names its session',
    '2024.8.4',
    '2024.8.5',
    async (_, client) => 'sid' in claimsOf((await tokensOf(client))['id_token']),
    [false, true],
  ],
  [
    'a logout runs a flow',
    '2024.8.6',
    '2024.10.0',
    async (authentik) => [
      await statusOf(authentik, '/application/o/nope/end-session/'),
      await statusOf(authentik, '/if/session-end/spa/'),
    ],
    [
      [302, 302],
      [404, 404],
    ],
  ],
  [
    'too many wrong passwords say what is wrong',
    '2024.8.6',
    '2024.10.0',
    async (_, client) => {
      await client.challenge(LOGIN)
      await client.challenge(LOGIN, { uid_field: 'akadmin' })
      for (let count = 0; count < 4; count++) await client.challenge(LOGIN, { password: 'nope' })
      return (await client.challenge(LOGIN, { password: 'nope' }))['error_message']
    },
    ['Unknown error', 'Invalid password'],
    { login: 'page' },
  ],
  [
    'a code of a device can be entered',
    '2024.10.1',
    '2024.10.2',
    async (authentik, client) => {
      await client.logIn(authentik, 'akadmin')
      const { json } = await client.post('device', { scope: 'openid' })
      const { pathname } = new URL((await client.visit('/device')).headers.get('Location') ?? '', ORIGIN)
      const executor = `/api/v3/flows/executor/${pathname.split('/')[3]}/?query=`
      const headers = { 'Content-Type': 'application/json', ...(await authentik.logIn('akadmin')) }
      await client.visit('/device', { headers })
      const body = JSON.stringify({ code: json['user_code'] })
      return (await client.visit(executor, { method: 'POST', headers, body })).status
    },
    [405, 200],
    { login: 'page' },
  ],
  [
    'a flow that was gone through is forgotten',
    '2024.12.2',
    '2024.12.3',
    async (authentik, client) => {
      await client.logIn(authentik, 'akadmin')
      const executor = await client.enter({ response_mode: 'form_post', prompt: 'consent' })
      const { token } = await client.challenge(executor)
      await client.challenge(executor, { token })
      return (await client.visit(executor)).status
    },
    [400, 200],
    { login: 'page' },
  ],
  [
    'a token comes with its scope',
    '2024.12.5',
    '2025.2.0',
    async (_, client) => 'scope' in (await tokensOf(client)),
    [false, true],
  ],
  [
    'offline_access asks for consent no more',
    '2025.2.4',
    '2025.4.0',
    async (authentik, client) => {
      await client.logIn(authentik, 'akadmin')
      return (await locationOf(client, { scope: 'openid offline_access' })).startsWith('/if/flow/')
    },
    [true, false],
    { login: 'page' },
  ],
  [
    'a refusal names the request',
    '2025.6.4',
    '2025.8.0',
    async (_, client) => 'request_id' in (await client.exchange('nope')).json,
    [false, true],
  ],
  [
    'discovery is where RFC 8414 has it',
    '2025.6.4',
    '2025.8.0',
    async (authentik) => statusOf(authentik, '/.well-known/oauth-authorization-server/application/o/spa/'),
    [404, 200],
  ],
  [
    'discovery tells of the back channel',
    '2025.6.4',
    '2025.8.0',
    async (authentik) => 'backchannel_logout_supported' in (await discovery(authentik)),
    [false, true],
  ],
  [
    'a token says how its user logged in',
    '2025.8.6',
    '2025.10.0',
    async (_, client) => 'amr' in claimsOf((await tokensOf(client))['id_token']),
    [false, true],
  ],
  [
    'an access token says its scope',
    '2025.8.6',
    '2025.10.0',
    async (_, client) => 'scope' in claimsOf((await tokensOf(client))['access_token']),
    [false, true],
  ],
  [
    'a client asks for a language',
    '2025.8.6',
    '2025.10.0',
    async (_, client) => (await client.authorize({ ui_locales: 'de' })).searchParams.get('locale'),
    [null, 'de'],
  ],
  [
    'the page behind a logout is for who is still logged in',
    '2025.8.6',
    '2025.10.0',
    async (_, client) => endedSession(client),
    [
      ['ak-stage-session-end', ''],
      ['xak-flow-redirect', undefined],
    ],
    { login: 'page', world: WORLD_WITH_FLOWS },
  ],
  [
    'who is logged in already is led on',
    '2025.8.6',
    '2025.10.0',
    async (authentik, client) => {
      await client.logIn(authentik, 'ann')
      const { component, to: address } = await client.challenge(`${OWN_LOGIN}?query=next%3D%252Fhome`)
      return [component, address]
    },
    [
      ['ak-stage-access-denied', undefined],
      ['xak-flow-redirect', '/home'],
    ],
    { login: 'page', world: WORLD_WITH_FLOWS },
  ],
  [
    'a service account that was deactivated gets no token',
    '2025.10.1',
    '2025.10.2',
    async (authentik, client) => {
      const ask = () => client.post('token', { grant_type: 'client_credentials', scope: 'openid' })
      await ask()
      const account = worldOf(authentik).users.find(({ username }) => username === 'ak-Shop-client_credentials')
      await authentik.world.users.update(account?.pk ?? 0, { is_active: false })
      return (await ask()).json['error']
    },
    [undefined, 'invalid_grant'],
    { login: 'page', world: WORLD_WITH_FLOWS },
  ],
  [
    'who has to log in is sent to the page at once',
    '2025.10.4',
    '2025.12.0',
    async (_, client) => locationOf(client),
    ['/flows/-/default/authentication/', '/if/flow/default-authentication-flow/'],
    { login: 'page' },
  ],
  [
    'a mapping says another scope',
    '2025.12.6',
    '2026.2.0',
    async (_, client) => claimsOf((await tokensOf(client))['access_token'])['scope'],
    ['openid email', 'ours'],
    { login: 'auto:ann', world: WORLD_WITH_FLOWS },
  ],
  [
    'who leaves a flow is sent to where they want to go',
    '2025.10.4',
    '2025.12.0',
    async (_, client) => (await client.visit('/flows/-/cancel/?next=%2Fhome')).headers.get('Location'),
    ['/flows/-/default/invalidation/', '/home'],
  ],
  [
    'the name of a key is long',
    '2025.12.6',
    '2026.2.0',
    async (_, client) => String(headersOf((await tokensOf(client))['id_token'])['kid']).length,
    [32, 86],
  ],
  [
    'a token has a name',
    '2025.12.6',
    '2026.2.0',
    async (_, client) => 'jti' in claimsOf((await tokensOf(client))['id_token']),
    [false, true],
  ],
  [
    'Basic is percent-decoded',
    '2026.2.0',
    '2026.2.2',
    async (_, client) => {
      const headers = { Authorization: `Basic ${btoa('%73hop:shop-secret')}` }
      const body = new URLSearchParams({ grant_type: 'client_credentials' })
      return (await client.visit('/application/o/token/', { method: 'POST', headers, body })).status
    },
    [400, 200],
    { login: 'page', world: WORLD_WITH_FLOWS },
  ],
  [
    'a provider says which grants its client may use',
    '2026.2.3',
    '2026.5.0',
    async (authentik, client) => {
      await authentik.world.providers.update(1, { grant_types: ['refresh_token'] })
      const { searchParams, hash } = await client.authorize({ state: 'st' })
      const implicit = await client.authorize({ response_type: 'id_token', nonce: 'n' })
      const { json } = await client.post('token', { grant_type: 'client_credentials', client_secret: 'wrong' })
      const { json: unknown } = await client.post('token', { grant_type: 'nope' })
      return [searchParams.get('error'), hash, implicit.hash.slice(0, 22), json['error'], unknown['error']]
    },
    [
      [null, '', '#id_token=eyJhbGciOiJIU', 'invalid_grant', 'unsupported_grant_type'].map((text) =>
        text?.startsWith('#') ? text.slice(0, 22) : text,
      ),
      ['invalid_request', '', '#error=invalid_request', 'invalid_grant', 'unsupported_grant_type'],
    ],
    { login: 'auto:ann', world: WORLD_WITH_FLOWS },
  ],
  [
    'a provider that is made without grants has none',
    '2026.2.3',
    '2026.5.0',
    async (authentik) => {
      const [flow] = worldOf(authentik).flows
      const headers = await authentik.logIn('akadmin')
      const { json } = await clientOf(authentik, { headers: { ...headers, Referer: ORIGIN } }).post(
        '/providers/oauth2/',
        {
          name: 'New',
          authorization_flow: flow?.pk,
          invalidation_flow: flow?.pk,
          redirect_uris: [{ matching_mode: 'strict', url: 'https://app.test/callback' }],
        },
      )
      return [json['name'], json['grant_types']]
    },
    [
      ['New', undefined],
      ['New', []],
    ],
  ],
  [
    'a logout needs nobody to be logged in',
    '2026.5.6',
    '2026.8.0',
    async (_, client) =>
      new URL((await client.visit('/application/o/shop/end-session/')).headers.get('Location') ?? '', ORIGIN).pathname,
    ['/if/flow/own-login/', '/if/flow/own-logout/'],
    { login: 'page', world: WORLD_WITH_FLOWS },
  ],
  [
    'the code of a device is exchanged with the secret of a confidential client',
    '2026.5.6',
    '2026.8.0',
    async (_, client) => {
      const form = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', client_secret: 'wrong' }
      return (await client.post('token', { ...form, device_code: 'nope' })).json['error']
    },
    ['invalid_grant', 'invalid_client'],
  ],
]

describe('behind the border', () => {
  it.each(BORDERS)('%s (%s, then %s)', async (_what, earlier, later, probe, answers, options) => {
    const results = [earlier, later].map(async (release) => {
      const authentik = await readyMock({ login: 'auto', ...options, release })
      return probe(authentik, new OAuthClient(authentik))
    })
    expect(await Promise.all(results)).toEqual(answers)
  })
})

describe('the first page after a login', () => {
  it.each([
    ['2024.8.4', true],
    ['2025.10.4', true],
    ['2025.12.0', false],
  ])('gives the cookie of the session again, once, until 2025.10: at %s, %s', async (release, isGiven) => {
    const authentik = await readyMock({ release, world: WORLD_WITH_FLOWS })
    const client = new OAuthClient(authentik)
    await client.challenge(LOGIN)
    await client.challenge(LOGIN, { uid_field: 'ann' })
    await client.challenge(LOGIN, { password: 'ann-pw' })
    const ask = async () => (await client.visit('/application/o/authorize/?client_id=nope')).headers.getSetCookie()
    expect([(await ask()).length, (await ask()).length]).toEqual([isGiven ? 1 : 0, 0])
  })
})

describe('the page that denies', () => {
  it.each([
    ['2024.8.4', true, true],
    ['2024.12.5', false, true],
    ['2025.8.6', false, true],
    ['2026.2.2', false, false],
  ])(
    'at %s gives anybody a cookie against forged requests: %s, and who is logged in: %s',
    async (release, ...gives) => {
      const applications: object[] = []
      const authentik = await readyMock({ release, world: { ...WORLD_WITH_FLOWS, applications } as object })
      const client = new OAuthClient(authentik)
      const ask = async () => (await client.visit(`/application/o/authorize/?${client.query()}`)).headers.getSetCookie()
      const anonymous = await ask()
      await client.logIn(authentik, 'ann')
      expect([anonymous, await ask()].map((lines) => lines.some((line) => line.startsWith('authentik_csrf=')))).toEqual(
        gives,
      )
    },
  )
})

/** Where a browser is when it is asked to log in, once it has gone there. */
async function loginFlowOf(client: OAuthClient): Promise<string | undefined> {
  const { pathname } = await client.authorize()
  const [, , ...parts] = pathname.split('/')
  if (!pathname.startsWith('/flows/')) return parts[1]
  const response = await client.visit(pathname)
  return new URL(response.headers.get('Location') ?? '', ORIGIN).pathname.split('/')[3]
}

describe('a provider’s own flow of authentication', () => {
  it.each([
    ['2024.8.4', 'own-login'],
    ['2025.10.4', 'own-login'],
    ['2025.12.0', 'default-authentication-flow'],
    ['2025.12.4', 'own-login'],
    ['2026.2.2', 'own-login'],
  ])('is where a browser is led at %s: %s', async (release, flow) => {
    const authentik = await readyMock({ release, world: WORLD_WITH_FLOWS })
    expect(await loginFlowOf(new OAuthClient(authentik))).toBe(flow)
  })
})

describe('the flows that a brand names', () => {
  const brands = [{ domain: 'authentik.test', flow_authentication: LOGIN_FLOW, flow_invalidation: LOGOUT_FLOW }]

  it.each(['2024.8.4', '2026.2.2'])('are where a browser logs in and out at %s', async (release) => {
    const providers = [{ pk: 1, name: 'Shop', client_id: 'shop', redirect_uris: 'https://app.test/callback' }]
    const authentik = await readyMock({ release, world: { ...WORLD_WITH_FLOWS, providers, brands } as object })
    const client = new OAuthClient(authentik)
    expect(await loginFlowOf(client)).toBe('own-login')
    const response = await client.visit('/flows/-/default/invalidation/')
    expect(new URL(response.headers.get('Location') ?? '', ORIGIN).pathname).toBe('/if/flow/own-logout/')
  })
})

it.each([
  ['authentik.test:9000', 'own-login'],
  ['TEST:9000', 'own-login'],
  ['Authentik.test', 'own-login'],
  ['authentik.test:900', 'default-authentication-flow'],
  ['shop.test', 'default-authentication-flow'],
])('a brand of the domain %s leads a browser at authentik.test:9000 to %s', async (domain, flow) => {
  const brands = [
    { domain: 'authentik-default', default: true },
    { domain, flow_authentication: LOGIN_FLOW },
  ]
  const providers = [{ pk: 1, name: 'Shop', client_id: 'shop', redirect_uris: 'https://app.test/callback' }]
  const authentik = await readyMock({ world: { ...WORLD_WITH_FLOWS, providers, brands } as object })
  expect(await loginFlowOf(new OAuthClient(authentik, { origin: 'http://authentik.test:9000' }))).toBe(flow)
})

describe('who is asked to log in, so that they can log out', () => {
  it.each([
    ['2025.10.4', '/flows/-/default/authentication/'],
    ['2026.2.2', '/if/flow/own-login/'],
  ])('goes through the provider’s own flow, and is told for which application, at %s', async (release, path) => {
    const authentik = await readyMock({ release, world: WORLD_WITH_FLOWS })
    const client = new OAuthClient(authentik)
    const response = await client.visit('/application/o/shop/end-session/')
    expect(new URL(response.headers.get('Location') ?? '', ORIGIN).pathname).toBe(path)
    expect(await client.challenge(LOGIN)).toMatchObject({ application_pre: 'Shop' })
  })
})

describe('a language that a client asks for', () => {
  it.each([
    ['of nobody in particular', false, 'de'],
    ['of who was logged in before, in the language of the request', true, 'en'],
  ])('is that of the answer to a request %s', async (_title, isLoggedIn, language) => {
    const authentik = await readyMock({ release: '2026.2.2', world: WORLD_WITH_FLOWS })
    const client = new OAuthClient(authentik)
    if (isLoggedIn) await client.logIn(authentik, 'ann')
    const { headers } = await client.visit(`/application/o/authorize/?${client.query({ ui_locales: 'de' })}`)
    expect(headers.get('Content-Language')).toBe(language)
  })
})

it('a login by a grant that its provider does not have is refused, and the log says which', async () => {
  const messages: string[] = []
  const log = (message: string) => void messages.push(message)
  const authentik = await readyMock({ release: '2026.5.0', login: 'auto', log })
  const client = new OAuthClient(authentik)
  const { name } = await authentik.world.providers.update(1, { grant_types: [] })
  for (const { searchParams } of [await client.authorize(), await client.authorize()])
    expect(searchParams.get('error')).toBe('invalid_request')
  expect(messages).toEqual([
    `A login was refused: the provider "${name}" does not have authorization_code among its grant_types.`,
  ])
})
