/** Users, groups, applications, API tokens, and what a server says of itself (FACTS 2.4, 2.5, 3, 7). */
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { mock, type Mock, type MockOptions } from '../../../src/entries/index.ts'
import { readJson, readLines } from '../../support/files.ts'

const recordedWorld = readJson('fixtures/recordings/2024.8.4.world.json')
const recorded = readLines('fixtures/recordings/2024.8.4.jsonl')
const bodyOf = (name: string) => recorded.find((one) => one.name === name).response.body

const DEVELOPERS = 'c2e91a5a-76a4-43ce-b921-7188ce36a448'
const STAFF = '5fd0a2d6-ad46-4341-bd04-c823aab242b6'
const ADMINS = '2c4db276-bf6c-49f1-a266-d66ffcca99fe'
const ALICE = 'f8358f6e-0048-4b1c-8e32-ab93faf0c44b'
const NOBODYS = '00000000-0000-0000-0000-000000000000'
const OUTPOST = 'ak-outpost-8d93d2616b0c4d41895d0990444777ab'
const EVERYBODY = [OUTPOST, 'akadmin', 'alice', 'bob', 'carol', 'dave', 'svc', 'viewer']

/** The recorded world, changed; what follows from other rows is left for the mock to work out. */
function worldWith(change: (world: any) => void): any {
  const world = structuredClone(recordedWorld)
  for (const group of world.groups) for (const derived of ['users', 'num_pk', 'parent_name']) delete group[derived]
  for (const user of world.users) delete user.is_superuser
  for (const application of world.applications) delete application.launch_url
  for (const provider of world.providers)
    for (const derived of ['assigned_application_slug', 'assigned_application_name']) delete provider[derived]
  change(world)
  return world
}
const user = (world: any, username: string) => world.users.find((one: any) => one.username === username)
const group = (world: any, name: string) => world.groups.find((one: any) => one.name === name)

const observed = (options: MockOptions = {}) =>
  mock({ world: recordedWorld, release: '2024.8.4', fidelity: 'observed', ...options })
const own = observed()

interface Asking {
  /** Whose key is sent; nobody's for undefined. */
  as?: string | undefined
  method?: string
  headers?: Record<string, string>
  of?: Mock
}

async function ask(path: string, { as, method = 'GET', headers = {}, of = own }: Asking = {}) {
  const response = await of.fetch(
    new Request(`http://authentik.test${path}`, {
      method,
      redirect: 'manual',
      headers: { ...(as ? { Authorization: `Bearer seed-token-${as}` } : {}), ...headers },
    }),
  )
  const text = await response.text()
  const isJson = response.headers.get('Content-Type') === 'application/json'
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
}

const api = (path: string, asking: Asking = {}) => ask(`/api/v3${path}`, { as: 'akadmin', ...asking })
const query = (name: string, values: string | readonly string[]) =>
  new URLSearchParams([values].flat().map((value) => [name, value])).toString()
const namesIn = async (path: string, asking: Asking = {}) => {
  const { status, body } = await api(path, asking)
  return status === 200 ? body.results.map((row: any) => row.username ?? row.identifier ?? row.name) : body
}

const DENIED = { detail: 'You do not have permission to perform this action.' }
const CREDENTIALS = { detail: 'Authentication credentials were not provided.' }
const NOT_FOUND = { detail: 'Not found.' }
const notAmong = (value: string) => `Select a valid choice. ${value} is not one of the available choices.`

