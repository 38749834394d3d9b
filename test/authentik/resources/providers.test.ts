/** OAuth2 providers: made, listed, changed and deleted, where their endpoints stand, and what their tokens would say (FACTS 2.3, 3, 7). */
import { describe, expect, it } from 'vitest'
import { mock, type Mock, type MockOptions } from '../../../src/entries/index.ts'
import { readJson, readLines } from '../../support/files.ts'

const recordedWorld = readJson('fixtures/recordings/2024.8.4.world.json')
const recorded = readLines('fixtures/recordings/2024.8.4.jsonl')
const bodyOf = (name: string) => recorded.find((one) => one.name === name).response.body

const FLOW = 'ff82a319-84ec-47bb-bb2f-f0eba144f1b6'
const OTHER_FLOW = '1739ee30-3f79-41c0-8809-136ca08a3bc3'
const KEY = '1ea1ece8-35aa-402f-a12d-9a84ba78a10b'
const NOBODYS = '00000000-0000-0000-0000-000000000000'
const DEMO_APP = 'a16d841c-6108-4ebd-8ba4-4bd0495ebcb0'
const ORPHAN_APP = '44f64221-ff1f-4b13-b4b7-2358bb368048'
const SCOPE = Object.fromEntries(recordedWorld.scope_mappings.map((one: any) => [one.scope_name, one.pk]))
const SOURCE = '00000000-0000-4000-8000-0000000000c1'

/** The recorded world, changed; what follows from other rows is left for the mock to work out. */
function worldWith(change: (world: any) => void): any {
  const world = structuredClone(recordedWorld)
  for (const provider of world.providers)
    for (const derived of ['assigned_application_slug', 'assigned_application_name']) delete provider[derived]
  for (const application of world.applications) delete application.launch_url
  change(world)
  return world
}
const allowing = (permissions: Record<string, string[]>) =>
  observed({ world: worldWith((all) => (all.permissions = permissions)) })
const observed = (options: MockOptions = {}) =>
  mock({ world: recordedWorld, release: '2024.8.4', fidelity: 'observed', ...options })
const documented = (options: MockOptions = {}) => mock({ world: recordedWorld, release: '2024.8.3', ...options })
/** Read from alone. */
const own = observed()

interface Asking {
  /** Whose key is sent; nobody's for undefined. */
  as?: string | undefined
  method?: string
  /** Sent as JSON, or as it is when it is a text. */
  body?: unknown
  type?: string
  headers?: Record<string, string>
  of?: Mock
  origin?: string
}

async function api(
  path: string,
  {
    as,
    method = 'GET',
    body,
    type = 'application/json',
    headers = {},
    of = own,
    origin = 'http://authentik.test',
  }: Asking,
) {
  const sent = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
  const response = await of.fetch(
    new Request(`${origin}/api/v3${path}`, {
      method,
      body: sent,
      headers: {
        ...(as ? { Authorization: `Bearer seed-token-${as}` } : {}),
        ...(sent === null ? {} : { 'Content-Type': type }),
        ...headers,
      },
    }),
  )
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: text === '' ? undefined : JSON.parse(text) }
}

const ALL = '/providers/oauth2/'
const get = (path: string, asking: Asking = {}) => api(path, { as: 'akadmin', ...asking })
const post = (of: Mock, body: unknown, asking: Asking = {}) =>
  api(ALL, { as: 'akadmin', method: 'POST', of, body, ...asking })
const patch = (of: Mock, body: unknown, asking: Asking = {}) =>
  api(`${ALL}1/`, { as: 'akadmin', method: 'PATCH', of, body, ...asking })
const put = (of: Mock, body: unknown, asking: Asking = {}) =>
  api(`${ALL}1/`, { as: 'akadmin', method: 'PUT', of, body, ...asking })
const query = (name: string, values: string | readonly string[]) =>
  new URLSearchParams([values].flat().map((value) => [name, value])).toString()
const namesIn = async (asked: string, asking: Asking = {}) =>
  (await get(`${ALL}${asked}`, asking)).body.results.map((one: any) => one.name)

const LEAST = { name: 'New', authorization_flow: FLOW }
const DENIED = { detail: 'You do not have permission to perform this action.' }
const CREDENTIALS = { detail: 'Authentication credentials were not provided.' }
const NOT_FOUND = { detail: 'Not found.' }
const notAmong = (value: string) => `Select a valid choice. ${value} is not one of the available choices.`
const NO_CHOICE = notAmong('That choice')

