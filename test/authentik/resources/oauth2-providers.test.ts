/** OAuth2 providers can be made, listed, changed and deleted by callers with the permissions. */
import { describe, expect, it } from 'vitest'
import { namesIn, type Row } from '../../support/client.ts'
import {
  CREDENTIALS,
  DENIED,
  NOT_FOUND,
  adminOf,
  adminWithPermissions,
  documented,
  findRow,
  notAmong,
  notUuid,
  observed,
  observedAdmin,
  recordedBody,
  worldWith,
} from '../../support/recordings.ts'
import {
  PROVIDERS,
  DEMO,
  NAMES,
  FLOW,
  OTHER_FLOW,
  KEY,
  scopeKey,
  LEAST,
  FILTERS,
  REFUSED_FILTERS,
} from './oauth2-providers.data.ts'

/** This client only reads, so that every test finds the world as it was recorded. */
const reader = observedAdmin()
const SOURCE = '00000000-0000-4000-8000-0000000000c1'

describe('a provider that is made', () => {
  it('from a name and a flow has authentik’s defaults for the other fields, in the order of authentik', async () => {
    const { status, json } = await observedAdmin().post(PROVIDERS, LEAST)
    expect(status).toBe(201)
    expect(Object.entries(json)).toEqual([
      ['pk', 4],
      ['name', 'New'],
      ['authentication_flow', null],
      ['authorization_flow', FLOW],
      ['property_mappings', []],
      ['component', 'ak-provider-oauth2-form'],
      ['assigned_application_slug', null],
      ['assigned_application_name', null],
      ['verbose_name', 'OAuth2/OpenID Provider'],
      ['verbose_name_plural', 'OAuth2/OpenID Providers'],
      ['meta_model_name', 'authentik_providers_oauth2.oauth2provider'],
      ['client_type', 'confidential'],
      ['client_id', expect.stringMatching(/^[A-Za-z0-9]{40}$/)],
      ['client_secret', expect.stringMatching(/^[A-Za-z0-9]{128}$/)],
      ['access_code_validity', 'minutes=1'],
      ['access_token_validity', 'hours=1'],
      ['refresh_token_validity', 'days=30'],
      ['include_claims_in_id_token', true],
      ['signing_key', null],
      ['redirect_uris', ''],
      ['sub_mode', 'hashed_user_id'],
      ['issuer_mode', 'per_provider'],
      ['jwks_sources', []],
    ])
  })

  it('has, as documented, empty names for the absent applications', async () => {
    const { status, json } = await adminOf(documented()).post(PROVIDERS, LEAST)
    expect(status).toBe(201)
    expect(json).toMatchObject({
      assigned_application_slug: '',
      assigned_application_name: '',
      assigned_backchannel_application_slug: '',
      assigned_backchannel_application_name: '',
    })
  })

  it('has a client id and a secret of its own', async () => {
    const client = observedAdmin()
    const [{ json: first }, { json: second }] = [
      await client.post(PROVIDERS, { ...LEAST, name: 'First' }),
      await client.post(PROVIDERS, { ...LEAST, name: 'Second' }),
    ]
    expect(first.client_id).not.toBe(second.client_id)
    expect(first.client_secret).not.toBe(second.client_secret)
    expect(second.pk).toBe(first.pk + 1)
  })

  it('from a body with every field has every one of the values', async () => {
    const everything = {
      name: 'Whole',
      authentication_flow: OTHER_FLOW,
      authorization_flow: FLOW,
      property_mappings: [scopeKey('openid'), scopeKey('email')],
      client_type: 'public',
      client_id: 'whole-client',
      client_secret: 'whole-secret',
      access_code_validity: 'seconds=90',
      access_token_validity: 'hours=2;minutes=30',
      refresh_token_validity: 'weeks=1',
      include_claims_in_id_token: false,
      signing_key: KEY,
      redirect_uris: 'https://row.example.com/callback\nhttps://two.example.com/callback',
      sub_mode: 'user_upn',
      issuer_mode: 'global',
      jwks_sources: [SOURCE],
    }
    const client = observedAdmin({
      world: worldWith((draft) => (findRow(draft.providers, 'pk', 3).jwks_sources = [SOURCE])),
    })
    const { status, json } = await client.post(PROVIDERS, everything)
    expect([status, { ...json, property_mappings: json.property_mappings.toSorted() }]).toEqual([
      201,
      expect.objectContaining({ ...everything, property_mappings: everything.property_mappings.toSorted() }),
    ])
    expect((await client.get(`${PROVIDERS}${json.pk}/`)).json).toEqual(json)
  })

  it('may have no secret, and no redirect URI', async () => {
    expect(
      (await observedAdmin().post(PROVIDERS, { ...LEAST, client_secret: '', redirect_uris: '' })).json,
    ).toMatchObject({
      client_secret: '',
      redirect_uris: '',
    })
  })

  it('can be listed, read, changed, replaced and deleted, and is then not found', async () => {
    const client = observedAdmin()
    const { pk } = (await client.post(PROVIDERS, LEAST)).json
    const path = `${PROVIDERS}${pk}/`
    expect(await namesIn(client, PROVIDERS)).toEqual(['Demo', 'New', 'SPA', 'Unassigned'])
    expect((await client.get(path)).json).toMatchObject(LEAST)
    expect(await client.patch(path, { client_type: 'public' })).toMatchObject({
      status: 200,
      json: { ...LEAST, client_type: 'public' },
    })
    expect(await client.put(path, { name: 'Newer', authorization_flow: OTHER_FLOW })).toMatchObject({
      status: 200,
      json: { pk, name: 'Newer', authorization_flow: OTHER_FLOW, client_type: 'public' },
    })
    expect(await namesIn(client, `${PROVIDERS}?client_type=public`)).toEqual(['Newer', 'SPA'])
    const { status, text, headers } = await client.delete(path)
    expect([status, text, headers.get('Content-Type')]).toEqual([204, '', null])
    expect(await client.get(path)).toMatchObject({ status: 404, json: NOT_FOUND })
    expect(await client.delete(path)).toMatchObject({ status: 404, json: NOT_FOUND })
    expect(await namesIn(client, PROVIDERS)).toEqual(NAMES)
  })

  it('never gets the pk of a deleted provider', async () => {
    const client = observedAdmin()
    const { pk } = (await client.post(PROVIDERS, LEAST)).json
    await client.delete(`${PROVIDERS}${pk}/`)
    expect((await client.post(PROVIDERS, LEAST)).json.pk).toBeGreaterThan(pk)
  })
})

