/** The token endpoint: one code is one exchange, and tokens are signed as the JWKS says. */
import { createHash } from 'node:crypto'
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { describe, expect, it, vi } from 'vitest'
import type { Mock, MockOptions } from '../../../src/entries/index.ts'
import { clientOf, readyMock, worldOf, type Row } from '../../support/client.ts'
import { Browser } from '../../support/browser.ts'
import { claimsOf, OAuthClient, ORIGIN } from '../../support/oauth-client.ts'
import { recordedWorldOf } from '../../support/recordings.ts'

/** Goes to an address where the client of a seeded world asks for a code: it is confidential, with a signing key. */
const openAuthorize = (authentik: Mock, parameters: Record<string, string> = {}) =>
  new Browser(authentik).open(`/application/o/authorize/?${new OAuthClient(authentik).query(parameters)}`)

const mintCode = async (authentik: Mock, parameters?: Record<string, string>): Promise<string> =>
  (await openAuthorize(authentik, parameters)).url.searchParams.get('code') ?? ''

const exchange = (authentik: Mock, code: string, more?: Record<string, string>) =>
  new OAuthClient(authentik).exchange(code, more)

describe('a login without a page', () => {
  it.each([
    ['auto', undefined, 'akadmin'],
    ['auto:ak-service', undefined, 'ak-service'],
    ['auto', 'ak-service', 'ak-service'],
    ['auto', 'nobody at all', 'akadmin'],
  ] as const)('%s, with the hint %s, is that of %s, and is a session', async (login, hint, username) => {
    const authentik = await readyMock({ login, release: '2026.8.3' })
    const { json } = await exchange(authentik, await mintCode(authentik, hint ? { login_hint: hint } : {}))
    const payload = claimsOf(json['id_token'])
    const user = authentik.world.users.find('username', username)
    expect([payload.sub, payload.amr]).toEqual([user?.uid, ['pwd']])
    expect(worldOf(authentik).authenticated_sessions).toMatchObject([{ user: user?.pk }])
  })

  it('leaves a user to the page who was deactivated, which the log says once', async () => {
    const messages: string[] = []
    const authentik = await readyMock({ login: 'auto', log: (message) => void messages.push(message) })
    await authentik.world.users.update(1, { is_active: false })
    for (const { text } of [await openAuthorize(authentik), await openAuthorize(authentik)])
      expect(text).toContain('name="uid_field"')
    expect(messages).toEqual(['A page asks who logs in: akadmin is inactive. Make them active.'])
  })

  it('is refused for a user who is inactive from the start', async () => {
    const world = { extends: 'default', users: [{ username: 'ann', is_active: false }] } as MockOptions['world']
    await expect(readyMock({ login: 'auto:ann', world: world! })).rejects.toThrow(
      'Failed to log in: ann is inactive. Make them active.',
    )
  })

  it('does not log anybody in for `prompt=none`', async () => {
    const authentik = await readyMock({ login: 'auto' })
    const { url } = await openAuthorize(authentik, { prompt: 'none' })
    expect(url.searchParams.get('error')).toBe('login_required')
  })

  it('is refused for a user who is not there, with the names of all', async () => {
    await expect(readyMock({ login: 'auto:bob' })).rejects.toThrow(
      /^Failed to log in: there is no user "bob"\. Known: akadmin, /,
    )
  })

  it.each(['yes', 'auto:', '', 1])('cannot be %j', async (login) => {
    await expect(async () => readyMock({ login: login as 'auto' })).rejects.toThrow(
      `login is ${JSON.stringify(login)}. Give 'page', 'auto', or 'auto:' with a username behind it.`,
    )
  })
})

describe('a code', () => {
  it('is exchanged once, by whoever comes first of a hundred', async () => {
    const authentik = await readyMock({ login: 'auto' })
    const code = await mintCode(authentik)
    const answers = await Promise.all(Array.from({ length: 100 }, () => exchange(authentik, code)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ json }) => json.error === 'invalid_grant')).toHaveLength(99)
  })

  it('is kept when it is refused, and is gone from the API when it is not', async () => {
    const authentik = await readyMock({ login: 'auto', token: 'key' })
    const code = await mintCode(authentik, { code_challenge: 'verifier' })
    const { pk } = worldOf(authentik).authorization_codes.at(-1)!
    const client = clientOf(authentik, { token: 'key' })
    expect((await exchange(authentik, code)).json.error).toBe('invalid_grant')
    expect((await client.get(`/oauth2/authorization_codes/${pk}/`)).status).toBe(200)
    expect((await exchange(authentik, code, { code_verifier: 'verifier' })).status).toBe(200)
    expect((await client.get(`/oauth2/authorization_codes/${pk}/`)).status).toBe(404)
  })

  it('expires with the clock of the world, as its tokens do', async () => {
    const authentik = await readyMock({ login: 'auto' })
    const [late, early] = [await mintCode(authentik), await mintCode(authentik)]
    const { json } = await exchange(authentik, early)
    const ask = async () =>
      (
        await authentik.fetch(`${ORIGIN}/application/o/userinfo/`, {
          headers: { Authorization: `Bearer ${json.access_token}` },
        })
      ).status
    authentik.clock.move(61_000)
    expect([(await exchange(authentik, late)).json.error, await ask()]).toEqual(['invalid_grant', 200])
    authentik.clock.move(3_600_000)
    expect(await ask()).toBe(401)
  })
})

