/** Grants: each kind is minted as a login would, works, expires, is revoked, and its life is told. */
import { describe, expect, it } from 'vitest'
import type { ControlledMock, GrantKind, GrantRecord } from '../../src/entries/control.ts'
import { Browser } from '../support/browser.ts'
import { clientOf } from '../support/client.ts'
import { askerIn, controlledMock, sendIn } from '../support/control.ts'
import { claimsOf, OAuthClient } from '../support/oauth-client.ts'

const NOW = '2024-09-27T14:26:18Z'
const API = 'goauthentik.io/api'

const open = (options = {}) => controlledMock({ now: NOW, ...options })
const recordOf = (authentik: ControlledMock, kind: GrantKind, pk: number): GrantRecord =>
  authentik.grants(kind).find((grant) => grant.pk === pk)!
const stepsOf = (authentik: ControlledMock, kind: GrantKind, pk: number) =>
  recordOf(authentik, kind, pk).life.map(({ step, status }) => `${step} ${status}`)

describe('the list of grants', () => {
  it('has the last hundred, the newest at the end, and gives any others by limit and offset', async () => {
    const authentik = await open({ codes: 120 })
    const ask = askerIn(authentik)
    const pks: number[] = []
    for (const kind of ['device_tokens', 'authorization_codes'] as const) {
      authentik.clock.move(1000)
      pks.push((await authentik.mint({ kind, user: 'akadmin', provider: 1 })).pk)
    }
    const listOf = async (query = '') => (await ask('GET', `grants/${query}`)).json as unknown as GrantRecord[]
    const list = JSON.parse(JSON.stringify(authentik.grants())) as GrantRecord[]
    expect(list.length).toBeGreaterThan(120)
    expect(list.slice(-2).map(({ kind, pk }) => [kind, pk])).toEqual([
      ['device_tokens', pks[0]],
      ['authorization_codes', pks[1]],
    ])
    expect(await listOf()).toEqual(list.slice(-100))
    expect(await listOf('?limit=1000')).toEqual(list)
    expect(await listOf('?limit=1&offset=1')).toEqual([list.at(-2)])
    expect(await listOf('?limit=0')).toEqual([])
    expect(await listOf('?offset=1000')).toEqual([])
    const codes = list.filter(({ kind }) => kind === 'authorization_codes')
    expect(await listOf('?kind=authorization_code&limit=3')).toEqual(codes.slice(-3))
    expect((await ask('GET', 'grants/?limit=some')).status).toBe(400)
  })
})

describe('what is minted works as what a login gave:', () => {
  it.each(['2024.8.3', '2026.8.3'])('a code is exchanged once, at %s', async (release) => {
    const authentik = await open({ release })
    const client = new OAuthClient(authentik as never)
    const { kind, pk, value, expires } = await authentik.mint({
      kind: 'authorization_codes',
      user: 'akadmin',
      provider: client.credentials.client_id,
      scope: ['openid', 'email'],
    })
    expect([kind, expires]).toEqual(['authorization_codes', '2024-09-27T14:27:18Z'])
    const { status, json } = await client.exchange(value)
    expect([status, json['scope'] ?? 'openid email', json['token_type']]).toEqual([200, 'openid email', 'Bearer'])
    expect((await client.userinfo(json['access_token'])).json).toHaveProperty('email')
    expect((await client.exchange(value)).json['error']).toBe('invalid_grant')
    expect(recordOf(authentik, 'authorization_codes', pk)).toMatchObject({
      state: 'exchanged',
      scope: ['openid', 'email'],
    })
  })

  it('an access token asks the API with the scope for it, and is refused without', async () => {
    const authentik = await open()
    const mint = (scope: string) => authentik.mint({ kind: 'access_tokens', user: 'akadmin', provider: 1, scope })
    const statusOf = async (scope: string) =>
      (await clientOf(authentik as never, { token: (await mint(scope)).value }).get('/core/users/me/')).status
    expect([await statusOf(`openid ${API}`), await statusOf('openid')]).toEqual([200, 403])
    const client = new OAuthClient(authentik as never)
    expect((await client.introspect((await mint('openid')).value)).json['active']).toBe(true)
  })

  it('a refresh token is refreshed', async () => {
    const authentik = await open()
    const client = new OAuthClient(authentik as never)
    const { value, pk } = await authentik.mint({
      kind: 'refresh_tokens',
      user: 'akadmin',
      provider: 'recycled-ceramic-ball-1',
      scope: 'openid offline_access',
    })
    const { status, json } = await client.refresh(value)
    expect([status, typeof json['access_token']]).toEqual([200, 'string'])
    expect(stepsOf(authentik, 'refresh_tokens', pk)).toEqual(['exchange 200'])
  })

  it('a device that waits gets its tokens', async () => {
    const authentik = await open()
    const client = new OAuthClient(authentik as never)
    const { value } = await authentik.mint({ kind: 'device_tokens', user: 'akadmin', provider: 1 })
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
    expect((await client.post('token', { grant_type, device_code: value })).json).toHaveProperty('access_token')
    expect((await client.post('token', { grant_type, device_code: value })).status).toBe(400)
  })

  it.each<[provider: (authentik: ControlledMock) => number | string]>([
    [() => 1],
    [(authentik) => authentik.world.providers.get(1)!.name],
    [(authentik) => authentik.world.providers.get(1)!.client_id],
    [() => 'recycled-ceramic-ball-1'],
  ])('whatever the provider and the user are called by', async (provider) => {
    const authentik = await open()
    for (const user of ['akadmin', authentik.world.users.find('username', 'akadmin')!.pk]) {
      const { pk } = await authentik.mint({ kind: 'authorization_codes', user, provider: provider(authentik) })
      expect(recordOf(authentik, 'authorization_codes', pk)).toMatchObject({
        user: { username: 'akadmin' },
        provider: { pk: 1 },
        application: { slug: 'recycled-ceramic-ball-1' },
      })
    }
  })
})