describe('the list of users', () => {
  it('is in the order of their names, for whoever may view users', async () => {
    expect(await namesIn('/core/users/')).toEqual(EVERYBODY)
    expect(await namesIn('/core/users/', { as: 'viewer' })).toEqual(EVERYBODY)
  })

  it.each([
    ['a user without the permission', 'alice', DENIED],
    ['a caller without credentials', undefined, CREDENTIALS],
  ])('is refused to %s, whatever is asked for', async (_, as, body) => {
    expect(await api('/core/users/', { as })).toMatchObject({ status: 403, body })
    expect(await api('/core/users/?type=nope&attributes={', { as })).toMatchObject({ status: 403, body })
  })

  it.each([
    ['email', 'alice@example.com', ['alice']],
    ['email', ' alice@example.com ', ['alice']],
    ['email', 'ALICE@example.com', []],
    ['email', 'alice', []],
    ['email', '', EVERYBODY],
    ['name', 'Alice Example', ['alice']],
    ['name', 'alice example', []],
    ['name', 'Service Ünïcode ☃', ['svc']],
    ['username', 'alice', ['alice']],
    ['username', 'Alice', []],
    ['username', ['bob', 'alice'], ['alice']],
    ['username', '', EVERYBODY],
    ['path', 'users/team', ['bob']],
    ['path', 'users/', []],
    ['path_startswith', 'users/', ['bob']],
    ['path_startswith', 'users', ['akadmin', 'alice', 'bob', 'carol', 'dave', 'viewer']],
    ['path_startswith', 'goauthentik.io/', [OUTPOST, 'svc']],
    ['path_startswith', 'Users', []],
    ['path_startswith', '', EVERYBODY],
    ['type', 'external', ['dave']],
    ['type', ['external', 'service_account'], ['dave', 'svc']],
    ['type', 'internal_service_account', [OUTPOST]],
    ['groups_by_name', 'developers', ['alice', 'bob']],
    ['groups_by_name', ['developers', 'authentik Admins'], ['akadmin', 'alice', 'bob']],
    ['groups_by_name', 'staff', []],
    ['groups_by_pk', DEVELOPERS, ['alice', 'bob']],
    ['groups_by_pk', [DEVELOPERS, ADMINS], ['akadmin', 'alice', 'bob']],
    ['groups_by_pk', STAFF, []],
    ['uuid', NOBODYS, []],
    ['uuid', '', EVERYBODY],
    ['last_login', 'nope', EVERYBODY],
  ])('narrowed down by %s=%j has %j', async (name, values, found) => {
    expect(await namesIn(`/core/users/?${query(name, values)}`)).toEqual(found)
  })

  it.each([
    ['true', 'active'],
    ['True', 'active'],
    ['2', 'active'],
    ['false', 'inactive'],
    ['False', 'inactive'],
    ['3', 'inactive'],
    ['1', 'all'],
    ['0', 'all'],
    ['TRUE', 'all'],
    ['garbage', 'all'],
    ['', 'all'],
  ])('reads is_active=%s like the select box of a form: %s', async (value, meant) => {
    const found = { active: EVERYBODY.filter((name) => name !== 'carol'), inactive: ['carol'], all: EVERYBODY }[meant]
    expect(await namesIn(`/core/users/?is_active=${value}`)).toEqual(found)
  })

  it('takes the last of two flags', async () => {
    expect(await namesIn('/core/users/?is_active=true&is_active=false')).toEqual(['carol'])
  })

  it.each([
    ['true', ['akadmin']],
    ['True', ['akadmin']],
    ['2', ['akadmin']],
    ['false', ['alice', 'bob']],
    ['False', ['alice', 'bob']],
    ['3', ['alice', 'bob']],
    ['garbage', EVERYBODY],
    ['1', EVERYBODY],
    ['', EVERYBODY],
  ])(
    'reads is_superuser=%s of the groups that a user is in, so that one in no group is neither: %j',
    async (value, found) => {
      expect(await namesIn(`/core/users/?is_superuser=${value}`)).toEqual(found)
    },
  )

  it.each([
    ALICE,
    ALICE.toUpperCase(),
    ALICE.replaceAll('-', ''),
    `{${ALICE}}`,
    `urn:uuid:${ALICE}`,
    `uuid:${ALICE}`,
    'f8358f6e00484b1c-8e32ab93faf0c44b',
    'f-8-358f6e00484b1c8e32ab93faf0c44b--',
    ` ${ALICE} `,
  ])('finds a user by any form of their uuid that Python reads: "%s"', async (uuid) => {
    expect(await namesIn(`/core/users/?${query('uuid', uuid)}`)).toEqual(['alice'])
  })

  it.each([
    ['uuid', 'nope', 'Enter a valid UUID.'],
    ['uuid', ALICE.slice(1), 'Enter a valid UUID.'],
    ['uuid', `${ALICE}0`, 'Enter a valid UUID.'],
    ['uuid', ALICE.replace('f', 'g'), 'Enter a valid UUID.'],
    ['type', 'nope', notAmong('nope')],
    ['type', 'External', notAmong('External')],
    ['type', '', notAmong('')],
    ['type', ['external', 'nope'], notAmong('nope')],
    ['groups_by_name', 'nope', notAmong('nope')],
    ['groups_by_name', 'Developers', notAmong('Developers')],
    ['groups_by_name', '', notAmong('')],
    ['groups_by_name', ['developers', 'nope'], notAmong('nope')],
    ['groups_by_pk', 'nope', '“nope” is not a valid UUID.'],
    ['groups_by_pk', '', '“” is not a valid UUID.'],
    ['groups_by_pk', [DEVELOPERS, 'nope'], '“nope” is not a valid UUID.'],
    ['groups_by_pk', NOBODYS, notAmong(NOBODYS)],
    ['groups_by_pk', DEVELOPERS.toUpperCase(), notAmong(DEVELOPERS.toUpperCase())],
    ['groups_by_pk', DEVELOPERS.replaceAll('-', ''), notAmong(DEVELOPERS.replaceAll('-', ''))],
    ['username', 'a\0', 'Null characters are not allowed.'],
    ['email', '\0', 'Null characters are not allowed.'],
    ['path_startswith', 'users\0', 'Null characters are not allowed.'],
  ])('refuses %s=%j: %s', async (name, values, message) => {
    expect(await api(`/core/users/?${query(name, values)}`)).toMatchObject({ status: 400, body: { [name]: [message] } })
  })

  it('tells of every wrong filter at once, in the order in which it knows them', async () => {
    const { status, body } = await api('/core/users/?uuid=nope&type=nope&groups_by_pk=nope&groups_by_name=nope')
    expect(status).toBe(400)
    expect(Object.entries(body)).toEqual([
      ['groups_by_name', [notAmong('nope')]],
      ['groups_by_pk', ['“nope” is not a valid UUID.']],
      ['type', [notAmong('nope')]],
      ['uuid', ['Enter a valid UUID.']],
    ])
  })

  it('is narrowed down by several filters together', async () => {
    expect(await namesIn('/core/users/?groups_by_name=developers&path=users')).toEqual(['alice'])
    expect(await namesIn('/core/users/?groups_by_name=developers&type=external')).toEqual([])
  })

  it.each([
    ['ali', ['alice']],
    ['ALI', ['alice']],
    ['zzz', []],
    ['example ali', ['alice']],
    ['EXAMPLE  BOB', ['bob']],
    ['alice,example', ['alice']],
    ['alice bob', []],
    ['admin default', ['akadmin']],
    ['ünïcode', ['svc']],
    ['ali\0ce', ['alice']],
    ['"alice example"', []],
    ['bob@', ['bob']],
    ['f8358f6e', ['alice']],
    ['8E32-AB', ['alice']],
    ['false', ['carol']],
    ['', EVERYBODY],
    [' , ', EVERYBODY],
  ])('searched for %j has who has every word somewhere: %j', async (words, found) => {
    expect(await namesIn(`/core/users/?${query('search', words)}`)).toEqual(found)
  })

  it('finds whoever is active by the word for it', async () => {
    expect(await namesIn('/core/users/?search=true')).toEqual(EVERYBODY.filter((name) => name !== 'carol'))
  })

  it.each([
    ['-username', EVERYBODY.toReversed()],
    ['pk', [OUTPOST, 'akadmin', 'alice', 'bob', 'carol', 'dave', 'svc', 'viewer']],
    ['-pk', ['viewer', 'svc', 'dave', 'carol', 'bob', 'alice', 'akadmin', OUTPOST]],
    ['is_active,-username', ['carol', 'viewer', 'svc', 'dave', 'bob', 'alice', 'akadmin', OUTPOST]],
    ['path,username', [OUTPOST, 'svc', 'akadmin', 'alice', 'carol', 'dave', 'viewer', 'bob']],
    ['type,-username', ['dave', 'viewer', 'carol', 'bob', 'alice', 'akadmin', OUTPOST, 'svc']],
    [' -username', EVERYBODY.toReversed()],
    ['nope,-username', EVERYBODY.toReversed()],
    ['nope', EVERYBODY],
    ['--username', EVERYBODY],
    ['password', EVERYBODY],
  ])('ordered by %j is %j', async (ordering, found) => {
    expect(await namesIn(`/core/users/?${query('ordering', ordering)}`)).toEqual(found)
  })

  it('puts who never logged in last upwards, and first downwards', async () => {
    const world = worldWith((all) => {
      user(all, 'bob').last_login = '2024-09-01T12:00:00Z'
      user(all, 'alice').last_login = '2024-09-01T12:00:00.000001Z'
    })
    const of = observed({ world })
    const up = await namesIn('/core/users/?ordering=last_login,username', { of })
    expect(up).toEqual(['bob', 'alice', ...EVERYBODY.filter((name) => name !== 'alice' && name !== 'bob')])
    expect((await namesIn('/core/users/?ordering=-last_login,username', { of })).slice(-2)).toEqual(['alice', 'bob'])
  })

  it.each([
    ['', true],
    ['?include_groups=true', true],
    ['?include_groups=TRUE', true],
    ['?include_groups=false', false],
    ['?include_groups=1', false],
    ['?include_groups=', false],
  ])('asked for with "%s" has the groups of a user as objects: %s', async (asked, included) => {
    const { body } = await api(`/core/users/${asked}`)
    const alice = body.results.find((one: any) => one.username === 'alice')
    expect(alice.groups).toEqual([DEVELOPERS])
    expect(alice.groups_obj).toEqual(
      included
        ? [
            {
              pk: DEVELOPERS,
              num_pk: 25908,
              name: 'developers',
              is_superuser: false,
              parent: STAFF,
              parent_name: 'staff',
              attributes: {},
            },
          ]
        : null,
    )
  })

  it('comes in pages', async () => {
    const { body } = await api('/core/users/?page_size=3&page=2')
    expect(body.pagination).toEqual({
      next: 3,
      previous: 1,
      count: 8,
      current: 2,
      total_pages: 3,
      start_index: 4,
      end_index: 6,
    })
    expect(body.results.map((one: any) => one.username)).toEqual(['bob', 'carol', 'dave'])
    expect(await namesIn('/core/users/?page_size=3&page=last')).toEqual(['svc', 'viewer'])
    expect(await namesIn('/core/users/?page_size=nope')).toEqual(EVERYBODY)
  })

  it.each(['0', '4', 'nope', ''])('has no page %j', async (page) => {
    expect(await api(`/core/users/?page_size=3&page=${page}`)).toMatchObject({
      status: 404,
      body: { detail: 'Invalid page.' },
    })
  })

  it('counts what is left after the filters', async () => {
    const { body } = await api('/core/users/?groups_by_name=developers&page_size=1')
    expect(body.pagination).toEqual({
      next: 2,
      previous: 0,
      count: 2,
      current: 1,
      total_pages: 2,
      start_index: 1,
      end_index: 1,
    })
    expect((await api('/core/users/?username=nope')).body.pagination).toEqual({
      next: 0,
      previous: 0,
      count: 0,
      current: 1,
      total_pages: 1,
      start_index: 0,
      end_index: 0,
    })
  })
})