describe('tokens', () => {
  it.each(['2024.8.3', '2026.8.3'])('of %s are signed by the key that the JWKS has', async (release) => {
    const authentik = await readyMock({ login: 'auto', release })
    const { json } = await exchange(authentik, await mintCode(authentik, { nonce: 'n' }))
    const slug = worldOf(authentik).applications.find(({ provider }) => provider === 1)!.slug
    const read = async (path: string) => (await authentik.fetch(`${ORIGIN}/application/o/${slug}/${path}`)).json()
    const configuration = await read('.well-known/openid-configuration')
    const keys = createLocalJWKSet((await read('jwks/')) as JSONWebKeySet)
    for (const token of [json.access_token, json.id_token]) {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer: configuration.issuer,
        audience: new OAuthClient(authentik).credentials.client_id,
        currentDate: new Date(authentik.clock.now()),
      })
      expect([payload['nonce'], protectedHeader.alg]).toEqual(['n', 'RS256'])
      expect(configuration.id_token_signing_alg_values_supported).toEqual(['RS256'])
    }
  })

  it.each([
    ['2025.12.4', 'md5', 'hex'],
    ['2026.2.0', 'sha512', 'base64url'],
  ] as const)('of %s name their key by %s of its PEM', async (release, algorithm, encoding) => {
    const authentik = await readyMock({ login: 'auto', release, world: recordedWorldOf('login-2026.2.2') })
    const { certificate_keys } = recordedWorldOf('login-2026.2.2') as Row
    const kid = createHash(algorithm).update(certificate_keys[0].key_data).digest(encoding)
    const response = await authentik.fetch(`${ORIGIN}/application/o/esx/jwks/`)
    expect((await response.json()).keys).toMatchObject([{ kid, kty: 'EC' }])
  })

  it('for a client itself are those of a service account that came with them', async () => {
    const authentik = await readyMock({ release: '2025.12.4', now: '2026-01-02T03:04:05Z' })
    const { status } = await new OAuthClient(authentik).post('token', { grant_type: 'client_credentials' })
    const instant = '2026-01-02T03:04:05Z'
    const account = [...authentik.world.users.values()].find(({ username }) => username.endsWith('-client_credentials'))
    expect([status, account?.type]).toEqual([200, 'service_account'])
    expect(account).toMatchObject({ date_joined: instant, last_updated: instant, password_change_date: instant })
  })

  it('last as long as their provider says, though the clock moves on while they are made', async () => {
    const authentik = await readyMock({ login: 'auto' })
    const code = await mintCode(authentik)
    let now = Date.now()
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => (now += 400))
    const { json } = await exchange(authentik, code)
    clock.mockRestore()
    const { exp, iat } = claimsOf(json['id_token'])
    expect([json.expires_in, exp - iat]).toEqual([3600, 3600])
  })

  it('are renewed by a refresh token, which is good once', async () => {
    const authentik = await readyMock({ login: 'auto', release: '2026.8.3' })
    const code = await mintCode(authentik, { scope: 'openid offline_access' })
    const { json } = await exchange(authentik, code)
    const renew = () => new OAuthClient(authentik).refresh(json['refresh_token'])
    const renewed = await renew()
    expect([renewed.status, renewed.json.refresh_token === json.refresh_token]).toEqual([200, false])
    expect((await renew()).json.error).toBe('invalid_grant')
  })
})

describe('a consent that is given without a page', () => {
  it('is kept as a person’s would be, so that a page does not ask for it again', async () => {
    const world = recordedWorldOf('login-2026.2.2')
    const authentik = await readyMock({ world, release: '2026.2.2', login: 'auto:frank' })
    const query = new URLSearchParams({
      client_id: 'conp-client',
      redirect_uri: 'https://app.example.com/callback',
      response_type: 'code',
      scope: 'openid email',
    })
    const { url } = await new Browser(authentik).open(`/application/o/authorize/?${query}`)
    expect(url.searchParams.has('code')).toBe(true)
    const frank = authentik.world.users.find('username', 'frank')
    const rows = worldOf(authentik).user_consents.filter(({ user }) => user === frank?.pk)
    expect(rows).toMatchObject([{ permissions: 'email openid', expires: null }])
  })
})