describe('the permissions for providers', () => {
  it.each([
    ['a caller without credentials', null, CREDENTIALS],
    ['a user', 'seed-alice', DENIED],
    ['a user who may view and delete it', 'seed-viewer', DENIED],
  ])('%s may not make a provider, whatever the body', async (_, as, json) => {
    const client = observedAdmin()
    for (const sent of [LEAST, '{"name":', '[]', ''])
      expect(await client.post(PROVIDERS, sent, { as })).toMatchObject({ status: 403, json })
    expect(await namesIn(client, PROVIDERS)).toEqual(NAMES)
  })

  it.each([
    ['a caller without credentials', null],
    ['a user', 'seed-alice'],
    ['a user who may view and delete it', 'seed-viewer'],
  ])('%s may not change a provider, whatever the body', async (_, as) => {
    const client = observedAdmin()
    for (const sent of [LEAST, '{"name":', '[]', '']) {
      expect(await client.patch(DEMO, sent, { as })).toMatchObject({ status: 403, json: DENIED })
      expect(await client.put(DEMO, sent, { as })).toMatchObject({ status: 403, json: DENIED })
    }
    expect((await client.get(DEMO)).json).toEqual(recordedBody('providers.get.demo'))
  })

  it.each([
    ['a caller without credentials', 403, null],
    ['a user', 403, 'seed-alice'],
    ['a user who may view and delete it', 204, 'seed-viewer'],
    ['a superuser', 204, 'seed-akadmin'],
  ])('%s who deletes a provider gets %i', async (_, status, as) => {
    const client = observedAdmin()
    expect((await client.delete(DEMO, { as })).status).toBe(status)
    expect((await client.get(DEMO)).status).toBe(status === 204 ? 404 : 200)
  })

  it.each([
    [['add_oauth2provider'], { POST: 201, GET: 403, PATCH: 403, DELETE: 403 }],
    [['view_oauth2provider'], { POST: 403, GET: 200, PATCH: 403, DELETE: 403 }],
    [['change_oauth2provider'], { POST: 403, GET: 403, PATCH: 403, DELETE: 403 }],
    [['view_oauth2provider', 'change_oauth2provider'], { POST: 403, GET: 200, PATCH: 200, DELETE: 403 }],
    [['view_oauth2provider', 'delete_oauth2provider'], { POST: 403, GET: 200, PATCH: 403, DELETE: 204 }],
  ])('with %j, a user gets %j, because a change needs the permission to view, too', async (permissions, answers) => {
    const client = adminWithPermissions({ alice: permissions })
    expect((await client.post(PROVIDERS, LEAST, { as: 'seed-alice' })).status).toBe(answers.POST)
    expect((await client.get(DEMO, { as: 'seed-alice' })).status).toBe(answers.GET)
    expect((await client.get(PROVIDERS, { as: 'seed-alice' })).status).toBe(answers.GET)
    expect((await client.patch(DEMO, { name: 'Changed' }, { as: 'seed-alice' })).status).toBe(answers.PATCH)
    expect((await client.delete(DEMO, { as: 'seed-alice' })).status).toBe(answers.DELETE)
  })

  it('a caller without credentials is, as documented, told that these are missing', async () => {
    const client = adminOf(documented())
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect(await client.send(method, DEMO, undefined, { as: null })).toMatchObject({ status: 403, json: CREDENTIALS })
  })

  it.each(['999', '0', '-1', 'abc', '1e0', '99999999999999999999'])(
    'a superuser does not find the provider %s',
    async (id) => {
      const client = observedAdmin()
      for (const method of ['GET', 'PATCH', 'PUT', 'DELETE'])
        expect(await client.send(method, `${PROVIDERS}${id}/`)).toMatchObject({ status: 404, json: NOT_FOUND })
    },
  )

  it.each(['PUT', 'PATCH', 'DELETE'])('a superuser cannot %s the whole list', async (method) => {
    const { status, json, headers } = await reader.send(method, PROVIDERS)
    expect([status, json, headers.get('Allow')]).toEqual([
      405,
      { detail: `Method "${method}" not allowed.` },
      'GET, POST, HEAD, OPTIONS',
    ])
  })

  it('a superuser cannot POST to the path of a provider', async () => {
    const { status, json, headers } = await reader.post(DEMO, LEAST)
    expect([status, json, headers.get('Allow')]).toEqual([
      405,
      { detail: 'Method "POST" not allowed.' },
      'GET, PUT, PATCH, DELETE, HEAD, OPTIONS',
    ])
  })
})