describe('users looked for by their attributes', () => {
  const world = worldWith((all) => {
    user(all, 'alice').attributes = {
      department: 'R&D',
      settings: { locale: 'en' },
      floor: 3,
      tags: ['a', 'b'],
      on: true,
      nothing: null,
      room: 3,
    }
    user(all, 'bob').attributes = { department: 'Sales', floor: 12, badge: { colour: { name: 'Dark Red' } }, tags: [] }
    user(all, 'dave').attributes = { room: '3' }
  })
  const of = observed({ world })
  const found = (json: string) => namesIn(`/core/users/?${query('attributes', json)}`, { of })

  it.each([
    ['a text, in just these letters', { department: 'R&D' }, ['alice']],
    ['a text in other letters: nobody', { department: 'r&d' }, []],
    ['several, all of which must be so', { department: 'R&D', floor: 3 }, ['alice']],
    ['several, one of which is not so', { department: 'R&D', floor: 4 }, []],
    ['one that nobody has', { nope: 1 }, []],
    ['none: everybody', {}, EVERYBODY],
    ['a number', { room: 3 }, ['alice']],
    ['a text of digits, which is no number', { room: '3' }, ['dave']],
    ['true', { on: true }, ['alice']],
    ['1, which is not true', { on: 1 }, []],
    ['null', { nothing: null }, ['alice']],
    ['null where there is nothing: nobody', { nope: null }, []],
    ['an object', { settings: { locale: 'en' } }, ['alice']],
    ['a list', { tags: ['a', 'b'] }, ['alice']],
    ['a list in another order: nobody', { tags: ['b', 'a'] }, []],
    ['an empty list', { tags: [] }, ['bob']],
    ['a key below a key', { settings__locale: 'en' }, ['alice']],
    ['a key far below', { badge__colour__name: 'Dark Red' }, ['bob']],
    ['a place in a list', { tags__0: 'a' }, ['alice']],
  ])('by %s', async (_, attributes, names) => {
    expect(await found(JSON.stringify(attributes))).toEqual(names)
  })

  it.each([
    ['exact', { department__exact: 'Sales' }, ['bob']],
    ['iexact', { department__iexact: 'r&d' }, ['alice']],
    ['icontains', { department__icontains: 'D' }, ['alice']],
    ['icontains', { badge__colour__name__icontains: 'k r' }, ['bob']],
    ['icontains', { floor__icontains: 1 }, ['bob']],
    ['startswith', { department__startswith: 'S' }, ['bob']],
    ['startswith', { department__startswith: 's' }, []],
    ['istartswith', { department__istartswith: 's' }, ['bob']],
    ['endswith', { department__endswith: 'D' }, ['alice']],
    ['endswith', { department__endswith: 'd' }, []],
    ['iendswith', { department__iendswith: 'd' }, ['alice']],
    ['in', { floor__in: [3, 5] }, ['alice']],
    ['in', { room__in: ['3'] }, ['dave']],
    ['gt', { floor__gt: 3 }, ['bob']],
    ['gte', { floor__gte: 3 }, ['alice', 'bob']],
    ['lt', { floor__lt: 12 }, ['alice']],
    ['lte', { floor__lte: 12 }, ['alice', 'bob']],
    ['gt', { department__gt: 'S' }, ['bob']],
    ['isnull', { floor__isnull: false }, ['alice', 'bob']],
    ['isnull', { floor__isnull: true }, EVERYBODY.filter((name) => name !== 'alice' && name !== 'bob')],
    ['isnull', { nothing__isnull: true }, EVERYBODY.filter((name) => name !== 'alice')],
  ])('by Django’s lookup %s: %j', async (_, attributes, names) => {
    expect(await found(JSON.stringify(attributes))).toEqual(names)
  })

  it('are found by JSON with spaces around it, and are everybody for none', async () => {
    expect(await found('  {"floor": 3}\n')).toEqual(['alice'])
    expect(await found('')).toEqual(EVERYBODY)
  })

  it.each(['{', 'nope', '{} x', "{'a': 1}", '{"a": }'])('are refused for what is no JSON: %s', async (json) => {
    expect(await api(`/core/users/?${query('attributes', json)}`)).toMatchObject({
      status: 400,
      body: ['filter: failed to parse JSON'],
    })
  })

  it.each(['[]', '[{"a": 1}]', '5', '"department"', 'true', 'null'])(
    'are refused for JSON that is no object: %s',
    async (json) => {
      expect(await api(`/core/users/?${query('attributes', json)}`)).toMatchObject({
        status: 400,
        body: ['filter: value must be key:value mapping'],
      })
    },
  )

  it('are complained about only when no other filter is wrong', async () => {
    expect(await api('/core/users/?attributes={&uuid=nope')).toMatchObject({
      status: 400,
      body: { uuid: ['Enter a valid UUID.'] },
    })
    expect(await api('/core/groups/?attributes=[]&members_by_pk=nope')).toMatchObject({
      status: 400,
      body: { members_by_pk: ['“nope” is not a valid value.'] },
    })
  })
})

describe('a user', () => {
  it('has their keys in the order in which authentik writes them', async () => {
    const { status, body } = await api('/core/users/7/')
    expect(status).toBe(200)
    expect(JSON.stringify(body)).toBe(JSON.stringify(bodyOf('users.get.alice')))
  })

  it.each(['7', '007', '+7', '%207%20', '%D9%A7'])('is found by what Python reads as their pk: %s', async (id) => {
    expect(await api(`/core/users/${id}/`)).toMatchObject({ status: 200, body: { username: 'alice' } })
  })

  it.each(['999', '0', '-7', 'alice', '0x7', '9999999999999999999999'])('is not found as %s', async (id) => {
    expect(await api(`/core/users/${id}/`)).toMatchObject({ status: 404, body: NOT_FOUND })
  })

  it('is found only when the filters hold for them, too', async () => {
    expect(await api('/core/users/7/?username=alice')).toMatchObject({ status: 200 })
    expect(await api('/core/users/7/?username=bob')).toMatchObject({ status: 404, body: NOT_FOUND })
    expect(await api('/core/users/7/?type=nope')).toMatchObject({ status: 400, body: { type: [notAmong('nope')] } })
  })

  it('has no objects for their groups when they are not asked for', async () => {
    expect(await api('/core/users/7/?include_groups=false')).toMatchObject({
      status: 200,
      body: { groups: [DEVELOPERS], groups_obj: null },
    })
  })

  it.each([
    ['themselves', '7', 'alice'],
    ['another user', '8', 'alice'],
    ['a caller without credentials', '7', undefined],
  ])('is not shown to %s without the permission', async (_, id, as) => {
    expect(await api(`/core/users/${id}/`, { as })).toMatchObject({ status: 403, body: DENIED })
  })

  it('is, as documented, refused for the credentials when they are missing', async () => {
    const of = mock({ world: recordedWorld })
    expect(await api('/core/users/7/', { of, as: undefined })).toMatchObject({ status: 403, body: CREDENTIALS })
  })

  it('without an address has an empty one, or, as documented, none', async () => {
    expect((await api('/core/users/10/')).body.email).toBe('')
    expect((await api('/core/users/10/', { of: mock({ world: recordedWorld }) })).body).not.toHaveProperty('email')
  })
})