/** A client that trusts the tokens of one with a signing key, and of one that signs with its secret. */
const TRUSTING = {
  users: [{ pk: 1, username: 'ann' }],
  certificates: [{ pk: '00000000-0000-4000-8000-0000000000c1', name: 'key' }],
  providers: [
    { pk: 1, name: 'Trusts', client_id: 'trusts', client_secret: 's1', jwt_federation_providers: [2, 3] },
    { pk: 2, name: 'Key', client_id: 'key', client_secret: 's2', signing_key: '00000000-0000-4000-8000-0000000000c1' },
    { pk: 3, name: 'Secret', client_id: 'secret', client_secret: 's3' },
    { pk: 4, name: 'Alone', client_id: 'alone', client_secret: 's4' },
  ].map((row) => ({ redirect_uris: 'https://app.test/callback', signing_key: null, ...row })),
  applications: [1, 2, 3].map((provider) => ({
    pk: `00000000-0000-4000-8000-0000000000a${provider}`,
    name: `App ${provider}`,
    slug: `app-${provider}`,
    provider,
  })),
  api_tokens: [
    {
      pk: '00000000-0000-4000-8000-0000000000b1',
      identifier: 'app',
      key: 'app-password',
      user: 1,
      intent: 'app_password' as const,
    },
  ],
} as NonNullable<MockOptions['world']>

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

describe('an assertion', () => {
  it.each([
    ['of a provider with a signing key is taken', 2, JWT_BEARER, undefined],
    ['of another type is refused', 2, 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer', 'invalid_grant'],
    ['that is signed with a secret is refused: nobody could check it', 3, JWT_BEARER, 'invalid_grant'],
  ])('%s', async (_title, pk, client_assertion_type, error) => {
    const authentik = await readyMock({ world: TRUSTING, release: '2026.2.2' })
    const ask = (provider: number, form: Record<string, string>) =>
      new OAuthClient(authentik, { provider }).post('token', { grant_type: 'client_credentials', ...form })
    const { json } = await ask(pk, {})
    const client_assertion = json['access_token']
    expect((await ask(1, { client_assertion_type, client_assertion })).json['error']).toBe(error)
  })
})

describe('an app password', () => {
  it.each([
    [1, undefined],
    [4, 'invalid_grant'],
  ])('is asked for by an application: at provider %i, %s', async (provider, error) => {
    const authentik = await readyMock({ world: TRUSTING, release: '2026.2.2' })
    const form = { grant_type: 'password', username: 'ann', password: 'app-password' }
    expect((await new OAuthClient(authentik, { provider }).post('token', form)).json['error']).toBe(error)
  })

  it.each([
    ['2025.8.4', undefined],
    ['2025.8.5', 'invalid_grant'],
  ])('of who is not active is good for nothing, from 2025.8.5 on: %s', async (release, error) => {
    const authentik = await readyMock({ world: TRUSTING, release })
    await authentik.world.users.update(1, { is_active: false })
    const form = { grant_type: 'password', username: 'ann', password: 'app-password' }
    expect((await new OAuthClient(authentik).post('token', form)).json['error']).toBe(error)
  })
})

describe('a parameter that stands twice', () => {
  it.each([
    ['is what it was last said to be', 'code=nope&', '', undefined],
    ['is not what it was said to be first', '', '&code=nope', 'invalid_grant'],
  ])('%s', async (_title, first, last, error) => {
    const authentik = await readyMock({ release: '2026.2.2', login: 'auto' })
    const client = new OAuthClient(authentik)
    const { redirectUri: redirect_uri, credentials } = client
    const form = { grant_type: 'authorization_code', code: await client.code(), redirect_uri, ...credentials }
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8' }
    const body = first + new URLSearchParams(form) + last
    const response = await client.visit('/application/o/token/', { method: 'POST', headers, body })
    expect(((await response.json()) as Row)['error']).toBe(error)
  })
})

describe('what a client says of itself', () => {
  it.each(['Basic ', 'Basic  ', 'Basic   '])('is read behind %j, before the form', async (scheme) => {
    const authentik = await readyMock({ world: TRUSTING, release: '2026.2.2' })
    const client = new OAuthClient(authentik)
    const headers = { Authorization: scheme + btoa('trusts:wrong') }
    const body = new URLSearchParams({ grant_type: 'client_credentials', ...client.credentials })
    const { status } = await client.visit('/application/o/token/', { method: 'POST', headers, body })
    expect(status).toBe(400)
  })

  const encoded = btoa('trusts:%C3%A9%zz%25')
  it.each([
    ['filled up', encoded, 200],
    ['not filled up', encoded.replace(/=+$/, ''), 400],
    ['broken by other signs', encoded.replace('d', '-d_'), 200],
  ])('is read as Python reads percent signs, and base64 that is %s', async (_title, credentials, status) => {
    const authentik = await readyMock({ world: TRUSTING, release: '2026.2.2' })
    await authentik.world.providers.update(1, { client_secret: 'é%zz%' })
    const headers = { Authorization: `Basic ${credentials}` }
    const body = new URLSearchParams({ grant_type: 'client_credentials' })
    const response = await new OAuthClient(authentik).visit('/application/o/token/', { method: 'POST', headers, body })
    expect(response.status).toBe(status)
  })

  it('is not asked for a request object, where the parameter is blank', async () => {
    const authentik = await readyMock({ release: '2026.2.2', login: 'auto' })
    expect(await new OAuthClient(authentik).code({ request: '' })).toMatch(/^[0-9a-f]{32}$/)
  })
})
