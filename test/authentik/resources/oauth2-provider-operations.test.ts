/** The setup URLs of an OAuth2 provider, the preview of its tokens, and what uses it. */
import { describe, expect, it } from 'vitest'
import { clientOf, rowsOf, type Client, type RequestOptions, type Row, type WorldJson } from '../../support/client.ts'
import {
  CREDENTIALS,
  DENIED,
  NOT_FOUND,
  adminOf,
  adminWithPermissions,
  documented,
  findRow,
  observed,
  observedAdmin,
  recordedBody,
  recordedWorld,
  worldWith,
} from '../../support/recordings.ts'
import { PROVIDERS, DEMO, DEMO_APP, scopeKey, LEAST } from './oauth2-providers.data.ts'

/** This client only reads, so that every test finds the world as it was recorded. */
const reader = observedAdmin()

describe('the setup URLs of a provider', () => {
  const urls = (client: Client, id: number, options?: RequestOptions) =>
    client.get(`${PROVIDERS}${id}/setup_urls/`, options)

  it('are those of its application, on the host that the caller sent', async () => {
    const { status, json } = await urls(reader, 1)
    expect(status).toBe(200)
    expect(Object.entries(json)).toEqual([
      ['issuer', 'http://authentik.test/application/o/demo/'],
      ['authorize', 'http://authentik.test/application/o/authorize/'],
      ['token', 'http://authentik.test/application/o/token/'],
      ['user_info', 'http://authentik.test/application/o/userinfo/'],
      ['provider_info', 'http://authentik.test/application/o/demo/.well-known/openid-configuration'],
      ['logout', 'http://authentik.test/application/o/demo/end-session/'],
      ['jwks', 'http://authentik.test/application/o/demo/jwks/'],
    ])
  })

  it.each([
    ['http://localhost:9000', {}, 'http://localhost:9000'],
    ['https://authentik.company', {}, 'https://authentik.company'],
    ['http://authentik.test', { 'X-Forwarded-Proto': 'https' }, 'https://authentik.test'],
    ['http://authentik.test', { 'X-Forwarded-Proto': 'http' }, 'http://authentik.test'],
    ['http://authentik.test', { 'X-Forwarded-Proto': 'https, http' }, 'https://authentik.test'],
    ['http://authentik.test', { 'X-Forwarded-Proto': 'ftp' }, 'http://authentik.test'],
    ['http://authentik.test:9000', { 'X-Forwarded-Host': 'auth.example.com' }, 'http://auth.example.com'],
    [
      'http://authentik.test',
      { 'X-Forwarded-Host': 'auth.example.com:8443', 'X-Forwarded-Proto': 'https' },
      'https://auth.example.com:8443',
    ],
  ])('requested at %s with the headers %j begin with %s', async (origin, headers, base) => {
    const { json } = await urls(clientOf(observed(), { as: 'seed-akadmin', origin, headers }), 1)
    for (const url of Object.values(json)) expect(url).toMatch(new RegExp(`^${base}/application/o/`))
  })

  it('have the server as the issuer when the issuer mode is global', async () => {
    expect((await urls(reader, 2)).json).toMatchObject({
      issuer: 'http://authentik.test/',
      jwks: 'http://authentik.test/application/o/spa/jwks/',
    })
  })

  it('without an application are null where they would name it, and have no jwks', async () => {
    const { status, json } = await urls(reader, 3)
    expect(status).toBe(200)
    expect(Object.entries(json)).toEqual([
      ['issuer', null],
      ['authorize', 'http://authentik.test/application/o/authorize/'],
      ['token', 'http://authentik.test/application/o/token/'],
      ['user_info', 'http://authentik.test/application/o/userinfo/'],
      ['provider_info', null],
      ['logout', null],
    ])
  })

  it('have a global issuer also when there is no application', async () => {
    const client = observedAdmin({
      world: worldWith((draft) => (findRow(draft.providers, 'pk', 3).issuer_mode = 'global')),
    })
    expect((await urls(client, 3)).json).toMatchObject({
      issuer: 'http://authentik.test/',
      provider_info: null,
      logout: null,
    })
  })

  it('are, as documented, not found without an application', async () => {
    const client = adminOf(documented())
    expect(await urls(client, 3)).toMatchObject({ status: 404, json: NOT_FOUND })
    expect(await urls(client, 1)).toMatchObject({
      status: 200,
      json: { issuer: 'http://authentik.test/application/o/demo/' },
    })
  })

  it('change when the application is deleted', async () => {
    const authentik = observed()
    const client = adminOf(authentik)
    expect((await urls(client, 1)).json).toHaveProperty('jwks')
    await rowsOf(authentik, 'applications').delete(DEMO_APP)
    expect((await urls(client, 1)).json).toMatchObject({ issuer: null, provider_info: null, logout: null })
    expect((await urls(client, 1)).json).not.toHaveProperty('jwks')
  })

  it('are shown to every caller, without a permission and even without credentials', async () => {
    for (const as of ['seed-alice', null])
      expect(await urls(reader, 1, { as })).toMatchObject({ status: 200, json: (await urls(reader, 1)).json })
  })

  it('are, as documented, refused without credentials', async () => {
    expect(await urls(adminOf(documented()), 1, { as: null })).toMatchObject({ status: 403, json: CREDENTIALS })
  })

  it('are not found for an absent provider', async () => {
    for (const id of ['999', '0', 'abc', '-1'])
      expect(await reader.get(`${PROVIDERS}${id}/setup_urls/`)).toMatchObject({ status: 404, json: NOT_FOUND })
  })
})