describe('users/me', () => {
  it('is what was recorded', async () => {
    const { status, body } = await api('/core/users/me/')
    const { system_permissions: permissions, ...me } = body.user
    const { system_permissions: theirs, ...them } = bodyOf('users.me.akadmin').user
    expect(status).toBe(200)
    expect(JSON.stringify(me)).toBe(JSON.stringify(them))
    expect(permissions.toSorted()).toEqual(theirs.toSorted())
    expect(body).not.toHaveProperty('original')
  })

  it.each(['akadmin', 'alice', 'svc', 'dave'])('is answered to %s, who needs no permission for it', async (as) => {
    expect(await api('/core/users/me/', { as })).toMatchObject({ status: 200, body: { user: { username: as } } })
  })

  it('is refused without credentials, and to a user who is not active', async () => {
    expect(await api('/core/users/me/', { as: undefined })).toMatchObject({ status: 403, body: CREDENTIALS })
    expect(await api('/core/users/me/', { as: 'carol' })).toMatchObject({
      status: 403,
      body: { detail: 'Token invalid/expired' },
    })
  })

  it('names the groups that a user is in and all above those, in the order of their names', async () => {
    const world = worldWith((all) => {
      group(all, 'staff').parent = '00000000-0000-4000-8000-00000000000a'
      all.groups.push(
        { pk: '00000000-0000-4000-8000-00000000000a', name: 'company' },
        { pk: '00000000-0000-4000-8000-00000000000b', name: 'zebras', parent: STAFF },
      )
      user(all, 'alice').groups = ['00000000-0000-4000-8000-00000000000b', DEVELOPERS]
    })
    const { body } = await api('/core/users/me/', { as: 'alice', of: observed({ world }) })
    expect(body.user.groups).toEqual([
      { name: 'company', pk: '00000000-0000-4000-8000-00000000000a' },
      { name: 'developers', pk: DEVELOPERS },
      { name: 'staff', pk: STAFF },
      { name: 'zebras', pk: '00000000-0000-4000-8000-00000000000b' },
    ])
  })

  it('says superuser of who is one through a group above theirs', async () => {
    const of = observed({ world: worldWith((all) => void (group(all, 'staff').is_superuser = true)) })
    expect((await api('/core/users/me/', { as: 'alice', of })).body.user.is_superuser).toBe(true)
    expect((await api('/core/users/me/', { as: 'dave', of })).body.user.is_superuser).toBe(false)
  })

  it('puts settings together: of each group by name, then the user’s own over those; objects are merged and lists joined', async () => {
    const world = worldWith((all) => {
      group(all, 'developers').attributes = {
        settings: { theme: { base: 'dark', accent: 'red' }, locale: 'de', apps: ['editor'] },
        other: 1,
      }
      group(all, 'staff').attributes = { settings: { theme: { accent: 'blue' }, locale: 'fr', apps: ['mail'] } }
      user(all, 'alice').attributes = { settings: { locale: 'en', apps: ['chat'], own: true }, other: 2 }
    })
    const { body } = await api('/core/users/me/', { as: 'alice', of: observed({ world }) })
    expect(body.user.settings).toEqual({
      theme: { base: 'dark', accent: 'blue' },
      locale: 'en',
      apps: ['editor', 'mail', 'chat'],
      own: true,
    })
  })

  it('has empty settings for who has none', async () => {
    expect((await api('/core/users/me/', { as: 'bob' })).body.user.settings).toEqual({})
  })

  it('names the permissions on authentik itself that were given, and no others', async () => {
    const world = worldWith(
      (all) => (all.permissions = { alice: ['view_user', 'access_admin_interface', 'view_role'] }),
    )
    const of = observed({ world })
    const { body } = await api('/core/users/me/', { as: 'alice', of })
    expect(body.user.system_permissions.toSorted()).toEqual(['access_admin_interface', 'view_role'])
    expect((await api('/core/users/me/', { as: 'bob', of })).body.user.system_permissions).toEqual([])
  })
})

describe('users/paths', () => {
  it('is every path once, in order', async () => {
    expect(await api('/core/users/paths/')).toMatchObject({ status: 200, body: bodyOf('users.paths') })
    expect((await api('/core/users/paths/', { as: 'viewer' })).body).toEqual({
      paths: ['goauthentik.io/outposts', 'goauthentik.io/service-accounts', 'users', 'users/team'],
    })
  })

  it.each([
    ['search=bob', ['users/team']],
    ['search=example', ['goauthentik.io/service-accounts', 'users', 'users/team']],
    ['path_startswith=goauthentik.io/', ['goauthentik.io/outposts', 'goauthentik.io/service-accounts']],
    ['type=external', ['users']],
    ['username=nope', []],
  ])('is that of the users who are left by %s', async (asked, paths) => {
    expect((await api(`/core/users/paths/?${asked}`)).body).toEqual({ paths })
  })

  it('is refused like the list', async () => {
    expect(await api('/core/users/paths/', { as: 'alice' })).toMatchObject({ status: 403, body: DENIED })
    expect(await api('/core/users/paths/', { as: undefined })).toMatchObject({ status: 403, body: CREDENTIALS })
  })
})

describe('what uses a user', () => {
  it('is, for who may view those alone, their codes and the groups that they are in', async () => {
    const codes = recordedWorld.authorization_codes.filter((row: any) => row.user === 8)
    expect(await api('/core/users/8/used_by/', { as: 'viewer' })).toMatchObject({
      status: 200,
      body: [
        {
          app: 'authentik_core',
          model_name: 'group',
          pk: DEVELOPERS,
          name: 'Group developers',
          action: 'cascade_many',
        },
        ...codes.map(({ pk, provider }: any) => ({
          app: 'authentik_providers_oauth2',
          model_name: 'authorizationcode',
          pk: String(pk),
          name: `Authorization code for ${provider} for user 8`,
          action: 'cascade',
        })),
      ],
    })
  })

  it('is, for a superuser, also what was granted to them', async () => {
    const { body } = await api('/core/users/8/used_by/')
    const token = (kind: string, pk: string) => ({
      app: 'authentik_providers_oauth2',
      model_name: kind,
      pk,
      action: 'cascade',
    })
    expect(body).toEqual(
      expect.arrayContaining([
        { ...token('accesstoken', '6'), name: 'Access Token for 1 for user 8' },
        { ...token('refreshtoken', '4'), name: 'Refresh Token for 1 for user 8' },
      ]),
    )
  })

  it('is not told to who may not view users, nor of who is not there', async () => {
    expect(await api('/core/users/8/used_by/', { as: 'bob' })).toMatchObject({ status: 403, body: DENIED })
    expect(await api('/core/users/8/used_by/', { as: undefined })).toMatchObject({ status: 403, body: DENIED })
    expect(await api('/core/users/999/used_by/')).toMatchObject({ status: 404, body: NOT_FOUND })
  })
})

