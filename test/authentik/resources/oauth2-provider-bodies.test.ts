/** Which bodies make, replace and change an OAuth2 provider, and which are refused. */
import { describe, expect, it } from 'vitest'
import { namesIn } from '../../support/client.ts'
import {
  NO_UUID,
  adminOf,
  documented,
  findRow,
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
  LEAST,
  WRITES,
  BLANK,
  NULL,
  NO_TEXT,
  NO_BOOLEAN,
  noPk,
  noList,
  noSpan,
  noChoice,
  REFUSED,
  TAKEN,
} from './oauth2-providers.data.ts'

describe('a body is refused', () => {
  const client = observedAdmin()
  const excerpt = (value: unknown) => JSON.stringify(value).slice(0, 60)

  it.each(REFUSED.map(([field, value, message]) => [`${field}: ${excerpt(value)}`, field, value, message] as const))(
    'with %s, whether it makes, replaces or changes a provider, and the list stays as it is',
    async (_, field, value, message) => {
      const list = await client.get(PROVIDERS)
      const refusal = { status: 400, json: { [field]: [message] } }
      expect(await client.post(PROVIDERS, { ...LEAST, [field]: value })).toMatchObject(refusal)
      expect(await client.put(DEMO, { ...LEAST, [field]: value })).toMatchObject(refusal)
      expect(await client.patch(DEMO, { redirect_uris: 'https://changed.example.com/', [field]: value })).toMatchObject(
        refusal,
      )
      expect((await client.get(PROVIDERS)).text).toBe(list.text)
    },
  )

  it.each([
    [{}, ['name', 'authorization_flow']],
    [{ name: 'New' }, ['authorization_flow']],
    [{ authorization_flow: FLOW }, ['name']],
    [{ client_id: 'new-client', client_type: 'public' }, ['name', 'authorization_flow']],
  ])('that makes or replaces a provider without the required fields: %j lacks %j', async (body, fields) => {
    const required = Object.fromEntries(fields.map((field) => [field, ['This field is required.']]))
    for (const [method, path] of [WRITES.POST, WRITES.PUT]) {
      const { status, json } = await client.send(method, path, body)
      expect([status, json]).toEqual([400, required])
      expect(Object.keys(json)).toEqual(fields)
    }
  })

  it('for all of its wrong fields, in the documented order', async () => {
    const { status, json } = await client.post(PROVIDERS, {
      unknown: 1,
      jwks_sources: 5,
      issuer_mode: 1,
      sub_mode: 'y',
      redirect_uris: null,
      signing_key: NO_UUID,
      include_claims_in_id_token: 'x',
      refresh_token_validity: '',
      access_token_validity: 'x',
      access_code_validity: 'minutes=2',
      client_secret: true,
      client_id: 'spa-client',
      client_type: 'x',
      property_mappings: ['nope'],
      authentication_flow: 'nope',
      name: '',
    })
    expect(status).toBe(400)
    expect(Object.entries(json)).toEqual([
      ['name', [BLANK]],
      ['authentication_flow', [notUuid('nope')]],
      ['authorization_flow', ['This field is required.']],
      ['property_mappings', [notUuid('nope')]],
      ['client_type', [noChoice('x')]],
      ['client_id', ['OAuth2/OpenID Provider with this Client ID already exists.']],
      ['client_secret', [NO_TEXT]],
      ['access_token_validity', [noSpan('x')]],
      ['refresh_token_validity', [BLANK]],
      ['include_claims_in_id_token', [NO_BOOLEAN]],
      ['signing_key', [noPk(NO_UUID)]],
      ['redirect_uris', [NULL]],
      ['sub_mode', [noChoice('y')]],
      ['issuer_mode', [noChoice('1')]],
      ['jwks_sources', [noList('int')]],
    ])
  })

  it.each([
    ['null', 'No data provided'],
    ['[]', 'Invalid data. Expected a dictionary, but got list.'],
    ['[{"name": "New"}]', 'Invalid data. Expected a dictionary, but got list.'],
    ['"name"', 'Invalid data. Expected a dictionary, but got str.'],
    ['5', 'Invalid data. Expected a dictionary, but got int.'],
    ['1.5', 'Invalid data. Expected a dictionary, but got float.'],
    ['true', 'Invalid data. Expected a dictionary, but got bool.'],
    ['false', 'Invalid data. Expected a dictionary, but got bool.'],
  ])('that is no object: %s', async (body, message) => {
    for (const [method, path] of Object.values(WRITES))
      expect(await client.send(method, path, body)).toMatchObject({
        status: 400,
        json: { non_field_errors: [message] },
      })
  })

  it('that is JSON cut short, with the place where it ends', async () => {
    for (const [method, path] of Object.values(WRITES)) {
      expect(await client.send(method, path, '{"name":')).toMatchObject({
        status: 400,
        json: { detail: 'JSON parse error - unexpected end of data: line 1 column 9 (char 8)' },
      })
    }
  })

  it.each([
    'nope',
    "{'name': 1}",
    '{name: 1}',
    '{"name": "a",}',
    '{"name": NaN}',
    '{"name": 1} x',
    '{"name": "\t"}',
    ' ',
  ])('that is no JSON: %j', async (body) => {
    for (const [method, path] of Object.values(WRITES)) {
      expect(await client.send(method, path, body)).toMatchObject({
        status: 400,
        json: { detail: expect.stringMatching(/^JSON parse error - .+: line 1 column \d+ \(char \d+\)$/) },
      })
    }
  })

  it.each([
    'text/plain',
    'text/plain; charset=utf-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/vnd.api+json',
    'application/xml',
    'text/json',
    'json',
  ])('of another media type, whether or not it is JSON: %s', async (type) => {
    for (const [method, path] of Object.values(WRITES))
      for (const body of [LEAST, 'nope'])
        expect(await client.send(method, path, body, { type })).toMatchObject({
          status: 415,
          json: { detail: `Unsupported media type "${type}" in request.` },
        })
  })

  it('in every case above without a new provider and without a change of the recorded one', async () => {
    expect(await namesIn(client, PROVIDERS)).toEqual(NAMES)
    expect((await client.get(DEMO)).text).toBe(JSON.stringify(recordedBody('providers.get.demo')))
  })
})