describe('the preview of a token', () => {
  const NOW = '2024-09-27T14:26:18.306Z'
  const SECONDS = Math.floor(Date.parse(NOW) / 1000)
  const clientOfWorld = (change: (world: WorldJson) => void = () => {}) =>
    observedAdmin({ world: worldWith(change), now: NOW })
  const preview = (client: Client, id: number, options?: RequestOptions) =>
    client.get(`${PROVIDERS}${id}/preview_user/`, options)
  const userOf = (username: string) => findRow(recordedWorld.users, 'username', username)
  const standard = (sub: string, aud: string) => ({
    sub,
    aud,
    exp: SECONDS + 1800,
    iat: SECONDS,
    auth_time: SECONDS,
    acr: 'goauthentik.io/providers/oauth2/default',
  })

  it('has the claims about the caller of a token issued now, in the recorded order', async () => {
    const { status, json } = await preview(clientOfWorld(), 1)
    const { preview: recording } = recordedBody('providers.preview_user')
    expect(status).toBe(200)
    expect(Object.entries(json.preview)).toEqual(
      Object.entries({ ...recording, exp: SECONDS + 1800, iat: SECONDS, auth_time: SECONDS }),
    )
    expect(recording.exp - recording.iat).toBe(1800)
  })

  it.each([
    ['hashed_user_id', userOf('alice').uid],
    ['user_id', '7'],
    ['user_uuid', userOf('alice').uuid],
    ['user_username', 'alice'],
    ['user_email', 'alice@example.com'],
    ['user_upn', userOf('alice').uid],
  ])('has, with the sub_mode %s, the subject %s', async (mode, sub) => {
    const client = clientOfWorld()
    await client.patch(DEMO, { sub_mode: mode })
    expect((await preview(client, 1, { query: { for_user: '7' } })).json.preview.sub).toBe(sub)
  })

  it('has, with the sub_mode user_upn, the attribute upn of a user as the subject', async () => {
    const client = clientOfWorld((draft) => {
      findRow(draft.providers, 'pk', 1).sub_mode = 'user_upn'
      findRow(draft.users, 'username', 'alice').attributes = { upn: 'alice@corp.example.com' }
    })
    expect((await preview(client, 1, { query: { for_user: '7' } })).json.preview.sub).toBe('alice@corp.example.com')
    expect((await preview(client, 1, { query: { for_user: '8' } })).json.preview.sub).toBe(userOf('bob').uid)
  })

  it('has only the standard claims when the provider does not include others in ID tokens', async () => {
    const { json } = await preview(clientOfWorld(), 2, { query: { for_user: '7' } })
    expect(json).toEqual({ preview: { iss: 'http://authentik.test/', ...standard('alice', 'spa-client') } })
  })

  it('has no issuer without an application', async () => {
    const { json } = await preview(clientOfWorld(), 3, { query: { for_user: '8' } })
    expect(json.preview).toEqual({
      ...standard(userOf('bob').uid, 'unassigned-client'),
      email: 'bob@example.com',
      email_verified: true,
      name: 'Bob Example',
      given_name: 'Bob Example',
      preferred_username: 'bob',
      nickname: 'bob',
      groups: ['developers'],
    })
  })

  it.each([
    [[], []],
    [['openid'], []],
    [['email'], ['email', 'email_verified']],
    [['profile'], ['name', 'given_name', 'preferred_username', 'nickname', 'groups']],
    [
      ['openid', 'email', 'profile'],
      ['email', 'email_verified', 'name', 'given_name', 'preferred_username', 'nickname', 'groups'],
    ],
  ])('has, with the scopes %j of the provider, the claims %j', async (scopes, claims) => {
    const client = clientOfWorld()
    await client.patch(DEMO, { property_mappings: scopes.map((scope) => scopeKey(scope)) })
    const { iss, sub, aud, exp, iat, auth_time, acr, ...more } = (await preview(client, 1)).json.preview
    expect([iss, sub, aud, exp, iat, auth_time, acr].every(Boolean)).toBe(true)
    expect(Object.keys(more).toSorted()).toEqual(claims.toSorted())
  })

  it('is for another user only when the caller has the permission to preview users', async () => {
    const client = clientOfWorld(
      (draft) =>
        (draft.permissions = {
          viewer: ['view_oauth2provider'],
          bob: ['view_oauth2provider', 'preview_user'],
          alice: ['preview_user'],
        }),
    )
    expect(await preview(client, 1, { as: 'seed-viewer' })).toMatchObject({
      status: 200,
      json: { preview: { preferred_username: 'viewer' } },
    })
    expect(await preview(client, 1, { as: 'seed-viewer', query: { for_user: '7' } })).toMatchObject({
      status: 400,
      json: { for_user: 'User not found' },
    })
    expect(await preview(client, 1, { as: 'seed-bob', query: { for_user: '7' } })).toMatchObject({
      status: 200,
      json: { preview: { preferred_username: 'alice' } },
    })
    expect(await preview(client, 1, { as: 'seed-alice', query: { for_user: '7' } })).toMatchObject({
      status: 403,
      json: DENIED,
    })
  })

  it.each([
    ['999', 'User not found'],
    ['-1', 'User not found'],
    ['0', 'User not found'],
    ['99999999999999999999', 'User not found'],
    ['alice', 'input must be numerical'],
    ['', 'input must be numerical'],
    ['1.5', 'input must be numerical'],
  ])('with for_user=%s is refused: %s', async (value, message) => {
    const { status, json } = await preview(reader, 1, { query: { for_user: value } })
    expect([status, json]).toEqual([400, { for_user: message }])
  })

  it('is refused without the permission to view providers, and not found for an absent provider', async () => {
    expect(await preview(reader, 1, { as: 'seed-alice' })).toMatchObject({ status: 403, json: DENIED })
    expect(await preview(reader, 1, { as: null })).toMatchObject({ status: 403, json: DENIED })
    expect(await preview(reader, 999)).toMatchObject({ status: 404, json: NOT_FOUND })
    expect(await preview(reader, 1, { query: { client_type: 'public' } })).toMatchObject({
      status: 404,
      json: NOT_FOUND,
    })
  })
})