/** authentik gives the members of a group in no order. */
const inOrder = (one: any) => ({
  ...one,
  users: one.users.toSorted(),
  users_obj: one.users_obj?.toSorted((a: any, b: any) => a.pk - b.pk) ?? null,
})

describe('the list of groups', () => {
  const GROUPS = ['authentik Admins', 'authentik Read-only', 'developers', 'staff']

  it('has them by name, with their members', async () => {
    const { status, body } = await api('/core/groups/')
    expect(status).toBe(200)
    expect(body.results.map(inOrder)).toEqual(bodyOf('groups.list').results.map(inOrder))
    expect(await namesIn('/core/groups/', { as: 'viewer' })).toEqual(GROUPS)
  })

  it.each([
    ['a user without the permission', 'alice', DENIED],
    ['a caller without credentials', undefined, CREDENTIALS],
  ])('is refused to %s', async (_, as, body) => {
    expect(await api('/core/groups/?members_by_pk=nope', { as })).toMatchObject({ status: 403, body })
  })

  it.each([
    ['?include_users=true', true],
    ['?include_users=True', true],
    ['?include_users=false', false],
    ['?include_users=0', false],
    ['?include_users=', false],
  ])('asked for with "%s" has the members as objects: %s; their pks it always has', async (asked, included) => {
    for (const { users, users_obj } of (await api(`/core/groups/${asked}`)).body.results) {
      expect(users_obj === null ? null : users_obj.map((one: any) => one.pk)).toEqual(included ? users : null)
    }
    expect((await api(`/core/groups/${asked}`)).body.results[2].users.toSorted()).toEqual([7, 8])
  })

  it.each([
    ['name', 'staff', ['staff']],
    ['name', 'Staff', []],
    ['name', '', GROUPS],
    ['is_superuser', 'true', ['authentik Admins']],
    ['is_superuser', '2', ['authentik Admins']],
    ['is_superuser', 'False', GROUPS.slice(1)],
    ['is_superuser', '1', GROUPS],
    ['is_superuser', 'garbage', GROUPS],
    ['members_by_pk', '7', ['developers']],
    ['members_by_pk', ['7', '6'], ['authentik Admins', 'developers']],
    ['members_by_pk', '9', []],
    ['members_by_username', 'alice', ['developers']],
    ['members_by_username', ['alice', 'akadmin'], ['authentik Admins', 'developers']],
    ['members_by_username', 'carol', []],
    ['attributes', '{"floor": 3}', ['staff']],
    ['attributes', '{"floor__gt": 3}', []],
    ['attributes', '{"notes__icontains": "READ-ONLY"}', ['authentik Read-only']],
    ['search', 'STAFF', ['staff']],
    ['search', 'authentik', ['authentik Admins', 'authentik Read-only']],
    ['search', 'true', ['authentik Admins']],
    ['search', 'authentik false', ['authentik Read-only']],
    ['ordering', '-name', GROUPS.toReversed()],
    ['ordering', '-is_superuser,-name', ['authentik Admins', 'staff', 'developers', 'authentik Read-only']],
    ['ordering', 'parent,-name', ['developers', 'staff', 'authentik Read-only', 'authentik Admins']],
    ['ordering', 'nope', GROUPS],
  ])('asked for by %s=%j has %j', async (name, values, found) => {
    expect(await namesIn(`/core/groups/?${query(name, values)}`)).toEqual(found)
  })

  it.each([
    ['members_by_pk', 'nope', '“nope” is not a valid value.'],
    ['members_by_pk', '', '“” is not a valid value.'],
    ['members_by_pk', '999', notAmong('999')],
    ['members_by_pk', '07', notAmong('07')],
    ['members_by_pk', ['7', 'nope'], '“nope” is not a valid value.'],
    ['members_by_username', 'nope', notAmong('nope')],
    ['members_by_username', 'Alice', notAmong('Alice')],
    ['members_by_username', '', notAmong('')],
    ['name', '\0', 'Null characters are not allowed.'],
  ])('refuses %s=%j: %s', async (name, values, message) => {
    expect(await api(`/core/groups/?${query(name, values)}`)).toMatchObject({
      status: 400,
      body: { [name]: [message] },
    })
  })

  it('tells of two wrong filters at once', async () => {
    expect((await api('/core/groups/?members_by_username=nope&members_by_pk=nope')).body).toEqual({
      members_by_pk: ['“nope” is not a valid value.'],
      members_by_username: [notAmong('nope')],
    })
  })

  it.each(['{', '[]'])('refuses attributes=%s as that of users does', async (json) => {
    expect((await api(`/core/groups/?${query('attributes', json)}`)).body).toEqual(
      (await api(`/core/users/?${query('attributes', json)}`)).body,
    )
  })
})

describe('a group', () => {
  it.each([
    DEVELOPERS,
    DEVELOPERS.toUpperCase(),
    DEVELOPERS.replaceAll('-', ''),
    `%7B${DEVELOPERS}%7D`,
    `urn:uuid:${DEVELOPERS}`,
  ])('is found by any form of its uuid: %s', async (uuid) => {
    const { status, body } = await api(`/core/groups/${uuid}/`)
    expect([status, inOrder(body)]).toEqual([200, inOrder(bodyOf('groups.get'))])
  })

  it.each(['nope', NOBODYS, '7', DEVELOPERS.slice(1), 'developers'])('is not found as %s', async (uuid) => {
    expect(await api(`/core/groups/${uuid}/`)).toMatchObject({ status: 404, body: NOT_FOUND })
  })

  it('is found only when the filters hold for it, too', async () => {
    expect(await api(`/core/groups/${DEVELOPERS}/?members_by_username=alice`)).toMatchObject({ status: 200 })
    expect(await api(`/core/groups/${DEVELOPERS}/?is_superuser=true`)).toMatchObject({ status: 404, body: NOT_FOUND })
  })

  it('has no objects for its members when they are not asked for', async () => {
    const { body } = await api(`/core/groups/${DEVELOPERS}/?include_users=false`)
    expect([body.users.toSorted(), body.users_obj]).toEqual([[7, 8], null])
  })

  it('is shown to who may view groups, and not to its own members', async () => {
    expect(await api(`/core/groups/${DEVELOPERS}/`, { as: 'viewer' })).toMatchObject({ status: 200 })
    expect(await api(`/core/groups/${DEVELOPERS}/`, { as: 'alice' })).toMatchObject({ status: 403, body: DENIED })
    expect(await api(`/core/groups/${DEVELOPERS}/`, { as: undefined })).toMatchObject({ status: 403, body: DENIED })
  })
})