describe('a change of a provider is visible', () => {
  const CHANGE = {
    name: 'Changed',
    client_id: 'changed-client',
    access_code_validity: 'minutes=9',
    redirect_uris: 'https://changed.example.com/callback',
  }
  const paths = ['/oauth2/authorization_codes/1/', '/oauth2/access_tokens/1/', '/oauth2/refresh_tokens/1/']

  it.each(paths)('inside %s, although that was read before the change', async (path) => {
    const client = observedAdmin()
    const grant = (await client.get(path)).json
    expect(grant.provider).toEqual(recordedBody('providers.get.demo'))
    await client.patch(DEMO, CHANGE)
    expect((await client.get(path)).json).toEqual({ ...grant, provider: { ...grant.provider, ...CHANGE } })
  })

  it('inside the lists of its grants', async () => {
    const client = observedAdmin()
    await client.get('/oauth2/authorization_codes/')
    await client.patch(DEMO, CHANGE)
    const { results } = (await client.get('/oauth2/authorization_codes/?provider=1')).json
    expect(results.length).toBeGreaterThan(0)
    for (const code of results) expect(code.provider).toMatchObject(CHANGE)
  })

  it('inside its application, in the provider and in the launch URL', async () => {
    const client = observedAdmin()
    await client.get('/core/applications/spa/')
    await client.patch(`${PROVIDERS}2/`, CHANGE)
    const { json } = await client.get('/core/applications/spa/')
    expect(json).toMatchObject({ launch_url: 'https://changed.example.com', provider_obj: { pk: 2, name: 'Changed' } })
    expect(json.provider_obj).not.toHaveProperty('client_id')
    expect((await client.get('/core/applications/?slug=spa')).json.results).toEqual([json])
  })

  it('in its place in the list', async () => {
    const client = observedAdmin()
    expect(await namesIn(client, PROVIDERS)).toEqual(NAMES)
    await client.patch(DEMO, { name: 'Zulu' })
    expect(await namesIn(client, PROVIDERS)).toEqual(['SPA', 'Unassigned', 'Zulu'])
    expect(await namesIn(client, `${PROVIDERS}?name=Demo`)).toEqual([])
    expect(await namesIn(client, `${PROVIDERS}?name=Zulu`)).toEqual(['Zulu'])
  })

  it('when it is deleted: its grants are deleted, and its application has no provider', async () => {
    const client = observedAdmin()
    for (const path of paths) expect((await client.get(path)).status).toBe(200)
    await client.delete(DEMO)
    for (const path of paths) expect(await client.get(path)).toMatchObject({ status: 404, json: NOT_FOUND })
    expect((await client.get('/core/applications/demo/')).json).toMatchObject({
      slug: 'demo',
      provider: null,
      provider_obj: null,
      launch_url: 'https://app.example.com',
    })
    expect((await client.get('/oauth2/authorization_codes/4/')).json.provider.name).toBe('SPA')
  })
})