describe.each(['authorization_codes', 'access_tokens', 'refresh_tokens', 'device_tokens'] as const)('%s', (kind) => {
  it('expire at an instant, after a while, or never; and without a word as the provider has it', async () => {
    const authentik = await controlledMock()
    const expiresOf = async (expires?: string | null) =>
      (await authentik.mint({ kind, user: 'akadmin', provider: 1, ...(expires !== undefined && { expires }) })).expires
    // The clock runs, and what is asked for is what there is.
    expect(await expiresOf('2024-01-01T00:00:00Z')).toBe('2024-01-01T00:00:00Z')
    expect(await expiresOf('2100-01-01T01:00:00+01:00')).toBe('2100-01-01T00:00:00Z')
    expect(await expiresOf(null)).toBeNull()
    authentik.clock.freeze(NOW)
    expect(await expiresOf('+5m')).toBe('2024-09-27T14:31:18Z')
    expect(await expiresOf('-1h30m')).toBe('2024-09-27T12:56:18Z')
    expect(await expiresOf('-999999999d')).toBe('0001-01-01T00:00:00Z')
    expect(await expiresOf('+999999999d')).toMatch(/^9999-12-31/)
    expect(Date.parse((await expiresOf())!)).toBeGreaterThan(Date.parse(NOW))
  })

  it('are had expire and revoked, of which the record tells', async () => {
    const authentik = await open()
    const { pk } = await authentik.mint({ kind, user: 'akadmin', provider: 1, expires: null })
    expect(recordOf(authentik, kind, pk)).toMatchObject({ state: 'active', expires: null, created: NOW })
    await authentik.expire(kind, pk)
    expect(recordOf(authentik, kind, pk)).toMatchObject({ state: 'expired', expires: '2024-09-27T14:26:17Z' })
    await authentik.revoke(kind, pk)
    expect(recordOf(authentik, kind, pk).state).toBe('revoked')
  })
})