describe('the list of applications', () => {
  const ALL = ['Demo App', 'Orphan App', 'SPA App']

  it('is what was recorded, for every user: nothing forbids anyone to start one', async () => {
    const { status, text } = await api('/core/applications/')
    expect([status, text]).toEqual([200, JSON.stringify(bodyOf('apps.list'))])
    expect(await namesIn('/core/applications/', { as: 'alice' })).toEqual(ALL)
  })

  it('is refused without credentials', async () => {
    expect(await api('/core/applications/', { as: undefined })).toMatchObject({ status: 403, body: CREDENTIALS })
  })

  const world = worldWith((all) => {
    Object.assign(all.applications[0], {
      meta_description: 'Shows things',
      meta_publisher: 'Us',
      group: 'Tools',
      policy_engine_mode: 'all',
    })
    Object.assign(all.applications[1], { open_in_new_tab: true })
  })

  it.each([
    ['name', 'Demo App', ['Demo App']],
    ['name', 'demo app', []],
    ['slug', 'orphan', ['Orphan App']],
    ['slug', 'nope', []],
    ['meta_launch_url', 'https://app.example.com', ['Demo App']],
    ['meta_description', 'Shows things', ['Demo App']],
    ['meta_publisher', 'Us', ['Demo App']],
    ['group', 'Tools', ['Demo App']],
    ['group', 'tools', []],
    ['group', '', ALL],
    ['provider', '2', ALL],
    ['search', 'app DEMO', ['Demo App']],
    ['search', 'tools', ['Demo App']],
    ['search', 'us things', ['Demo App']],
    ['search', 'orph', ['Orphan App']],
    ['search', 'zzz', []],
    ['ordering', '-name', ALL.toReversed()],
    ['ordering', '-slug', ['SPA App', 'Orphan App', 'Demo App']],
    ['ordering', 'provider', ['Demo App', 'SPA App', 'Orphan App']],
    ['ordering', '-provider', ['Orphan App', 'SPA App', 'Demo App']],
    ['ordering', '-open_in_new_tab,name', ['Orphan App', 'Demo App', 'SPA App']],
    ['ordering', 'policy_engine_mode', ['Demo App', 'Orphan App', 'SPA App']],
    ['ordering', '-group,name', ['Demo App', 'Orphan App', 'SPA App']],
    ['ordering', 'nope,launch_url', ALL],
  ])('asked for by %s=%j has %j', async (name, value, found) => {
    expect(await namesIn(`/core/applications/?${query(name, value)}`, { of: observed({ world }) })).toEqual(found)
  })

  it.each(['true', 'True', 'TRUE'])(
    'with only_with_launch_url=%s leaves out what leads nowhere, after it was counted',
    async (value) => {
      const { body } = await api(`/core/applications/?only_with_launch_url=${value}`, { as: 'alice' })
      expect(body.results.map((one: any) => one.slug)).toEqual(['demo', 'spa'])
      expect(body.pagination).toMatchObject({ count: 3, start_index: 1, end_index: 3 })
    },
  )

  it.each(['false', '1', '', 'garbage'])('with only_with_launch_url=%s is whole', async (value) => {
    expect(await namesIn(`/core/applications/?only_with_launch_url=${value}`)).toEqual(ALL)
  })

  it('is whole for a superuser who asks for the full list, whatever else they ask for', async () => {
    expect(await namesIn('/core/applications/?superuser_full_list=true&only_with_launch_url=true')).toEqual(ALL)
    expect(await namesIn('/core/applications/?superuser_full_list=true&for_user=nope')).toEqual(ALL)
    expect(
      await namesIn('/core/applications/?superuser_full_list=true&only_with_launch_url=true', { as: 'alice' }),
    ).toEqual(['Demo App', 'SPA App'])
  })

  it('is told for another user to who may ask for that', async () => {
    expect(await namesIn('/core/applications/?for_user=7')).toEqual(ALL)
    const of = observed({ world: worldWith((all) => (all.permissions = { alice: ['view_user_applications'] })) })
    expect(await namesIn('/core/applications/?for_user=8', { as: 'alice', of })).toEqual(ALL)
  })

  it.each([
    ['999', 'akadmin', { for_user: 'User not found' }],
    ['7', 'alice', { for_user: 'User not found' }],
    ['7', 'viewer', { for_user: 'User not found' }],
    ['-1', 'akadmin', { for_user: 'User not found' }],
    ['nope', 'akadmin', ['Invalid input.']],
    ['', 'akadmin', ['Invalid input.']],
    ['1.5', 'akadmin', ['Invalid input.']],
    ['nope', 'alice', ['Invalid input.']],
  ])('with for_user=%s is refused to %s: %j', async (value, as, body) => {
    expect(await api(`/core/applications/?for_user=${value}`, { as })).toMatchObject({ status: 400, body })
  })

  it('refuses a page that is not there before a user who is not there', async () => {
    expect(await api('/core/applications/?for_user=999&page=2')).toMatchObject({
      status: 404,
      body: { detail: 'Invalid page.' },
    })
  })
})

describe('the launch URL of an application', () => {
  const launched = async (
    change: { meta_launch_url?: string; redirect_uris?: string; provider?: null },
    as: string,
  ) => {
    const world = worldWith((all) => {
      const { redirect_uris: uris, ...rest } = change
      Object.assign(all.applications[0], { meta_launch_url: '', ...rest })
      if (uris !== undefined) all.providers[0].redirect_uris = uris
    })
    return (await api('/core/applications/?slug=demo', { as, of: observed({ world }) })).body.results[0].launch_url
  }

  it.each([
    [
      'its meta_launch_url',
      { meta_launch_url: 'https://start.example.com/here?a=b' },
      'https://start.example.com/here?a=b',
    ],
    ['without one, the first redirect URI of its provider without the path', {}, 'https://app.example.com'],
    ['the port, too', { redirect_uris: 'http://localhost:8080/a/b/c' }, 'http://localhost:8080'],
    ['the query, too', { redirect_uris: 'https://a.example.com/callback?x=1' }, 'https://a.example.com?x=1'],
    ['nothing when the provider has no redirect URI', { redirect_uris: '' }, null],
    ['nothing without a provider', { provider: null }, null],
  ])('is %s', async (_, change, url) => {
    expect(await launched(change, 'akadmin')).toBe(url)
  })

  it.each([
    ['https://%(username)s.example.com/', 'alice', 'https://alice.example.com/'],
    ['https://%(username)s.example.com/', 'bob', 'https://bob.example.com/'],
    [
      'https://app.example.com/%(path)s?mail=%(email)s',
      'bob',
      'https://app.example.com/users/team?mail=bob@example.com',
    ],
    ['https://app.example.com/%(name)s', 'alice', 'https://app.example.com/Alice Example'],
    ['https://app.example.com/%(uuid)s', 'alice', `https://app.example.com/${ALICE}`],
    ['https://app.example.com/%(id)s', 'alice', 'https://app.example.com/7'],
    ['https://app.example.com/%(nope)s/%(username)s', 'alice', 'https://app.example.com/%(nope)s/%(username)s'],
    ['https://app.example.com/100%/%(username)s', 'alice', 'https://app.example.com/100%/%(username)s'],
  ])('%s is, for %s, %s', async (meta, as, url) => {
    expect(await launched({ meta_launch_url: meta }, as)).toBe(url)
  })
})