describe('a body is accepted', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON', 'application/*', '*/*'])(
    'as JSON when its media type is %s',
    async (type) => {
      expect(await observedAdmin().patch(DEMO, { name: 'Changed' }, { type })).toMatchObject({
        status: 200,
        json: { name: 'Changed' },
      })
    },
  )

  it.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded'])(
    'as an empty object when it is empty and its media type is %s',
    async (type) => {
      const client = observedAdmin()
      const required = { name: ['This field is required.'], authorization_flow: ['This field is required.'] }
      expect(await client.post(PROVIDERS, '', { type })).toMatchObject({ status: 400, json: required })
      expect(await client.put(DEMO, '', { type })).toMatchObject({ status: 400, json: required })
      const { status, json } = await client.patch(DEMO, '', { type })
      expect([status, json]).toEqual([200, recordedBody('providers.get.demo')])
    },
  )

  it.each(TAKEN)('with the %s %j, which the provider has as %j', async (field, value, result) => {
    const client = observedAdmin()
    const { status, json } = await client.patch(DEMO, { [field]: value })
    expect([status, json]).toEqual([200, { ...recordedBody('providers.get.demo'), [field]: result }])
    expect((await client.get(DEMO)).json).toEqual(json)
  })

  it.each([
    ...[false, 0, '0', 'f', 'F', 'n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'].map(
      (value) => [value, false],
    ),
    ...[true, 1, '1', 't', 'T', 'y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'].map(
      (value) => [value, true],
    ),
  ])('with %j for the boolean %s', async (value, meaning) => {
    const client = observedAdmin({
      world: worldWith((draft) => (findRow(draft.providers, 'pk', 1).include_claims_in_id_token = !meaning)),
    })
    expect((await client.patch(DEMO, { include_claims_in_id_token: value })).json.include_claims_in_id_token).toBe(
      meaning,
    )
  })

  it.each([
    ['client_type', ['confidential', 'public']],
    ['sub_mode', ['hashed_user_id', 'user_id', 'user_uuid', 'user_username', 'user_email', 'user_upn']],
    ['issuer_mode', ['global', 'per_provider']],
  ])('with any documented %s: %j', async (field, values) => {
    const client = observedAdmin()
    for (const value of values) expect((await client.patch(DEMO, { [field]: value })).json[field]).toBe(value)
  })

  it('with fields that are read-only or unknown, which are ignored', async () => {
    const ignoredFields = {
      pk: 99,
      component: 'other',
      assigned_application_slug: 'other',
      assigned_application_name: 'Other',
      assigned_backchannel_application_slug: 'other',
      verbose_name: 'Other',
      verbose_name_plural: 'Others',
      meta_model_name: 'other.other',
      invalidation_flow: 'nope',
      unknown: { of: ['any', 'kind'] },
      constructor: 1,
    }
    const client = observedAdmin()
    expect((await client.patch(DEMO, ignoredFields)).json).toEqual(recordedBody('providers.get.demo'))
    expect((await client.put(DEMO, { ...ignoredFields, name: 'Demo', authorization_flow: FLOW })).json).toEqual(
      recordedBody('providers.get.demo'),
    )
    const { status, json } = await client.post(PROVIDERS, { ...ignoredFields, ...LEAST })
    expect([status, json.pk, json.component, json.assigned_application_slug]).toEqual([
      201,
      4,
      'ak-provider-oauth2-form',
      null,
    ])
    expect(Object.keys(json)).toEqual(Object.keys(recordedBody('providers.get.demo')))
  })

  it('without the required fields in a PATCH, and without the optional fields in a PATCH or PUT, which then stay as they are', async () => {
    const client = observedAdmin()
    const demo = recordedBody('providers.get.demo')
    expect((await client.patch(DEMO, { sub_mode: 'user_id' })).json).toEqual({ ...demo, sub_mode: 'user_id' })
    expect((await client.patch(DEMO, {})).json).toEqual({ ...demo, sub_mode: 'user_id' })
    expect((await client.put(DEMO, { name: 'Put', authorization_flow: OTHER_FLOW })).json).toEqual({
      ...demo,
      name: 'Put',
      authorization_flow: OTHER_FLOW,
      sub_mode: 'user_id',
    })
  })

  it('with the name that another provider gave up', async () => {
    const client = observedAdmin()
    expect((await client.patch(DEMO, { name: 'Renamed', client_id: 'renamed-client' })).status).toBe(200)
    expect(await client.post(PROVIDERS, { ...LEAST, name: 'Demo', client_id: 'demo-client' })).toMatchObject({
      status: 201,
      json: { name: 'Demo', client_id: 'demo-client' },
    })
    expect(await client.patch(DEMO, { name: 'Demo' })).toMatchObject({
      status: 400,
      json: { name: ['provider with this name already exists.'] },
    })
    expect(await client.patch(DEMO, { client_id: 'demo-client' })).toMatchObject({ status: 400 })
  })

  it('with the name of a provider that was deleted', async () => {
    const client = observedAdmin()
    await client.delete(`${PROVIDERS}2/`)
    expect((await client.post(PROVIDERS, { ...LEAST, name: 'SPA', client_id: 'spa-client' })).status).toBe(201)
  })

  it('by a mock as documented, too', async () => {
    const client = adminOf(documented())
    expect(await client.post(PROVIDERS, LEAST)).toMatchObject({ status: 201, json: { name: 'New' } })
    expect(await client.patch(DEMO, { name: 'New' })).toMatchObject({
      status: 400,
      json: { name: ['provider with this name already exists.'] },
    })
  })

  it('again after a reset, which undoes what was made and changed', async () => {
    const authentik = observed()
    const client = adminOf(authentik)
    await client.post(PROVIDERS, LEAST)
    await client.patch(DEMO, { name: 'Changed' })
    await authentik.reset()
    expect(await namesIn(client, PROVIDERS)).toEqual(NAMES)
    expect((await client.post(PROVIDERS, LEAST)).json.pk).toBe(4)
  })
})