describe('the life of a code', () => {
  it('is told from the authorization on: login, consent, code, token, reads', async () => {
    const authentik = await open({ release: '2024.8.3' })
    const client = new OAuthClient(authentik as never, { provider: 6 })
    const address = `/application/o/authorize/?${client.query({ scope: 'openid' })}`
    const place = await new Browser(authentik).authorize(address, 'akadmin', 'akadmin-password')
    const code = place.url.searchParams.get('code') ?? ''
    const { pk } = authentik.world.authorization_codes.find('code', code)!
    const admin = clientOf(authentik as never, { token: authentik.tokens().superuser! })
    await admin.get(`/oauth2/authorization_codes/${pk}/`)
    const minted = recordOf(authentik, 'authorization_codes', pk)
    expect(minted).toMatchObject({ state: 'active', created: NOW, application: { slug: 'web' } })
    await client.exchange(code)
    await admin.get(`/oauth2/authorization_codes/${pk}/`)
    const { state, life } = recordOf(authentik, 'authorization_codes', pk)
    expect(state).toBe('exchanged')
    const steps = life.map(({ step, status }) => `${step} ${status}`)
    // The authorization is asked for again after the login; and the request that consents is given the code.
    const way = ['authorize 302', 'login 302', 'authorize 302', 'consent 302', 'mint 302']
    expect(steps).toEqual([...way, 'read 200', 'exchange 200', 'read 404'])
    expect(life.map(({ entry }) => entry)).toEqual(life.map(({ entry }) => entry).toSorted((a, b) => a - b))
    for (const { entry, status, milliseconds } of life) {
      expect(authentik.journal.get(entry)?.response?.status).toBe(status)
      expect(milliseconds).toBeGreaterThan(0)
    }
    const token = authentik.grants('access_tokens').find(({ created }) => created !== null)
    expect(token?.life.map(({ step }) => step)).toEqual(['mint'])
  })

  it('is not that of another which has its key after a snapshot was restored', async () => {
    const authentik = await open({ login: 'auto' })
    const start = authentik.snapshot()
    const lives = []
    for (let round = 0; round < 2; round++) {
      const client = new OAuthClient(authentik as never)
      const code = await client.code()
      await client.exchange(code)
      lives.push(authentik.grants('authorization_codes').filter(({ state }) => state === 'exchanged'))
      if (round === 0) await authentik.restore(start)
    }
    const [first, second] = lives
    expect(second![0]!.pk).toBe(first![0]!.pk)
    expect(second![0]!.life.map(({ step }) => step)).toEqual(first![0]!.life.map(({ step }) => step))
    expect(second![0]!.life[0]!.entry).toBeGreaterThan(first![0]!.life.at(-1)!.entry)
  })

  it('ends as deleted, revoked or exchanged, by what ended it', async () => {
    const authentik = await open()
    const admin = clientOf(authentik as never, { token: authentik.tokens().superuser! })
    const client = new OAuthClient(authentik as never)
    const mint = (kind: GrantKind) => authentik.mint({ kind, user: 'akadmin', provider: 1 })
    const deleted = await mint('authorization_codes')
    await admin.delete(`/oauth2/authorization_codes/${deleted.pk}/`)
    const revoked = await mint('access_tokens')
    await client.revoke(revoked.value)
    expect(recordOf(authentik, 'authorization_codes', deleted.pk).state).toBe('deleted')
    expect(recordOf(authentik, 'access_tokens', revoked.pk).state).toBe('revoked')
    expect(stepsOf(authentik, 'authorization_codes', deleted.pk)).toEqual(['delete 204'])
    expect(stepsOf(authentik, 'access_tokens', revoked.pk)).toEqual(['revoke 200'])
  })
})

it('a token is issued for the address by which it was asked for: a base path, a namespace', async () => {
  const authentik = await open({ basePath: '/auth/', release: '2025.12' })
  const issuerOf = (value: string) => claimsOf(value)['iss'].replace(/\/application.*/, '')
  const order = { kind: 'access_tokens', user: 'akadmin', provider: 1 } as const
  expect(issuerOf((await authentik.mint(order)).value)).toBe('http://localhost/auth')
  expect(issuerOf((await authentik.namespace('one').mint(order)).value)).toBe('http://localhost/auth/-/mock/ns/one')
  const issuerBy = async (base: string, headers = {}) =>
    issuerOf((await askerIn(authentik, base)('POST', 'grants/', order, headers)).json['value'])
  expect(await issuerBy('/auth')).toBe('http://authentik.test/auth')
  expect(await issuerBy('/auth/-/mock/ns/one')).toBe('http://authentik.test/auth/-/mock/ns/one')
  expect(await issuerBy('/auth', { 'X-Authentik-Mock-Namespace': 'one' })).toBe('http://authentik.test/auth')
})

it('a session is made, whose cookies a browser gets when it is asked to', async () => {
  const authentik = await open()
  const ask = askerIn(authentik)
  const { json, headers } = await ask('POST', 'sessions/', { user: 'akadmin', cookie: true })
  expect(headers.getSetCookie()).toHaveLength(2)
  expect(headers.getSetCookie()[0]).toMatch(/^authentik_session=\w+; HttpOnly; Path=\/; SameSite=Lax/)
  const post = {
    method: 'POST',
    body: '{"name":"x","slug":"x"}',
    headers: { ...json, 'Content-Type': 'application/json' },
  }
  expect((await sendIn(authentik)('/api/v3/core/applications/', post)).status).toBe(201)
  const inSpace = { 'X-Authentik-Mock-Namespace': 'one' }
  const byHeader = await ask('POST', 'sessions/', { user: 'akadmin', cookie: true }, inSpace)
  expect(byHeader.headers.getSetCookie()[0]).toContain('; Path=/;')
  const byPath = await askerIn(authentik, '/-/mock/ns/one')('POST', 'sessions/', { user: 'akadmin', cookie: true })
  expect(byPath.headers.getSetCookie()[0]).toContain('; Path=/-/mock/ns/one/')
})