describe('a provider that is made', () => {
  it('from a name and a flow alone has authentik’s defaults, in the order in which authentik writes them', async () => {
    const { status, body } = await post(observed(), LEAST)
    expect(status).toBe(201)
    expect(Object.entries(body)).toEqual([
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

  it('has, as documented, empty names for the applications that it has not', async () => {
    const { status, body } = await post(documented(), LEAST)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      assigned_application_slug: '',
      assigned_application_name: '',
      assigned_backchannel_application_slug: '',
      assigned_backchannel_application_name: '',
    })
  })

  it('has a client id and a secret of its own', async () => {
    const of = observed()
    const [one, other] = [await post(of, { ...LEAST, name: 'One' }), await post(of, { ...LEAST, name: 'Other' })]
    expect(one.body.client_id).not.toBe(other.body.client_id)
    expect(one.body.client_secret).not.toBe(other.body.client_secret)
    expect(other.body.pk).toBe(one.body.pk + 1)
  })

  it('from everything has everything', async () => {
    const everything = {
      name: 'Whole',
      authentication_flow: OTHER_FLOW,
      authorization_flow: FLOW,
      property_mappings: [SCOPE['openid'], SCOPE['email']],
      client_type: 'public',
      client_id: 'whole-client',
      client_secret: 'whole-secret',
      access_code_validity: 'seconds=90',
      access_token_validity: 'hours=2;minutes=30',
      refresh_token_validity: 'weeks=1',
      include_claims_in_id_token: false,
      signing_key: KEY,
      redirect_uris: 'https://one.example.com/callback\nhttps://two.example.com/callback',
      sub_mode: 'user_upn',
      issuer_mode: 'global',
      jwks_sources: [SOURCE],
    }
    const of = observed({ world: worldWith((all) => (all.providers[2].jwks_sources = [SOURCE])) })
    const { status, body } = await post(of, everything)
    expect([status, { ...body, property_mappings: body.property_mappings.toSorted() }]).toEqual([
      201,
      expect.objectContaining({ ...everything, property_mappings: everything.property_mappings.toSorted() }),
    ])
    expect((await get(`${ALL}${body.pk}/`, { of })).body).toEqual(body)
  })

  it('may have no secret, and no redirect URI', async () => {
    expect((await post(observed(), { ...LEAST, client_secret: '', redirect_uris: '' })).body).toMatchObject({
      client_secret: '',
      redirect_uris: '',
    })
  })

  it('is listed, read, changed, replaced, deleted, and gone', async () => {
    const of = observed()
    const { pk } = (await post(of, LEAST)).body
    const path = `${ALL}${pk}/`
    const ask = (method: string, body?: unknown) => api(path, { as: 'akadmin', method, of, body })
    expect(await namesIn('', { of })).toEqual(['Demo', 'New', 'SPA', 'Unassigned'])
    expect((await ask('GET')).body).toMatchObject(LEAST)
    expect(await ask('PATCH', { client_type: 'public' })).toMatchObject({
      status: 200,
      body: { ...LEAST, client_type: 'public' },
    })
    expect(await ask('PUT', { name: 'Newer', authorization_flow: OTHER_FLOW })).toMatchObject({
      status: 200,
      body: { pk, name: 'Newer', authorization_flow: OTHER_FLOW, client_type: 'public' },
    })
    expect(await namesIn('?client_type=public', { of })).toEqual(['Newer', 'SPA'])
    const { status, text, headers } = await ask('DELETE')
    expect([status, text, headers.get('Content-Type')]).toEqual([204, '', null])
    expect(await ask('GET')).toMatchObject({ status: 404, body: NOT_FOUND })
    expect(await ask('DELETE')).toMatchObject({ status: 404, body: NOT_FOUND })
    expect(await namesIn('', { of })).toEqual(['Demo', 'SPA', 'Unassigned'])
  })

  it('never has the pk of one that was deleted', async () => {
    const of = observed()
    const { pk } = (await post(of, LEAST)).body
    await api(`${ALL}${pk}/`, { as: 'akadmin', method: 'DELETE', of })
    expect((await post(of, LEAST)).body.pk).toBeGreaterThan(pk)
  })
})

describe('who may do what with a provider', () => {
  it.each([
    ['a caller without credentials', undefined, CREDENTIALS],
    ['a user', 'alice', DENIED],
    ['a user who may view and delete it', 'viewer', DENIED],
  ])('%s may not make one, whatever the body', async (_, as, body) => {
    const of = observed()
    for (const sent of [LEAST, '{"name":', '[]', ''])
      expect(await post(of, sent, { as })).toMatchObject({ status: 403, body })
    expect(await namesIn('', { of })).toEqual(['Demo', 'SPA', 'Unassigned'])
  })

  it.each([
    ['a caller without credentials', undefined],
    ['a user', 'alice'],
    ['a user who may view and delete it', 'viewer'],
  ])('%s may not change one, whatever the body', async (_, as) => {
    const of = observed()
    for (const sent of [LEAST, '{"name":', '[]', '']) {
      expect(await patch(of, sent, { as })).toMatchObject({ status: 403, body: DENIED })
      expect(await put(of, sent, { as })).toMatchObject({ status: 403, body: DENIED })
    }
    expect((await get(`${ALL}1/`, { of })).body).toEqual(bodyOf('providers.get.demo'))
  })

  it.each([
    ['a caller without credentials', 403, undefined],
    ['a user', 403, 'alice'],
    ['a user who may view and delete it', 204, 'viewer'],
    ['a superuser', 204, 'akadmin'],
  ])('%s who deletes one is answered %i', async (_, status, as) => {
    const of = observed()
    expect((await api(`${ALL}1/`, { as, method: 'DELETE', of })).status).toBe(status)
    expect((await get(`${ALL}1/`, { of })).status).toBe(status === 204 ? 404 : 200)
  })

  it.each([
    [['add_oauth2provider'], { POST: 201, GET: 403, PATCH: 403, DELETE: 403 }],
    [['view_oauth2provider'], { POST: 403, GET: 200, PATCH: 403, DELETE: 403 }],
    [['change_oauth2provider'], { POST: 403, GET: 403, PATCH: 403, DELETE: 403 }],
    [['view_oauth2provider', 'change_oauth2provider'], { POST: 403, GET: 200, PATCH: 200, DELETE: 403 }],
    [['view_oauth2provider', 'delete_oauth2provider'], { POST: 403, GET: 200, PATCH: 403, DELETE: 204 }],
  ])('with %j, a user is answered %j: without viewing there is no changing', async (permissions, answers) => {
    const of = allowing({ alice: permissions })
    expect((await post(of, LEAST, { as: 'alice' })).status).toBe(answers.POST)
    expect((await get(`${ALL}1/`, { as: 'alice', of })).status).toBe(answers.GET)
    expect((await get(ALL, { as: 'alice', of })).status).toBe(answers.GET)
    expect((await patch(of, { name: 'Changed' }, { as: 'alice' })).status).toBe(answers.PATCH)
    expect((await api(`${ALL}1/`, { as: 'alice', method: 'DELETE', of })).status).toBe(answers.DELETE)
  })

  it('a caller without credentials is told, in the documented voice, that they are missing', async () => {
    const of = documented()
    for (const method of ['GET', 'PATCH', 'DELETE'])
      expect(await api(`${ALL}1/`, { method, of })).toMatchObject({ status: 403, body: CREDENTIALS })
  })

  it.each(['999', '0', '-1', 'abc', '1e0', '99999999999999999999'])(
    'a superuser is told that there is no provider %s',
    async (id) => {
      const of = observed()
      for (const method of ['GET', 'PATCH', 'PUT', 'DELETE'])
        expect(await api(`${ALL}${id}/`, { as: 'akadmin', method, of })).toMatchObject({ status: 404, body: NOT_FOUND })
    },
  )

  it.each(['PUT', 'PATCH', 'DELETE'])('a superuser cannot %s the whole list', async (method) => {
    const { status, body, headers } = await api(ALL, { as: 'akadmin', method })
    expect([status, body, headers.get('Allow')]).toEqual([
      405,
      { detail: `Method "${method}" not allowed.` },
      'GET, POST, HEAD, OPTIONS',
    ])
  })

  it('a superuser cannot POST to one of them', async () => {
    const { status, body, headers } = await api(`${ALL}1/`, { as: 'akadmin', method: 'POST', body: LEAST })
    expect([status, body, headers.get('Allow')]).toEqual([
      405,
      { detail: 'Method "POST" not allowed.' },
      'GET, PUT, PATCH, DELETE, HEAD, OPTIONS',
    ])
  })
})

const BLANK = 'This field may not be blank.'
const NULL = 'This field may not be null.'
const NO_TEXT = 'Not a valid string.'
const NO_BOOLEAN = 'Must be a valid boolean.'
const TOO_LONG = 'Ensure this field has no more than 255 characters.'
const NUL = 'Null characters are not allowed.'
const noPk = (key: string) => `Invalid pk "${key}" - object does not exist.`
const noUuid = (given: string) => `“${given}” is not a valid UUID.`
const noList = (type: string) => `Expected a list of items but got type "${type}".`
const noSpan = (given: string) => `${given} is not in the correct format of 'hours=3;minutes=1'.`
const noChoice = (given: string) => `"${given}" is not a valid choice.`
const BOOL_FOR_PK = 'Incorrect type. Expected pk value, received bool.'

const REFUSED: readonly (readonly [field: string, value: unknown, message: string])[] = [
  ['name', '', BLANK],
  ['name', '   ', BLANK],
  ['name', null, NULL],
  ['name', true, NO_TEXT],
  ['name', ['a'], NO_TEXT],
  ['name', { a: 1 }, NO_TEXT],
  ['name', 'a\0b', NUL],
  ['name', 'SPA', 'provider with this name already exists.'],
  ['name', ' SPA ', 'provider with this name already exists.'],
  ['authentication_flow', 'nope', noUuid('nope')],
  ['authentication_flow', NOBODYS, noPk(NOBODYS)],
  ['authentication_flow', false, BOOL_FOR_PK],
  ['authentication_flow', 1.5, noUuid('1.5')],
  ['authentication_flow', ` ${FLOW}`, noUuid(` ${FLOW}`)],
  ['authorization_flow', null, NULL],
  ['authorization_flow', 'nope', noUuid('nope')],
  ['authorization_flow', FLOW.slice(1), noUuid(FLOW.slice(1))],
  ['authorization_flow', NOBODYS, noPk(NOBODYS)],
  ['authorization_flow', true, BOOL_FOR_PK],
  ['authorization_flow', [], noUuid('[]')],
  ['authorization_flow', {}, noUuid('{}')],
  ['property_mappings', null, NULL],
  ['property_mappings', '', noList('str')],
  ['property_mappings', 'nope', noList('str')],
  ['property_mappings', 5, noList('int')],
  ['property_mappings', 1.5, noList('float')],
  ['property_mappings', true, noList('bool')],
  ['property_mappings', ['nope'], noUuid('nope')],
  ['property_mappings', [''], noUuid('')],
  ['property_mappings', [NOBODYS], noPk(NOBODYS)],
  ['property_mappings', [true], BOOL_FOR_PK],
  ['property_mappings', [SCOPE['openid'], 'nope', NOBODYS], noUuid('nope')],
  ['property_mappings', [SCOPE['openid'], NOBODYS], noPk(NOBODYS)],
  ['client_type', '', noChoice('')],
  ['client_type', null, NULL],
  ['client_type', 'nope', noChoice('nope')],
  ['client_type', 'Public', noChoice('Public')],
  ['client_type', 5, noChoice('5')],
  ['client_type', true, noChoice('True')],
  ['client_type', false, noChoice('False')],
  ['client_id', '', BLANK],
  ['client_id', ' ', BLANK],
  ['client_id', null, NULL],
  ['client_id', false, NO_TEXT],
  ['client_id', [], NO_TEXT],
  ['client_id', 'x'.repeat(256), TOO_LONG],
  ['client_id', 'a\0', NUL],
  ['client_id', 'spa-client', 'OAuth2/OpenID Provider with this Client ID already exists.'],
  ['client_secret', null, NULL],
  ['client_secret', true, NO_TEXT],
  ['client_secret', {}, NO_TEXT],
  ['client_secret', 'x'.repeat(256), TOO_LONG],
  ['client_secret', '\0a', NUL],
  ['access_code_validity', '', BLANK],
  ['access_code_validity', null, NULL],
  ['access_code_validity', true, NO_TEXT],
  ['access_code_validity', 'x', noSpan('x')],
  ['access_code_validity', 5, noSpan('5')],
  ['access_code_validity', 1.5, noSpan('1.5')],
  ['access_code_validity', 'hours', noSpan('hours')],
  ['access_code_validity', 'hours=', noSpan('hours=')],
  ['access_code_validity', 'hours=a', noSpan('hours=a')],
  ['access_code_validity', 'hours=1;', noSpan('hours=1;')],
  ['access_code_validity', 'hours=1=2', noSpan('hours=1=2')],
  ['access_code_validity', 'hours =1', noSpan('hours =1')],
  ['access_code_validity', 'hours=0x10', noSpan('hours=0x10')],
  ['access_code_validity', 'hours=nan', noSpan('hours=nan')],
  ['access_code_validity', 'hours=1;minutes', noSpan('hours=1;minutes')],
  ['access_code_validity', 'years=1', noSpan('years=1')],
  ['access_code_validity', ';', noSpan(';')],
  ['access_token_validity', '', BLANK],
  ['access_token_validity', 'x', noSpan('x')],
  ['access_token_validity', [], NO_TEXT],
  ['refresh_token_validity', null, NULL],
  ['refresh_token_validity', 'days:30', noSpan('days:30')],
  ['include_claims_in_id_token', null, NULL],
  ['include_claims_in_id_token', '', NO_BOOLEAN],
  ['include_claims_in_id_token', 'null', NO_BOOLEAN],
  ['include_claims_in_id_token', 'maybe', NO_BOOLEAN],
  ['include_claims_in_id_token', 2, NO_BOOLEAN],
  ['include_claims_in_id_token', [], NO_BOOLEAN],
  ['include_claims_in_id_token', {}, NO_BOOLEAN],
  ['signing_key', 'nope', noUuid('nope')],
  ['signing_key', NOBODYS, noPk(NOBODYS)],
  ['signing_key', FLOW, noPk(FLOW)],
  ['signing_key', true, BOOL_FOR_PK],
  ['redirect_uris', null, NULL],
  ['redirect_uris', true, NO_TEXT],
  ['redirect_uris', [{ matching_mode: 'strict', url: 'https://app.example.com' }], NO_TEXT],
  ['redirect_uris', 'https://app.example.com/\0', NUL],
  ['sub_mode', '', noChoice('')],
  ['sub_mode', null, NULL],
  ['sub_mode', 'user_pk', noChoice('user_pk')],
  ['sub_mode', 0, noChoice('0')],
  ['issuer_mode', '', noChoice('')],
  ['issuer_mode', null, NULL],
  ['issuer_mode', 'GLOBAL', noChoice('GLOBAL')],
  ['jwks_sources', null, NULL],
  ['jwks_sources', 'nope', noList('str')],
  ['jwks_sources', 5, noList('int')],
  ['jwks_sources', ['nope'], noUuid('nope')],
]

describe('a body is refused', () => {
  const of = observed()
  const shown = (value: unknown) => JSON.stringify(value).slice(0, 60)

  it.each(REFUSED.map(([field, value, message]) => [`${field}: ${shown(value)}`, field, value, message] as const))(
    'with %s, whether it makes, replaces or changes a provider, and nothing is lost',
    async (_, field, value, message) => {
      const before = await get(ALL, { of })
      const refusal = { status: 400, body: { [field]: [message] } }
      expect(await post(of, { ...LEAST, [field]: value })).toMatchObject(refusal)
      expect(await put(of, { ...LEAST, [field]: value })).toMatchObject(refusal)
      expect(await patch(of, { redirect_uris: 'https://changed.example.com/', [field]: value })).toMatchObject(refusal)
      expect((await get(ALL, { of })).text).toBe(before.text)
    },
  )

  it.each([
    [{}, ['name', 'authorization_flow']],
    [{ name: 'New' }, ['authorization_flow']],
    [{ authorization_flow: FLOW }, ['name']],
    [{ client_id: 'new-client', client_type: 'public' }, ['name', 'authorization_flow']],
  ])('that makes or replaces one, for what it leaves out: %j lacks %j', async (body, fields) => {
    const required = Object.fromEntries(fields.map((field) => [field, ['This field is required.']]))
    for (const ask of [post, put]) {
      const { status, body: answer } = await ask(of, body)
      expect([status, answer]).toEqual([400, required])
      expect(Object.keys(answer)).toEqual(fields)
    }
  })

  it('for everything at once that is wrong with it, in the documented order', async () => {
    const { status, body } = await post(of, {
      unknown: 1,
      jwks_sources: 5,
      issuer_mode: 1,
      sub_mode: 'y',
      redirect_uris: null,
      signing_key: NOBODYS,
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
    expect(Object.entries(body)).toEqual([
      ['name', [BLANK]],
      ['authentication_flow', [noUuid('nope')]],
      ['authorization_flow', ['This field is required.']],
      ['property_mappings', [noUuid('nope')]],
      ['client_type', [noChoice('x')]],
      ['client_id', ['OAuth2/OpenID Provider with this Client ID already exists.']],
      ['client_secret', [NO_TEXT]],
      ['access_token_validity', [noSpan('x')]],
      ['refresh_token_validity', [BLANK]],
      ['include_claims_in_id_token', [NO_BOOLEAN]],
      ['signing_key', [noPk(NOBODYS)]],
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
    for (const ask of [post, put, patch])
      expect(await ask(of, body)).toMatchObject({ status: 400, body: { non_field_errors: [message] } })
  })

  it('that ends too early, with the place where it does', async () => {
    for (const ask of [post, put, patch]) {
      expect(await ask(of, '{"name":')).toMatchObject({
        status: 400,
        body: { detail: 'JSON parse error - unexpected end of data: line 1 column 9 (char 8)' },
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
    for (const ask of [post, put, patch]) {
      expect(await ask(of, body)).toMatchObject({
        status: 400,
        body: { detail: expect.stringMatching(/^JSON parse error - .+: line 1 column \d+ \(char \d+\)$/) },
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
  ])('of another media type, JSON or not: %s', async (type) => {
    for (const ask of [post, put, patch])
      for (const body of [LEAST, 'nope'])
        expect(await ask(of, body, { type })).toMatchObject({
          status: 415,
          body: { detail: `Unsupported media type "${type}" in request.` },
        })
  })

  it('and then no provider was made, and the one that was not changed is as recorded', async () => {
    expect(await namesIn('', { of })).toEqual(['Demo', 'SPA', 'Unassigned'])
    expect((await get(`${ALL}1/`, { of })).text).toBe(JSON.stringify(bodyOf('providers.get.demo')))
  })
})

describe('a body is taken', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON', 'application/*', '*/*'])(
    'as JSON when it says that it is %s',
    async (type) => {
      expect(await patch(observed(), { name: 'Changed' }, { type })).toMatchObject({
        status: 200,
        body: { name: 'Changed' },
      })
    },
  )

  it.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded'])(
    'for an empty object when it is empty and says that it is %s',
    async (type) => {
      const of = observed()
      const required = { name: ['This field is required.'], authorization_flow: ['This field is required.'] }
      expect(await post(of, '', { type })).toMatchObject({ status: 400, body: required })
      expect(await put(of, '', { type })).toMatchObject({ status: 400, body: required })
      const { status, body } = await patch(of, '', { type })
      expect([status, body]).toEqual([200, bodyOf('providers.get.demo')])
    },
  )

  it.each([
    ['name', 5, '5'],
    ['name', 1.5, '1.5'],
    ['name', '  Padded\t', 'Padded'],
    ['name', 'Demo', 'Demo'],
    ['client_id', 'demo-client', 'demo-client'],
    ['client_id', 'x'.repeat(255), 'x'.repeat(255)],
    ['client_secret', '', ''],
    ['client_secret', ' ', ''],
    ['client_secret', 7, '7'],
    ['redirect_uris', '', ''],
    [
      'redirect_uris',
      ' https://a.example.com/\nhttps://b.example.com/ ',
      'https://a.example.com/\nhttps://b.example.com/',
    ],
    ['authentication_flow', FLOW, FLOW],
    ['authentication_flow', FLOW.toUpperCase(), FLOW],
    ['authentication_flow', FLOW.replaceAll('-', ''), FLOW],
    ['authentication_flow', `urn:uuid:${FLOW}`, FLOW],
    ['authentication_flow', null, null],
    ['signing_key', null, null],
    ['property_mappings', [], []],
    ['property_mappings', [SCOPE['openid'].toUpperCase()], [SCOPE['openid']]],
    ['access_code_validity', 'HOURS=1', 'HOURS=1'],
    ['access_code_validity', 'hours=1.5', 'hours=1.5'],
    ['access_code_validity', 'hours=.5', 'hours=.5'],
    ['access_code_validity', 'hours=1e2', 'hours=1e2'],
    ['access_code_validity', 'hours=-1', 'hours=-1'],
    ['access_code_validity', 'hours= 3', 'hours= 3'],
    ['access_code_validity', 'years=1;hours=2', 'years=1;hours=2'],
    ['access_code_validity', 'years=x;hours=2', 'years=x;hours=2'],
    [
      'access_code_validity',
      'microseconds=1;milliseconds=2;seconds=3;minutes=4;hours=5;days=6;weeks=7',
      'microseconds=1;milliseconds=2;seconds=3;minutes=4;hours=5;days=6;weeks=7',
    ],
    ['jwks_sources', [], []],
  ])('that says %s is %j, which is kept as %j', async (field, value, kept) => {
    const of = observed()
    const { status, body } = await patch(of, { [field]: value })
    expect([status, body]).toEqual([200, { ...bodyOf('providers.get.demo'), [field]: kept }])
    expect((await get(`${ALL}1/`, { of })).body).toEqual(body)
  })

  it.each([
    ...[false, 0, '0', 'f', 'F', 'n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF', 'false', 'False', 'FALSE'].map(
      (value) => [value, false],
    ),
    ...[true, 1, '1', 't', 'T', 'y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON', 'true', 'True', 'TRUE'].map(
      (value) => [value, true],
    ),
  ])('with %j for the boolean %s', async (value, meant) => {
    const of = observed({ world: worldWith((all) => (all.providers[0].include_claims_in_id_token = !meant)) })
    expect((await patch(of, { include_claims_in_id_token: value })).body.include_claims_in_id_token).toBe(meant)
  })

  it.each([
    ['client_type', ['confidential', 'public']],
    ['sub_mode', ['hashed_user_id', 'user_id', 'user_uuid', 'user_username', 'user_email', 'user_upn']],
    ['issuer_mode', ['global', 'per_provider']],
  ])('with any documented %s: %j', async (field, values) => {
    const of = observed()
    for (const value of values) expect((await patch(of, { [field]: value })).body[field]).toBe(value)
  })

  it('without a word about what is read-only or unknown', async () => {
    const passedOver = {
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
    const of = observed()
    expect((await patch(of, passedOver)).body).toEqual(bodyOf('providers.get.demo'))
    expect((await put(of, { ...passedOver, name: 'Demo', authorization_flow: FLOW })).body).toEqual(
      bodyOf('providers.get.demo'),
    )
    const { status, body } = await post(of, { ...passedOver, ...LEAST })
    expect([status, body.pk, body.component, body.assigned_application_slug]).toEqual([
      201,
      4,
      'ak-provider-oauth2-form',
      null,
    ])
    expect(Object.keys(body)).toEqual(Object.keys(bodyOf('providers.get.demo')))
  })

  it('that leaves out, in a PATCH, what a PUT requires, and in either what may stay as it is', async () => {
    const of = observed()
    const demo = bodyOf('providers.get.demo')
    expect((await patch(of, { sub_mode: 'user_id' })).body).toEqual({ ...demo, sub_mode: 'user_id' })
    expect((await patch(of, {})).body).toEqual({ ...demo, sub_mode: 'user_id' })
    expect((await put(of, { name: 'Put', authorization_flow: OTHER_FLOW })).body).toEqual({
      ...demo,
      name: 'Put',
      authorization_flow: OTHER_FLOW,
      sub_mode: 'user_id',
    })
  })

  it('and a name that is given up can be taken by another', async () => {
    const of = observed()
    expect((await patch(of, { name: 'Renamed', client_id: 'renamed-client' })).status).toBe(200)
    expect(await post(of, { ...LEAST, name: 'Demo', client_id: 'demo-client' })).toMatchObject({
      status: 201,
      body: { name: 'Demo', client_id: 'demo-client' },
    })
    expect(await patch(of, { name: 'Demo' })).toMatchObject({
      status: 400,
      body: { name: ['provider with this name already exists.'] },
    })
    expect(await patch(of, { client_id: 'demo-client' })).toMatchObject({ status: 400 })
  })

  it('under the name of a provider that was deleted', async () => {
    const of = observed()
    await api(`${ALL}2/`, { as: 'akadmin', method: 'DELETE', of })
    expect((await post(of, { ...LEAST, name: 'SPA', client_id: 'spa-client' })).status).toBe(201)
  })

  it('in the documented voice, too', async () => {
    const of = documented()
    expect(await post(of, LEAST)).toMatchObject({ status: 201, body: { name: 'New' } })
    expect(await patch(of, { name: 'New' })).toMatchObject({
      status: 400,
      body: { name: ['provider with this name already exists.'] },
    })
  })

  it('again after a reset, which forgets what was made and changed', async () => {
    const of = observed()
    await post(of, LEAST)
    await patch(of, { name: 'Changed' })
    await of.reset()
    expect(await namesIn('', { of })).toEqual(['Demo', 'SPA', 'Unassigned'])
    expect((await post(of, LEAST)).body.pk).toBe(4)
  })
})

describe('a change of a provider is seen', () => {
  const CHANGE = {
    name: 'Changed',
    client_id: 'changed-client',
    access_code_validity: 'minutes=9',
    redirect_uris: 'https://changed.example.com/callback',
  }
  const paths = ['/oauth2/authorization_codes/1/', '/oauth2/access_tokens/1/', '/oauth2/refresh_tokens/1/']

  it.each(paths)('inside %s, also when that was read before', async (path) => {
    const of = observed()
    const before = (await get(path, { of })).body
    expect(before.provider).toEqual(bodyOf('providers.get.demo'))
    await patch(of, CHANGE)
    expect((await get(path, { of })).body).toEqual({ ...before, provider: { ...before.provider, ...CHANGE } })
  })

  it('inside lists of what it granted', async () => {
    const of = observed()
    await get('/oauth2/authorization_codes/', { of })
    await patch(of, CHANGE)
    const { results } = (await get('/oauth2/authorization_codes/?provider=1', { of })).body
    expect(results.length).toBeGreaterThan(0)
    for (const code of results) expect(code.provider).toMatchObject(CHANGE)
  })

  it('inside its application, whose launch URL may follow from it', async () => {
    const of = observed()
    await get('/core/applications/spa/', { of })
    await api(`${ALL}2/`, { as: 'akadmin', method: 'PATCH', of, body: CHANGE })
    const { body } = await get('/core/applications/spa/', { of })
    expect(body).toMatchObject({ launch_url: 'https://changed.example.com', provider_obj: { pk: 2, name: 'Changed' } })
    expect(body.provider_obj).not.toHaveProperty('client_id')
    expect((await get('/core/applications/?slug=spa', { of })).body.results).toEqual([body])
  })

  it('in its place in the list', async () => {
    const of = observed()
    expect(await namesIn('', { of })).toEqual(['Demo', 'SPA', 'Unassigned'])
    await patch(of, { name: 'Zulu' })
    expect(await namesIn('', { of })).toEqual(['SPA', 'Unassigned', 'Zulu'])
    expect(await namesIn('?name=Demo', { of })).toEqual([])
    expect(await namesIn('?name=Zulu', { of })).toEqual(['Zulu'])
  })

  it('when it is deleted: what it granted goes along, and its application stays without a provider', async () => {
    const of = observed()
    for (const path of paths) expect((await get(path, { of })).status).toBe(200)
    await api(`${ALL}1/`, { as: 'akadmin', method: 'DELETE', of })
    for (const path of paths) expect(await get(path, { of })).toMatchObject({ status: 404, body: NOT_FOUND })
    expect((await get('/core/applications/demo/', { of })).body).toMatchObject({
      slug: 'demo',
      provider: null,
      provider_obj: null,
      launch_url: 'https://app.example.com',
    })
    expect((await get('/oauth2/authorization_codes/4/', { of })).body.provider.name).toBe('SPA')
  })
})

describe('the list of providers', () => {
  const ALL_NAMES = ['Demo', 'SPA', 'Unassigned']

  it('is what was recorded', async () => {
    const { status, text } = await get(ALL)
    expect([status, text]).toEqual([200, JSON.stringify(bodyOf('providers.list'))])
  })

  it('is for who may view providers', async () => {
    expect(await namesIn('', { as: 'viewer' })).toEqual(ALL_NAMES)
    expect(await get(`${ALL}?client_type=nope`, { as: 'alice' })).toMatchObject({ status: 403, body: DENIED })
    expect(await get(ALL, { as: undefined })).toMatchObject({ status: 403, body: CREDENTIALS })
  })

  it('comes in pages', async () => {
    const { body } = await get(`${ALL}?page_size=2&page=2`)
    expect(body.pagination).toEqual({
      next: 0,
      previous: 1,
      count: 3,
      current: 2,
      total_pages: 2,
      start_index: 3,
      end_index: 3,
    })
    expect(body.results.map((one: any) => one.name)).toEqual(['Unassigned'])
    expect(await get(`${ALL}?page=2`)).toMatchObject({ status: 404, body: { detail: 'Invalid page.' } })
  })

  const world = worldWith((all) => {
    all.providers[0].property_mappings = [SCOPE['openid'], SCOPE['email']]
    all.providers[1].property_mappings = [SCOPE['openid']]
    all.providers[2].property_mappings = []
    all.providers[2].authentication_flow = OTHER_FLOW
  })
  const of = observed({ world })

  it.each([
    ['name', 'Demo', ['Demo']],
    ['name', 'demo', []],
    ['name', '', ALL_NAMES],
    ['name', ['Demo', 'SPA'], ['SPA']],
    ['authorization_flow', FLOW, ['Demo', 'Unassigned']],
    ['authorization_flow', FLOW.toUpperCase(), ['Demo', 'Unassigned']],
    ['authorization_flow', OTHER_FLOW.replaceAll('-', ''), ['SPA']],
    ['authorization_flow', '', ALL_NAMES],
    ['property_mappings', SCOPE['openid'], ['Demo', 'SPA']],
    ['property_mappings', SCOPE['email'], ['Demo']],
    ['property_mappings', [SCOPE['email'], SCOPE['openid']], ['Demo', 'SPA']],
    ['property_mappings', SCOPE['profile'], []],
    ['application', DEMO_APP, ['Demo']],
    ['application', DEMO_APP.replaceAll('-', ''), ['Demo']],
    ['application', ORPHAN_APP, []],
    ['application', '', ALL_NAMES],
    ['client_type', 'public', ['SPA']],
    ['client_type', 'confidential', ['Demo', 'Unassigned']],
    ['client_type', '', ALL_NAMES],
    ['client_id', 'spa-client', ['SPA']],
    ['client_id', 'SPA-client', []],
    ['access_code_validity', 'seconds=30', ['SPA']],
    ['access_code_validity', 'minutes=1', ['Demo', 'Unassigned']],
    ['access_token_validity', 'hours=1', ALL_NAMES],
    ['access_token_validity', 'minutes=60', []],
    ['refresh_token_validity', 'days=30', ALL_NAMES],
    ['include_claims_in_id_token', 'true', ['Demo', 'Unassigned']],
    ['include_claims_in_id_token', 'TRUE', ['Demo', 'Unassigned']],
    ['include_claims_in_id_token', '1', ['Demo', 'Unassigned']],
    ['include_claims_in_id_token', 'False', ['SPA']],
    ['include_claims_in_id_token', '0', ['SPA']],
    ['include_claims_in_id_token', '2', ALL_NAMES],
    ['include_claims_in_id_token', 'garbage', ALL_NAMES],
    ['include_claims_in_id_token', '', ALL_NAMES],
    ['signing_key', KEY, ['Demo']],
    ['signing_key', '', ALL_NAMES],
    ['redirect_uris', 'https://app.example.com/callback\nhttp://localhost:8080/cb', ALL_NAMES],
    ['redirect_uris', 'https://app.example.com/callback', []],
    ['sub_mode', 'user_username', ['SPA']],
    ['sub_mode', 'user_upn', []],
    ['issuer_mode', 'global', ['SPA']],
    ['issuer_mode', 'per_provider', ['Demo', 'Unassigned']],
    ['client_secret', 'spa-secret', ALL_NAMES],
    ['authentication_flow', OTHER_FLOW, ALL_NAMES],
    ['search', 'sp', ['SPA']],
    ['search', 'A', ['SPA', 'Unassigned']],
    ['search', 'un sign', ['Unassigned']],
    ['search', 'un,demo', []],
    ['search', 'demo-client', []],
    ['search', '', ALL_NAMES],
    ['ordering', '-name', ALL_NAMES.toReversed()],
    ['ordering', '-pk', ['Unassigned', 'SPA', 'Demo']],
    ['ordering', 'client_id', ['Demo', 'SPA', 'Unassigned']],
    ['ordering', '-client_type,-name', ['SPA', 'Unassigned', 'Demo']],
    ['ordering', 'include_claims_in_id_token,-pk', ['SPA', 'Unassigned', 'Demo']],
    ['ordering', 'signing_key,-name', ['Demo', 'Unassigned', 'SPA']],
    ['ordering', '-signing_key,name', ['SPA', 'Unassigned', 'Demo']],
    ['ordering', 'authentication_flow,-name', ['Unassigned', 'SPA', 'Demo']],
    ['ordering', 'access_code_validity,-name', ['Unassigned', 'Demo', 'SPA']],
    ['ordering', 'issuer_mode,name', ['SPA', 'Demo', 'Unassigned']],
    ['ordering', 'nope, -name', ALL_NAMES.toReversed()],
    ['ordering', 'component', ALL_NAMES],
  ])('asked for by %s=%j has %j', async (name, values, found) => {
    expect(await namesIn(`?${query(name, values)}`, { of })).toEqual(found)
  })

  it.each([
    ['authorization_flow', 'nope', noUuid('nope')],
    ['authorization_flow', NOBODYS, NO_CHOICE],
    ['property_mappings', 'nope', noUuid('nope')],
    ['property_mappings', '', noUuid('')],
    ['property_mappings', NOBODYS, notAmong(NOBODYS)],
    ['property_mappings', [SCOPE['openid'], NOBODYS], notAmong(NOBODYS)],
    ['property_mappings', SCOPE['openid'].toUpperCase(), notAmong(SCOPE['openid'].toUpperCase())],
    ['application', 'demo', noUuid('demo')],
    ['application', NOBODYS, NO_CHOICE],
    ['client_type', 'nope', notAmong('nope')],
    ['client_type', 'PUBLIC', notAmong('PUBLIC')],
    ['signing_key', 'null', noUuid('null')],
    ['signing_key', NOBODYS, NO_CHOICE],
    ['sub_mode', 'nope', notAmong('nope')],
    ['issuer_mode', 'nope', notAmong('nope')],
    ['name', '\0', NUL],
    ['client_id', 'a\0', NUL],
  ])('refuses %s=%j: %s', async (name, values, message) => {
    expect(await get(`${ALL}?${query(name, values)}`, { of })).toMatchObject({
      status: 400,
      body: { [name]: [message] },
    })
  })

  it('tells of every wrong filter at once, in the order in which it knows them', async () => {
    const { body } = await get(
      `${ALL}?issuer_mode=i&sub_mode=s&signing_key=k&client_type=c&application=a&property_mappings=p&authorization_flow=f`,
    )
    expect(Object.entries(body)).toEqual([
      ['authorization_flow', [noUuid('f')]],
      ['property_mappings', [noUuid('p')]],
      ['application', [noUuid('a')]],
      ['client_type', [notAmong('c')]],
      ['signing_key', [noUuid('k')]],
      ['sub_mode', [notAmong('s')]],
      ['issuer_mode', [notAmong('i')]],
    ])
  })

  it('lends its filters to the path of one: what they leave out is neither read, changed nor deleted', async () => {
    const changeable = observed()
    for (const method of ['GET', 'PATCH', 'PUT', 'DELETE']) {
      expect(await api(`${ALL}1/?client_type=public`, { as: 'akadmin', method, of: changeable })).toMatchObject({
        status: 404,
        body: NOT_FOUND,
      })
      expect(await api(`${ALL}1/?client_type=nope`, { as: 'akadmin', method, of: changeable })).toMatchObject({
        status: 400,
        body: { client_type: [notAmong('nope')] },
      })
    }
    expect((await get(`${ALL}1/?client_type=confidential`, { of: changeable })).body).toEqual(
      bodyOf('providers.get.demo'),
    )
  })
})

describe('the setup URLs of a provider', () => {
  const urls = (id: number, asking: Asking = {}) => get(`${ALL}${id}/setup_urls/`, asking)

  it('are those of its application, by the name under which the caller knows the server', async () => {
    const { status, body } = await urls(1)
    expect(status).toBe(200)
    expect(Object.entries(body)).toEqual([
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
  ])('asked for at %s with %j begin with %s', async (origin, headers, base) => {
    const { body } = await urls(1, { origin, headers })
    for (const url of Object.values(body)) expect(url).toMatch(new RegExp(`^${base}/application/o/`))
  })

  it('have the server itself for issuer when the provider is no issuer of its own', async () => {
    expect((await urls(2)).body).toMatchObject({
      issuer: 'http://authentik.test/',
      jwks: 'http://authentik.test/application/o/spa/jwks/',
    })
  })

  it('are, without an application, null where they would name it, and without jwks', async () => {
    const { status, body } = await urls(3)
    expect(status).toBe(200)
    expect(Object.entries(body)).toEqual([
      ['issuer', null],
      ['authorize', 'http://authentik.test/application/o/authorize/'],
      ['token', 'http://authentik.test/application/o/token/'],
      ['user_info', 'http://authentik.test/application/o/userinfo/'],
      ['provider_info', null],
      ['logout', null],
    ])
  })

  it('have a global issuer also without an application', async () => {
    const of = observed({ world: worldWith((all) => (all.providers[2].issuer_mode = 'global')) })
    expect((await urls(3, { of })).body).toMatchObject({
      issuer: 'http://authentik.test/',
      provider_info: null,
      logout: null,
    })
  })

  it('are, as documented, not there without an application', async () => {
    const of = documented()
    expect(await urls(3, { of })).toMatchObject({ status: 404, body: NOT_FOUND })
    expect(await urls(1, { of })).toMatchObject({
      status: 200,
      body: { issuer: 'http://authentik.test/application/o/demo/' },
    })
  })

  it('follow when the application loses its provider', async () => {
    const of = observed()
    await of.ready
    expect((await urls(1, { of })).body).toHaveProperty('jwks')
    await of.world.named('applications').delete(DEMO_APP)
    expect((await urls(1, { of })).body).toMatchObject({ issuer: null, provider_info: null, logout: null })
    expect((await urls(1, { of })).body).not.toHaveProperty('jwks')
  })

  it('are told to every user, without a permission, and even without credentials', async () => {
    for (const as of ['alice', undefined])
      expect(await urls(1, { as })).toMatchObject({ status: 200, body: (await urls(1)).body })
  })

  it('are, as documented, refused without credentials', async () => {
    expect(await urls(1, { as: undefined, of: documented() })).toMatchObject({ status: 403, body: CREDENTIALS })
  })

  it('are of no provider that is not there', async () => {
    for (const id of ['999', '0', 'abc', '-1'])
      expect(await get(`${ALL}${id}/setup_urls/`)).toMatchObject({ status: 404, body: NOT_FOUND })
  })
})

describe('the preview of a token', () => {
  const NOW = '2024-09-27T14:26:18.306Z'
  const SECONDS = Math.floor(Date.parse(NOW) / 1000)
  const stopped = (change: (world: any) => void = () => {}) => observed({ world: worldWith(change), now: NOW })
  const preview = (of: Mock, id: number, { asked = '', ...asking }: Asking & { asked?: string } = {}) =>
    get(`${ALL}${id}/preview_user/${asked}`, { of, ...asking })
  const userOf = (username: string) => recordedWorld.users.find((one: any) => one.username === username)
  const standard = (sub: string, aud: string) => ({
    sub,
    aud,
    exp: SECONDS + 1800,
    iat: SECONDS,
    auth_time: SECONDS,
    acr: 'goauthentik.io/providers/oauth2/default',
  })

  it('is what it would say of the caller if it were issued now, in the order in which it was recorded', async () => {
    const { status, body } = await preview(stopped(), 1)
    const { preview: theirs } = bodyOf('providers.preview_user')
    expect(status).toBe(200)
    expect(Object.entries(body.preview)).toEqual(
      Object.entries({ ...theirs, exp: SECONDS + 1800, iat: SECONDS, auth_time: SECONDS }),
    )
    expect(theirs.exp - theirs.iat).toBe(1800)
  })

  it.each([
    ['hashed_user_id', userOf('alice').uid],
    ['user_id', '7'],
    ['user_uuid', userOf('alice').uuid],
    ['user_username', 'alice'],
    ['user_email', 'alice@example.com'],
    ['user_upn', userOf('alice').uid],
  ])('has, with the sub_mode %s, the subject %s', async (mode, sub) => {
    const of = stopped()
    await patch(of, { sub_mode: mode })
    expect((await preview(of, 1, { asked: '?for_user=7' })).body.preview.sub).toBe(sub)
  })

  it('has the attribute upn of who has one for the sub_mode user_upn', async () => {
    const of = stopped((all) => {
      all.providers[0].sub_mode = 'user_upn'
      all.users.find((one: any) => one.username === 'alice').attributes = { upn: 'alice@corp.example.com' }
    })
    expect((await preview(of, 1, { asked: '?for_user=7' })).body.preview.sub).toBe('alice@corp.example.com')
    expect((await preview(of, 1, { asked: '?for_user=8' })).body.preview.sub).toBe(userOf('bob').uid)
  })

  it('says only who and when, where claims are not included in ID tokens', async () => {
    const { body } = await preview(stopped(), 2, { asked: '?for_user=7' })
    expect(body).toEqual({ preview: { iss: 'http://authentik.test/', ...standard('alice', 'spa-client') } })
  })

  it('has no issuer without an application', async () => {
    const { body } = await preview(stopped(), 3, { asked: '?for_user=8' })
    expect(body.preview).toEqual({
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
  ])('has the claims of the scopes that the provider knows: for %j, %j', async (scopes, claims) => {
    const of = stopped()
    await patch(of, { property_mappings: scopes.map((scope) => SCOPE[scope]) })
    const { iss, sub, aud, exp, iat, auth_time, acr, ...more } = (await preview(of, 1)).body.preview
    expect([iss, sub, aud, exp, iat, auth_time, acr].every(Boolean)).toBe(true)
    expect(Object.keys(more).toSorted()).toEqual(claims.toSorted())
  })

  it('is for another user only by whom the permission was given to', async () => {
    const of = stopped(
      (all) =>
        (all.permissions = {
          viewer: ['view_oauth2provider'],
          bob: ['view_oauth2provider', 'preview_user'],
          alice: ['preview_user'],
        }),
    )
    expect(await preview(of, 1, { as: 'viewer' })).toMatchObject({
      status: 200,
      body: { preview: { preferred_username: 'viewer' } },
    })
    expect(await preview(of, 1, { as: 'viewer', asked: '?for_user=7' })).toMatchObject({
      status: 400,
      body: { for_user: 'User not found' },
    })
    expect(await preview(of, 1, { as: 'bob', asked: '?for_user=7' })).toMatchObject({
      status: 200,
      body: { preview: { preferred_username: 'alice' } },
    })
    expect(await preview(of, 1, { as: 'alice', asked: '?for_user=7' })).toMatchObject({ status: 403, body: DENIED })
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
    const { status, body } = await preview(own, 1, { asked: `?for_user=${value}` })
    expect([status, body]).toEqual([400, { for_user: message }])
  })

  it('is refused to who may not view providers, and of one that is not there', async () => {
    expect(await preview(own, 1, { as: 'alice' })).toMatchObject({ status: 403, body: DENIED })
    expect(await preview(own, 1, { as: undefined })).toMatchObject({ status: 403, body: DENIED })
    expect(await preview(own, 999)).toMatchObject({ status: 404, body: NOT_FOUND })
    expect(await preview(own, 1, { asked: '?client_type=public' })).toMatchObject({ status: 404, body: NOT_FOUND })
  })
})

describe('what uses a provider', () => {
  const usedBy = (id: number | string, asking: Asking = {}) => get(`${ALL}${id}/used_by/`, asking)
  const granted = (resource: string, kind: string, words: string, provider: number) =>
    recordedWorld[resource]
      .filter((row: any) => row.provider === provider)
      .map(({ pk, user }: any) => ({
        app: 'authentik_providers_oauth2',
        model_name: kind,
        pk: String(pk),
        name: `${words} for ${provider} for user ${user}`,
        action: 'cascade',
      }))
  const accessTokens = (of: number) => granted('access_tokens', 'accesstoken', 'Access Token', of)
  const codes = (of: number) => granted('authorization_codes', 'authorizationcode', 'Authorization code', of)
  const refreshTokens = (of: number) => granted('refresh_tokens', 'refreshtoken', 'Refresh Token', of)
  const scopes = (keys: readonly string[]) =>
    keys.map((pk) => ({
      app: 'authentik_core',
      model_name: 'propertymapping',
      pk,
      name: `Property Mapping ${recordedWorld.scope_mappings.find((one: any) => one.pk === pk).name}`,
      action: 'cascade_many',
    }))

  it.each([1, 2, 3])('is, for a superuser, what provider %i granted and the scopes that it knows', async (id) => {
    const known = recordedWorld.providers.find((one: any) => one.pk === id).property_mappings
    const { status, body } = await usedBy(id)
    expect([status, body]).toEqual([200, [...accessTokens(id), ...codes(id), ...scopes(known), ...refreshTokens(id)]])
  })

  it('has all that was recorded, in the order in which it was', async () => {
    const theirs = bodyOf('providers.used_by')
    const names = new Set(theirs.map((one: any) => `${one.model_name} ${one.pk}`))
    const { body } = await usedBy(1)
    expect(body.filter((one: any) => names.has(`${one.model_name} ${one.pk}`))).toEqual(theirs)
  })

  it('is, for anyone else, what they may view', async () => {
    expect((await usedBy(1, { as: 'viewer' })).body).toEqual(codes(1))
    const of = allowing({
      alice: ['view_oauth2provider'],
      bob: ['view_oauth2provider', 'view_refreshtoken', 'view_accesstoken'],
      dave: ['view_refreshtoken'],
    })
    expect((await usedBy(1, { as: 'alice', of })).body).toEqual([])
    expect((await usedBy(1, { as: 'bob', of })).body).toEqual([...accessTokens(1), ...refreshTokens(1)])
    expect(await usedBy(1, { as: 'dave', of })).toMatchObject({ status: 403, body: DENIED })
  })

  it('is refused to who may not view providers, and of one that is not there', async () => {
    expect(await usedBy(1, { as: 'alice' })).toMatchObject({ status: 403, body: DENIED })
    expect(await usedBy(1, { as: undefined })).toMatchObject({ status: 403, body: DENIED })
    for (const id of ['999', 'abc']) expect(await usedBy(id)).toMatchObject({ status: 404, body: NOT_FOUND })
  })

  it('is not narrowed down by the filters of the list', async () => {
    expect(await usedBy(1, { as: 'viewer' })).toMatchObject({ status: 200 })
    expect((await get(`${ALL}1/used_by/?client_type=public&sub_mode=nope`, { as: 'viewer' })).body).toEqual(codes(1))
  })

  it('is less when a code is deleted, and when the provider forgets its scopes', async () => {
    const of = observed()
    await usedBy(1, { of })
    await api('/oauth2/authorization_codes/1/', { as: 'akadmin', method: 'DELETE', of })
    await patch(of, { property_mappings: [SCOPE['openid']] })
    expect((await usedBy(1, { of })).body).toEqual([
      ...accessTokens(1),
      ...codes(1).filter((one: any) => one.pk !== '1'),
      ...scopes([SCOPE['openid']]),
      ...refreshTokens(1),
    ])
  })

  it('is nothing of a provider that was just made', async () => {
    const of = observed()
    const { pk } = (await post(of, LEAST)).body
    expect((await usedBy(pk, { of })).body).toEqual([])
  })
})