describe('an application', () => {
  it('is found by its slug, with its provider', async () => {
    const { status, text } = await api('/core/applications/demo/')
    expect([status, text]).toEqual([200, JSON.stringify(bodyOf('apps.get'))])
  })

  it('without a provider has null for it', async () => {
    expect(await api('/core/applications/orphan/')).toMatchObject({
      status: 200,
      body: { provider: null, provider_obj: null, launch_url: null },
    })
  })

  it.each(['nope', 'DEMO', 'a16d841c-6108-4ebd-8ba4-4bd0495ebcb0', '1'])('is not found as %s', async (slug) => {
    expect(await api(`/core/applications/${slug}/`)).toMatchObject({ status: 404, body: NOT_FOUND })
  })

  it('is shown to who may view applications, which listing them does not need', async () => {
    const of = observed({ world: worldWith((all) => (all.permissions = { alice: ['view_application'] })) })
    expect(await api('/core/applications/demo/', { as: 'alice', of })).toMatchObject({
      status: 200,
      body: { slug: 'demo' },
    })
    expect(await api('/core/applications/demo/', { as: 'bob', of })).toMatchObject({ status: 403, body: DENIED })
    expect(await api('/core/applications/demo/', { as: undefined, of })).toMatchObject({ status: 403, body: DENIED })
  })

  it('is found only when the filters hold for it, too', async () => {
    expect(await api('/core/applications/demo/?name=Demo+App')).toMatchObject({ status: 200 })
    expect(await api('/core/applications/demo/?name=nope')).toMatchObject({ status: 404, body: NOT_FOUND })
  })
})

describe('the list of API tokens', () => {
  const THEIRS = ['seed-alice', 'seed-apppw', 'seed-expired', 'seed-recovery']
  const ALL = [
    'seed-akadmin',
    'seed-alice',
    'seed-apppw',
    'seed-bob',
    'seed-carol',
    'seed-dave',
    'seed-expired',
    'seed-recovery',
    'seed-svc',
    'seed-viewer',
  ]

  it('is all of them for a superuser, and their own for anyone else', async () => {
    expect(await namesIn('/core/tokens/')).toEqual(ALL)
    expect(await namesIn('/core/tokens/', { as: 'alice' })).toEqual(THEIRS)
    expect(await namesIn('/core/tokens/', { as: 'bob' })).toEqual(['seed-bob'])
  })

  it('is no longer for a user who may view tokens', async () => {
    const of = observed({ world: worldWith((all) => (all.permissions = { bob: ['view_token', 'view_token_key'] })) })
    expect(await namesIn('/core/tokens/', { as: 'bob', of })).toEqual(['seed-bob'])
  })

  it('is refused without credentials', async () => {
    expect(await api('/core/tokens/', { as: undefined })).toMatchObject({ status: 403, body: CREDENTIALS })
  })

  it('never shows a key', async () => {
    const { text, body } = await api('/core/tokens/')
    expect(text).not.toContain('seed-token-')
    for (const token of body.results) {
      expect(Object.keys(token)).toEqual([
        'pk',
        'managed',
        'identifier',
        'intent',
        'user',
        'user_obj',
        'description',
        'expires',
        'expiring',
      ])
    }
  })

  it('has each with its user, and when it expires', async () => {
    const { body } = await api('/core/tokens/?identifier=seed-expired')
    expect(body.results).toEqual([
      {
        pk: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
        managed: null,
        identifier: 'seed-expired',
        intent: 'api',
        user: 7,
        user_obj: bodyOf('users.get.alice'),
        description: '',
        expires: '2020-01-01T00:00:00Z',
        expiring: true,
      },
    ])
  })

  it('forgets a token that was used after it expired', async () => {
    const of = observed()
    expect(await api('/core/tokens/', { as: 'expired', of })).toMatchObject({
      status: 403,
      body: { detail: 'Token invalid/expired' },
    })
    expect(await namesIn('/core/tokens/', { of })).toEqual(ALL.filter((name) => name !== 'seed-expired'))
  })

  const world = worldWith((all) => {
    const token = (identifier: string) => all.api_tokens.find((one: any) => one.identifier === identifier)
    Object.assign(token('seed-svc'), { description: 'Nightly Job', managed: 'goauthentik.io/outpost/1' })
    Object.assign(token('seed-dave'), {
      expiring: true,
      expires: '2030-01-01T00:00:00Z',
      pk: '00000000-0000-4000-8000-000000000001',
    })
  })
  const of = observed({ world })

  it.each([
    ['identifier', 'seed-bob', ['seed-bob']],
    ['identifier', 'bob', []],
    ['intent', 'app_password', ['seed-apppw']],
    ['intent', 'verification', []],
    ['intent', '', ALL],
    ['user__username', 'alice', THEIRS],
    ['user__username', 'nope', []],
    ['description', 'Nightly Job', ['seed-svc']],
    ['description', 'nightly job', []],
    ['managed', 'goauthentik.io/outpost/1', ['seed-svc']],
    ['expiring', 'true', ['seed-dave', 'seed-expired']],
    ['expiring', '1', ['seed-dave', 'seed-expired']],
    ['expiring', 'TRUE', ['seed-dave', 'seed-expired']],
    ['expiring', '0', ALL.filter((name) => name !== 'seed-dave' && name !== 'seed-expired')],
    ['expiring', '2', ALL],
    ['expiring', 'garbage', ALL],
    ['expires', '2030-01-01T00:00:00Z', ['seed-dave']],
    ['expires', '2030-01-01T01:30:00+01:30', ['seed-dave']],
    ['expires', '2030-01-01', ['seed-dave']],
    ['expires', '2031-01-01T00:00:00Z', []],
    ['search', 'ALICE', THEIRS],
    ['search', 'recovery', ['seed-recovery']],
    ['search', 'job night', ['seed-svc']],
    ['search', 'app_pass', ['seed-apppw']],
    ['search', 'seed-token', []],
    ['ordering', '-identifier', ALL.toReversed()],
    [
      'ordering',
      '-user,identifier',
      ['seed-viewer', 'seed-svc', 'seed-dave', 'seed-carol', 'seed-bob', ...THEIRS, 'seed-akadmin'],
    ],
    ['ordering', 'nope', ALL],
    ['ordering', 'key', ALL],
  ])('asked for by %s=%j has %j', async (name, value, found) => {
    expect(await namesIn(`/core/tokens/?${query(name, value)}`, { of })).toEqual(found)
  })

  it('puts what never expires last upwards', async () => {
    expect((await namesIn('/core/tokens/?ordering=expires,identifier', { of })).slice(0, 3)).toEqual([
      'seed-expired',
      'seed-dave',
      'seed-akadmin',
    ])
  })

  it.each([
    ['intent', 'nope', notAmong('nope')],
    ['intent', 'API', notAmong('API')],
    ['expires', 'nope', 'Enter a valid date/time.'],
    ['expires', '1577836800', 'Enter a valid date/time.'],
    ['user__username', '\0', 'Null characters are not allowed.'],
  ])('refuses %s=%j: %s', async (name, value, message) => {
    expect(await api(`/core/tokens/?${query(name, value)}`, { of })).toMatchObject({
      status: 400,
      body: { [name]: [message] },
    })
  })

  it('tells of two wrong filters at once', async () => {
    expect((await api('/core/tokens/?intent=nope&expires=nope')).body).toEqual({
      intent: [notAmong('nope')],
      expires: ['Enter a valid date/time.'],
    })
  })

  it('hides another’s token also from a user who asks for it by name', async () => {
    expect(await namesIn('/core/tokens/?identifier=seed-akadmin', { as: 'alice' })).toEqual([])
    expect(await namesIn('/core/tokens/?user__username=akadmin&ordering=-pk', { as: 'alice' })).toEqual([])
  })
})