describe('what uses a provider', () => {
  const usedBy = (client: Client, id: number | string, options?: RequestOptions) =>
    client.get(`${PROVIDERS}${id}/used_by/`, options)
  const grantsOf = (
    resource: 'access_tokens' | 'authorization_codes' | 'refresh_tokens',
    kind: string,
    words: string,
    provider: number,
  ) =>
    recordedWorld[resource]
      .filter((row: Row) => row.provider === provider)
      .map(({ pk, user }: Row) => ({
        app: 'authentik_providers_oauth2',
        model_name: kind,
        pk: String(pk),
        name: `${words} for ${provider} for user ${user}`,
        action: 'cascade',
      }))
  const accessTokens = (provider: number) => grantsOf('access_tokens', 'accesstoken', 'Access Token', provider)
  const codes = (provider: number) =>
    grantsOf('authorization_codes', 'authorizationcode', 'Authorization code', provider)
  const refreshTokens = (provider: number) => grantsOf('refresh_tokens', 'refreshtoken', 'Refresh Token', provider)
  const scopes = (keys: readonly string[]) =>
    keys.map((pk) => ({
      app: 'authentik_core',
      model_name: 'propertymapping',
      pk,
      name: `Property Mapping ${findRow(recordedWorld.scope_mappings, 'pk', pk).name}`,
      action: 'cascade_many',
    }))

  it.each([1, 2, 3])('is, for a superuser, every grant and scope of provider %i', async (id) => {
    const mappings = findRow(recordedWorld.providers, 'pk', id).property_mappings
    const { status, json } = await usedBy(reader, id)
    expect([status, json]).toEqual([
      200,
      [...accessTokens(id), ...codes(id), ...scopes(mappings), ...refreshTokens(id)],
    ])
  })

  it('has every recorded row, in the recorded order', async () => {
    const rows = recordedBody('providers.used_by')
    const names = new Set(rows.map((row: Row) => `${row.model_name} ${row.pk}`))
    const { json } = await usedBy(reader, 1)
    expect(json.filter((row: Row) => names.has(`${row.model_name} ${row.pk}`))).toEqual(rows)
  })

  it('is, for any other user, what they may view', async () => {
    expect((await usedBy(reader, 1, { as: 'seed-viewer' })).json).toEqual(codes(1))
    const client = adminWithPermissions({
      alice: ['view_oauth2provider'],
      bob: ['view_oauth2provider', 'view_refreshtoken', 'view_accesstoken'],
      dave: ['view_refreshtoken'],
    })
    expect((await usedBy(client, 1, { as: 'seed-alice' })).json).toEqual([])
    expect((await usedBy(client, 1, { as: 'seed-bob' })).json).toEqual([...accessTokens(1), ...refreshTokens(1)])
    expect(await usedBy(client, 1, { as: 'seed-dave' })).toMatchObject({ status: 403, json: DENIED })
  })

  it('is refused without the permission to view providers, and not found for an absent provider', async () => {
    expect(await usedBy(reader, 1, { as: 'seed-alice' })).toMatchObject({ status: 403, json: DENIED })
    expect(await usedBy(reader, 1, { as: null })).toMatchObject({ status: 403, json: DENIED })
    for (const id of ['999', 'abc']) expect(await usedBy(reader, id)).toMatchObject({ status: 404, json: NOT_FOUND })
  })

  it('does not depend on the filters of the list', async () => {
    expect(await usedBy(reader, 1, { as: 'seed-viewer' })).toMatchObject({ status: 200 })
    expect((await reader.get(`${DEMO}used_by/?client_type=public&sub_mode=nope`, { as: 'seed-viewer' })).json).toEqual(
      codes(1),
    )
  })

  it('is without a code that was deleted, and without the scopes that were removed', async () => {
    const client = observedAdmin()
    await usedBy(client, 1)
    await client.delete('/oauth2/authorization_codes/1/')
    await client.patch(DEMO, { property_mappings: [scopeKey('openid')] })
    expect((await usedBy(client, 1)).json).toEqual([
      ...accessTokens(1),
      ...codes(1).filter((row: Row) => row.pk !== '1'),
      ...scopes([scopeKey('openid')]),
      ...refreshTokens(1),
    ])
  })

  it('is an empty list for a new provider', async () => {
    const client = observedAdmin()
    const { pk } = (await client.post(PROVIDERS, LEAST)).json
    expect((await usedBy(client, pk)).json).toEqual([])
  })
})