describe('the list of providers', () => {
  it('is the recorded one', async () => {
    const { status, text } = await reader.get(PROVIDERS)
    expect([status, text]).toEqual([200, JSON.stringify(recordedBody('providers.list'))])
  })

  it('needs the permission to view providers', async () => {
    expect(await namesIn(reader, PROVIDERS, { as: 'seed-viewer' })).toEqual(NAMES)
    expect(await reader.get(`${PROVIDERS}?client_type=nope`, { as: 'seed-alice' })).toMatchObject({
      status: 403,
      json: DENIED,
    })
    expect(await reader.get(PROVIDERS, { as: null })).toMatchObject({ status: 403, json: CREDENTIALS })
  })

  it('is divided into pages', async () => {
    const { json } = await reader.get(`${PROVIDERS}?page_size=2&page=2`)
    expect(json.pagination).toEqual({
      next: 0,
      previous: 1,
      count: 3,
      current: 2,
      total_pages: 2,
      start_index: 3,
      end_index: 3,
    })
    expect(json.results.map((row: Row) => row.name)).toEqual(['Unassigned'])
    expect(await reader.get(`${PROVIDERS}?page=2`)).toMatchObject({ status: 404, json: { detail: 'Invalid page.' } })
  })

  const world = worldWith((draft) => {
    findRow(draft.providers, 'pk', 1).property_mappings = [scopeKey('openid'), scopeKey('email')]
    findRow(draft.providers, 'pk', 2).property_mappings = [scopeKey('openid')]
    findRow(draft.providers, 'pk', 3).property_mappings = []
    findRow(draft.providers, 'pk', 3).authentication_flow = OTHER_FLOW
  })
  const client = observedAdmin({ world })

  it.each(FILTERS)('with %s=%j has %j', async (name, values, names) => {
    expect(await namesIn(client, PROVIDERS, { query: { [name]: values } })).toEqual(names)
  })

  it.each(REFUSED_FILTERS)('refuses %s=%j: %s', async (name, values, message) => {
    expect(await client.get(PROVIDERS, { query: { [name]: values } })).toMatchObject({
      status: 400,
      json: { [name]: [message] },
    })
  })

  it('names every wrong filter, in authentik’s order of the filters', async () => {
    const { json } = await reader.get(
      `${PROVIDERS}?issuer_mode=i&sub_mode=s&signing_key=k&client_type=c&application=a&property_mappings=p&authorization_flow=f`,
    )
    expect(Object.entries(json)).toEqual([
      ['authorization_flow', [notUuid('f')]],
      ['property_mappings', [notUuid('p')]],
      ['application', [notUuid('a')]],
      ['client_type', [notAmong('c')]],
      ['signing_key', [notUuid('k')]],
      ['sub_mode', [notAmong('s')]],
      ['issuer_mode', [notAmong('i')]],
    ])
  })

  it('applies its filters also to the path of a provider, which is then neither read, changed nor deleted', async () => {
    const authentik = observed()
    for (const method of ['GET', 'PATCH', 'PUT', 'DELETE']) {
      expect(await adminOf(authentik).send(method, `${DEMO}?client_type=public`)).toMatchObject({
        status: 404,
        json: NOT_FOUND,
      })
      expect(await adminOf(authentik).send(method, `${DEMO}?client_type=nope`)).toMatchObject({
        status: 400,
        json: { client_type: [notAmong('nope')] },
      })
    }
    expect((await adminOf(authentik).get(`${DEMO}?client_type=confidential`)).json).toEqual(
      recordedBody('providers.get.demo'),
    )
  })
})