describe('root/config', () => {
  it.each([
    ['a caller without credentials', undefined] as const,
    ['a user', 'alice'] as const,
    ['a superuser', 'akadmin'] as const,
  ])('tells %s how the server is set up', async (_, as) => {
    const { status, body } = await api('/root/config/', { as })
    expect(status).toBe(200)
    expect(body).toEqual({
      error_reporting: {
        enabled: false,
        sentry_dsn: expect.stringMatching(/^https:\/\//),
        environment: 'customer',
        send_pii: false,
        traces_sample_rate: expect.any(Number),
      },
      capabilities: expect.arrayContaining(['can_impersonate']),
      cache_timeout: 300,
      cache_timeout_flows: 300,
      cache_timeout_policies: 300,
      cache_timeout_reputation: 300,
    })
  })

  it.each([
    ['Bearer nope', 'Token invalid/expired'],
    ['Bearer seed-token-carol', 'Token invalid/expired'],
    ['Bearer seed-token-expired', 'Token invalid/expired'],
    ['Basic YTpi', 'Unsupported authentication type'],
  ])('is public, and yet refused with %s', async (Authorization, detail) => {
    expect(await ask('/api/v3/root/config/', { headers: { Authorization }, of: observed() })).toMatchObject({
      status: 403,
      body: { detail },
    })
  })

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('cannot be changed by %s', async (method) => {
    const { status, body, headers } = await api('/root/config/', { as: undefined, method })
    expect([status, body, headers.get('Allow')]).toEqual([
      405,
      { detail: `Method "${method}" not allowed.` },
      'GET, HEAD, OPTIONS',
    ])
  })
})

describe('admin/version', () => {
  it.each(['akadmin', 'alice', 'svc'])('tells %s which release runs', async (as) => {
    const { status, text } = await api('/admin/version/', { as })
    expect([status, text]).toEqual([200, JSON.stringify(bodyOf('misc.admin/version'))])
  })

  it.each(['2024.8.3', '2024.8.4'])('is %s when the mock is', async (release) => {
    expect((await api('/admin/version/', { of: mock({ world: recordedWorld, release }) })).body.version_current).toBe(
      release,
    )
  })

  it('is refused without credentials', async () => {
    expect(await api('/admin/version/', { as: undefined })).toMatchObject({ status: 403, body: CREDENTIALS })
  })
})

describe('the OpenAPI document that a server hands out', () => {
  const at = (asked: string, headers: Record<string, string> = {}) => ask(`/api/v3/schema/${asked}`, { headers })

  it.each([
    ['', undefined, 'application/vnd.oai.openapi; charset=utf-8'],
    ['', '*/*', 'application/vnd.oai.openapi; charset=utf-8'],
    ['', 'application/vnd.oai.openapi', 'application/vnd.oai.openapi; charset=utf-8'],
    ['', 'application/yaml', 'application/yaml; charset=utf-8'],
    ['', 'application/json', 'application/json; charset=utf-8'],
    ['', 'application/vnd.oai.openapi+json', 'application/vnd.oai.openapi+json; charset=utf-8'],
    ['', 'text/html, application/json', 'application/json; charset=utf-8'],
    ['', 'application/*', 'application/vnd.oai.openapi; charset=utf-8'],
    ['?format=yaml', undefined, 'application/vnd.oai.openapi; charset=utf-8'],
    ['?format=yaml', 'application/yaml', 'application/yaml; charset=utf-8'],
    ['?format=json', undefined, 'application/vnd.oai.openapi+json; charset=utf-8'],
    ['?format=json', '*/*', 'application/vnd.oai.openapi+json; charset=utf-8'],
    ['?format=json', 'application/json', 'application/json; charset=utf-8'],
  ])('asked for with "%s" and Accept %s is %s', async (asked, accept, type) => {
    const { status, headers, text } = await at(asked, accept ? { Accept: accept } : {})
    expect([status, headers.get('Content-Type')]).toEqual([200, type])
    expect((type.includes('json') ? JSON.parse(text) : parse(text)).info.version).toBe('2024.8.4')
  })

  it('says the same in YAML as in JSON', async () => {
    const [yaml, json] = await Promise.all([at(''), at('?format=json')])
    expect(parse(yaml.text)).toEqual(JSON.parse(json.text))
    expect(() => JSON.parse(yaml.text)).toThrow(SyntaxError)
  })

  it('is OpenAPI 3.0.3, with every path that it is asked under', async () => {
    const document = JSON.parse((await at('?format=json')).text)
    expect(document).toMatchObject({ openapi: '3.0.3', info: { title: 'authentik' } })
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/schema/',
        '/root/config/',
        '/core/users/me/',
        '/core/groups/{group_uuid}/',
        '/providers/oauth2/{id}/setup_urls/',
      ]),
    )
    expect(document.paths['/schema/'].get.security).toEqual([{ authentik: [] }, {}])
  })

  it('is the same with credentials and without', async () => {
    expect((await api('/schema/?format=json', { as: 'alice' })).text).toBe((await at('?format=json')).text)
  })

  it.each(['xml', 'html', 'openapi', 'JSON'])('does not come as ?format=%s', async (format) => {
    expect((await at(`?format=${format}`)).status).toBe(404)
  })

  it.each(['text/html', 'application/xml', 'image/*'])('does not come as %s', async (accept) => {
    expect((await at('', { Accept: accept })).status).toBe(406)
  })

  it('does not come at all to a caller who asks for JSON and accepts YAML alone', async () => {
    expect((await at('?format=json', { Accept: 'application/yaml' })).status).toBe(406)
  })

  it('is named for what it is written in, and may be kept for a day', async () => {
    const { headers } = await at('')
    expect(headers.get('Content-Disposition')).toBe('inline; filename="authentik.yaml"')
    expect(headers.get('Cache-Control')).toBe('max-age=86400')
    expect((await at('?format=json')).headers.get('Content-Disposition')).toBe('inline; filename="authentik.json"')
  })
})

describe('outside the API', () => {
  const documented = mock({ world: recordedWorld })

  it.each([
    ['/-/health/live/', 'GET'],
    ['/-/health/ready/', 'GET'],
    ['/-/health/live/', 'HEAD'],
    ['/-/health/ready/', 'HEAD'],
  ])('%s says to %s that the server is well, in both voices', async (path, method) => {
    for (const of of [own, documented]) expect(await ask(path, { method, of })).toMatchObject({ status: 200, text: '' })
  })

  it('/ leads to the login flow, in both voices', async () => {
    for (const of of [own, documented]) {
      const { status, headers, text } = await ask('/', { of })
      expect([status, headers.get('Location'), text]).toEqual([302, '/flows/-/default/authentication/?next=/', ''])
    }
  })
})
