/** The list of users, a user, the caller, the paths of users, and what uses a user. */
import { describe, expect, it } from 'vitest'
import { namesIn, type Row } from '../../support/client.ts'
import {
  adminOf,
  findRow,
  observedAdmin,
  documented,
  recordedBody,
  recordedWorld,
  worldWith,
  DEVELOPERS,
  EVERYBODY,
  OUTPOST,
  STAFF,
  ADMINS,
  ALICE,
  NO_UUID,
  DENIED,
  CREDENTIALS,
  INVALID_TOKEN,
  NOT_FOUND,
  NUL,
  notAmong,
} from '../../support/recordings.ts'

/** This client only reads, so that every test finds the world as it was recorded. */
const reader = observedAdmin()

describe('the list of users', () => {
  it('is ordered by username, for every caller with the permission to view users', async () => {
    expect(await namesIn(reader, '/core/users/')).toEqual(EVERYBODY)
    expect(await namesIn(reader, '/core/users/', { as: 'seed-viewer' })).toEqual(EVERYBODY)
  })

  it.each([
    ['a user without the permission', 'seed-alice', DENIED],
    ['a caller without credentials', null, CREDENTIALS],
  ])('is refused to %s, whatever the filters', async (_, as, json) => {
    expect(await reader.get('/core/users/', { as })).toMatchObject({ status: 403, json })
    expect(await reader.get('/core/users/?type=nope&attributes={', { as })).toMatchObject({ status: 403, json })
  })
})

describe('the list of users, filtered,', () => {
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
    ['uuid', NO_UUID, []],
    ['uuid', '', EVERYBODY],
    ['last_login', 'nope', EVERYBODY],
  ])('with %s=%j has %j', async (name, values, names) => {
    expect(await namesIn(reader, '/core/users/', { query: { [name]: values } })).toEqual(names)
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
  ])('reads is_active=%s like the select box of a form: %s', async (value, state) => {
    const names = { active: EVERYBODY.filter((name) => name !== 'carol'), inactive: ['carol'], all: EVERYBODY }[state]
    expect(await namesIn(reader, `/core/users/?is_active=${value}`)).toEqual(names)
  })

  it('uses the last of two values of is_active', async () => {
    expect(await namesIn(reader, '/core/users/?is_active=true&is_active=false')).toEqual(['carol'])
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
    'looks for is_superuser=%s in the groups of a user, so that users without a group have neither value: %j',
    async (value, names) => {
      expect(await namesIn(reader, `/core/users/?is_superuser=${value}`)).toEqual(names)
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
  ])('finds a user by every form of their uuid that Python reads: "%s"', async (uuid) => {
    expect(await namesIn(reader, '/core/users/', { query: { uuid } })).toEqual(['alice'])
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
    ['groups_by_pk', NO_UUID, notAmong(NO_UUID)],
    ['groups_by_pk', DEVELOPERS.toUpperCase(), notAmong(DEVELOPERS.toUpperCase())],
    ['groups_by_pk', DEVELOPERS.replaceAll('-', ''), notAmong(DEVELOPERS.replaceAll('-', ''))],
    ['username', 'a\0', NUL],
    ['email', '\0', NUL],
    ['path_startswith', 'users\0', NUL],
  ])('refuses %s=%j: %s', async (name, values, message) => {
    expect(await reader.get('/core/users/', { query: { [name]: values } })).toMatchObject({
      status: 400,
      json: { [name]: [message] },
    })
  })

  it('names every wrong filter, in authentik’s order of the filters', async () => {
    const { status, json } = await reader.get('/core/users/?uuid=nope&type=nope&groups_by_pk=nope&groups_by_name=nope')
    expect(status).toBe(400)
    expect(Object.entries(json)).toEqual([
      ['groups_by_name', [notAmong('nope')]],
      ['groups_by_pk', ['“nope” is not a valid UUID.']],
      ['type', [notAmong('nope')]],
      ['uuid', ['Enter a valid UUID.']],
    ])
  })

  it('has the users who pass every one of several filters', async () => {
    expect(await namesIn(reader, '/core/users/?groups_by_name=developers&path=users')).toEqual(['alice'])
    expect(await namesIn(reader, '/core/users/?groups_by_name=developers&type=external')).toEqual([])
  })
})

describe('the list of users, searched and ordered,', () => {
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
  ])('searched for %j has the users with each of the words in some field: %j', async (words, names) => {
    expect(await namesIn(reader, '/core/users/', { query: { search: words } })).toEqual(names)
  })

  it('searched for "true" has the active users', async () => {
    expect(await namesIn(reader, '/core/users/?search=true')).toEqual(EVERYBODY.filter((name) => name !== 'carol'))
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
  ])('ordered by %j is %j', async (ordering, names) => {
    expect(await namesIn(reader, '/core/users/', { query: { ordering } })).toEqual(names)
  })

  it('ordered by last_login has users who never logged in at the end, and at the beginning of the reverse order', async () => {
    const world = worldWith((draft) => {
      findRow(draft.users, 'username', 'bob').last_login = '2024-09-01T12:00:00Z'
      findRow(draft.users, 'username', 'alice').last_login = '2024-09-01T12:00:00.000001Z'
    })
    const client = observedAdmin({ world })
    const up = await namesIn(client, '/core/users/?ordering=last_login,username')
    expect(up).toEqual(['bob', 'alice', ...EVERYBODY.filter((name) => name !== 'alice' && name !== 'bob')])
    expect((await namesIn(client, '/core/users/?ordering=-last_login,username')).slice(-2)).toEqual(['alice', 'bob'])
  })

  it.each([
    ['', true],
    ['?include_groups=true', true],
    ['?include_groups=TRUE', true],
    ['?include_groups=false', false],
    ['?include_groups=1', false],
    ['?include_groups=', false],
  ])('with the query "%s" has the groups of a user as objects: %s', async (query, included) => {
    const { json } = await reader.get(`/core/users/${query}`)
    const alice = json.results.find((row: Row) => row.username === 'alice')
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
})

describe('the pages of the list of users', () => {
  it('are divided by page_size', async () => {
    const { json } = await reader.get('/core/users/?page_size=3&page=2')
    expect(json.pagination).toEqual({
      next: 3,
      previous: 1,
      count: 8,
      current: 2,
      total_pages: 3,
      start_index: 4,
      end_index: 6,
    })
    expect(json.results.map((row: Row) => row.username)).toEqual(['bob', 'carol', 'dave'])
    expect(await namesIn(reader, '/core/users/?page_size=3&page=last')).toEqual(['svc', 'viewer'])
    expect(await namesIn(reader, '/core/users/?page_size=nope')).toEqual(EVERYBODY)
  })

  it.each(['0', '4', 'nope', ''])('do not include page %j', async (page) => {
    expect(await reader.get(`/core/users/?page_size=3&page=${page}`)).toMatchObject({
      status: 404,
      json: { detail: 'Invalid page.' },
    })
  })

  it('count the users who pass the filters', async () => {
    const { json } = await reader.get('/core/users/?groups_by_name=developers&page_size=1')
    expect(json.pagination).toEqual({
      next: 2,
      previous: 0,
      count: 2,
      current: 1,
      total_pages: 2,
      start_index: 1,
      end_index: 1,
    })
    expect((await reader.get('/core/users/?username=nope')).json.pagination).toEqual({
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

describe('a user', () => {
  it('has its fields in the order of authentik', async () => {
    const { status, json } = await reader.get('/core/users/7/')
    expect(status).toBe(200)
    expect(JSON.stringify(json)).toBe(JSON.stringify(recordedBody('users.get.alice')))
  })

  it.each(['7', '007', '+7', '%207%20', '%D9%A7'])('is found by what Python reads as their pk: %s', async (id) => {
    expect(await reader.get(`/core/users/${id}/`)).toMatchObject({ status: 200, json: { username: 'alice' } })
  })

  it.each(['999', '0', '-7', 'alice', '0x7', '9999999999999999999999'])('is not found as %s', async (id) => {
    expect(await reader.get(`/core/users/${id}/`)).toMatchObject({ status: 404, json: NOT_FOUND })
  })

  it('is found only when they pass the filters of the list', async () => {
    expect(await reader.get('/core/users/7/?username=alice')).toMatchObject({ status: 200 })
    expect(await reader.get('/core/users/7/?username=bob')).toMatchObject({ status: 404, json: NOT_FOUND })
    expect(await reader.get('/core/users/7/?type=nope')).toMatchObject({
      status: 400,
      json: { type: [notAmong('nope')] },
    })
  })

  it('has no objects for their groups when include_groups is false', async () => {
    expect(await reader.get('/core/users/7/?include_groups=false')).toMatchObject({
      status: 200,
      json: { groups: [DEVELOPERS], groups_obj: null },
    })
  })

  it.each([
    ['themselves', '7', 'seed-alice'],
    ['another user', '8', 'seed-alice'],
    ['a caller without credentials', '7', null],
  ])('is not shown to %s without the permission', async (_, id, as) => {
    expect(await reader.get(`/core/users/${id}/`, { as })).toMatchObject({ status: 403, json: DENIED })
  })

  it('is, as documented, refused to a caller without credentials because these are missing', async () => {
    expect(await adminOf(documented()).get('/core/users/7/', { as: null })).toMatchObject({
      status: 403,
      json: CREDENTIALS,
    })
  })

  it('without an email address has an empty one, or, as documented, none', async () => {
    expect((await reader.get('/core/users/10/')).json.email).toBe('')
    expect((await adminOf(documented()).get('/core/users/10/')).json).not.toHaveProperty('email')
  })
})

describe('users/me', () => {
  it('is the recorded one', async () => {
    const { status, json } = await reader.get('/core/users/me/')
    const { system_permissions: permissions, ...me } = json.user
    const { system_permissions: recordedPermissions, ...recordedMe } = recordedBody('users.me.akadmin').user
    expect(status).toBe(200)
    expect(JSON.stringify(me)).toBe(JSON.stringify(recordedMe))
    expect(permissions.toSorted()).toEqual(recordedPermissions.toSorted())
    expect(json).not.toHaveProperty('original')
  })

  it.each(['akadmin', 'alice', 'svc', 'dave'])(
    'is answered to %s, who needs no permission for it',
    async (username) => {
      expect(await reader.get('/core/users/me/', { as: `seed-${username}` })).toMatchObject({
        status: 200,
        json: { user: { username } },
      })
    },
  )

  it('is refused without credentials, and to a user who is not active', async () => {
    expect(await reader.get('/core/users/me/', { as: null })).toMatchObject({ status: 403, json: CREDENTIALS })
    expect(await reader.get('/core/users/me/', { as: 'seed-carol' })).toMatchObject({
      status: 403,
      json: INVALID_TOKEN,
    })
  })

  it('names the groups of a user and the groups above those, ordered by name', async () => {
    const world = worldWith((draft) => {
      findRow(draft.groups, 'name', 'staff').parent = '00000000-0000-4000-8000-00000000000a'
      draft.groups.push(
        { pk: '00000000-0000-4000-8000-00000000000a', name: 'company' },
        { pk: '00000000-0000-4000-8000-00000000000b', name: 'zebras', parent: STAFF },
      )
      findRow(draft.users, 'username', 'alice').groups = ['00000000-0000-4000-8000-00000000000b', DEVELOPERS]
    })
    const { json } = await observedAdmin({ world }).get('/core/users/me/', { as: 'seed-alice' })
    expect(json.user.groups).toEqual([
      { name: 'company', pk: '00000000-0000-4000-8000-00000000000a' },
      { name: 'developers', pk: DEVELOPERS },
      { name: 'staff', pk: STAFF },
      { name: 'zebras', pk: '00000000-0000-4000-8000-00000000000b' },
    ])
  })

  it('calls a user a superuser who is one through a group above their own', async () => {
    const client = observedAdmin({
      world: worldWith((draft) => void (findRow(draft.groups, 'name', 'staff').is_superuser = true)),
    })
    expect((await client.get('/core/users/me/', { as: 'seed-alice' })).json.user.is_superuser).toBe(true)
    expect((await client.get('/core/users/me/', { as: 'seed-dave' })).json.user.is_superuser).toBe(false)
  })

  it('merges the settings of each group by name and then those of the user, joining their lists', async () => {
    const world = worldWith((draft) => {
      findRow(draft.groups, 'name', 'developers').attributes = {
        settings: { theme: { base: 'dark', accent: 'red' }, locale: 'de', apps: ['editor'] },
        other: 1,
      }
      findRow(draft.groups, 'name', 'staff').attributes = {
        settings: { theme: { accent: 'blue' }, locale: 'fr', apps: ['mail'] },
      }
      findRow(draft.users, 'username', 'alice').attributes = {
        settings: { locale: 'en', apps: ['chat'], own: true },
        other: 2,
      }
    })
    const { json } = await observedAdmin({ world }).get('/core/users/me/', { as: 'seed-alice' })
    expect(json.user.settings).toEqual({
      theme: { base: 'dark', accent: 'blue' },
      locale: 'en',
      apps: ['editor', 'mail', 'chat'],
      own: true,
    })
  })

  it('has empty settings for a user without settings', async () => {
    expect((await reader.get('/core/users/me/', { as: 'seed-bob' })).json.user.settings).toEqual({})
  })

  it('names the permissions on authentik itself that a user was given, and no others', async () => {
    const world = worldWith(
      (draft) => (draft.permissions = { alice: ['view_user', 'access_admin_interface', 'view_role'] }),
    )
    const client = observedAdmin({ world })
    const { json } = await client.get('/core/users/me/', { as: 'seed-alice' })
    expect(json.user.system_permissions.toSorted()).toEqual(['access_admin_interface', 'view_role'])
    expect((await client.get('/core/users/me/', { as: 'seed-bob' })).json.user.system_permissions).toEqual([])
  })
})

describe('users/paths', () => {
  it('has every path of a user once, in order', async () => {
    expect(await reader.get('/core/users/paths/')).toMatchObject({ status: 200, json: recordedBody('users.paths') })
    expect((await reader.get('/core/users/paths/', { as: 'seed-viewer' })).json).toEqual({
      paths: ['goauthentik.io/outposts', 'goauthentik.io/service-accounts', 'users', 'users/team'],
    })
  })

  it.each([
    ['search=bob', ['users/team']],
    ['search=example', ['goauthentik.io/service-accounts', 'users', 'users/team']],
    ['path_startswith=goauthentik.io/', ['goauthentik.io/outposts', 'goauthentik.io/service-accounts']],
    ['type=external', ['users']],
    ['username=nope', []],
  ])('has the paths of the users who pass %s', async (query, paths) => {
    expect((await reader.get(`/core/users/paths/?${query}`)).json).toEqual({ paths })
  })

  it('is refused to the callers to whom the list of users is refused', async () => {
    expect(await reader.get('/core/users/paths/', { as: 'seed-alice' })).toMatchObject({ status: 403, json: DENIED })
    expect(await reader.get('/core/users/paths/', { as: null })).toMatchObject({ status: 403, json: CREDENTIALS })
  })
})

describe('what uses a user', () => {
  it('is their codes and groups, for a caller who may view only those', async () => {
    const codes = recordedWorld.authorization_codes.filter((row: Row) => row.user === 8)
    expect(await reader.get('/core/users/8/used_by/', { as: 'seed-viewer' })).toMatchObject({
      status: 200,
      json: [
        {
          app: 'authentik_core',
          model_name: 'group',
          pk: DEVELOPERS,
          name: 'Group developers',
          action: 'cascade_many',
        },
        ...codes.map(({ pk, provider }: Row) => ({
          app: 'authentik_providers_oauth2',
          model_name: 'authorizationcode',
          pk: String(pk),
          name: `Authorization code for ${provider} for user 8`,
          action: 'cascade',
        })),
      ],
    })
  })

  it('is also the tokens that were granted to them, for a superuser', async () => {
    const { json } = await reader.get('/core/users/8/used_by/')
    const token = (kind: string, pk: string) => ({
      app: 'authentik_providers_oauth2',
      model_name: kind,
      pk,
      action: 'cascade',
    })
    expect(json).toEqual(
      expect.arrayContaining([
        { ...token('accesstoken', '6'), name: 'Access Token for 1 for user 8' },
        { ...token('refreshtoken', '4'), name: 'Refresh Token for 1 for user 8' },
      ]),
    )
  })

  it('is refused without the permission to view users, and not found for an absent user', async () => {
    expect(await reader.get('/core/users/8/used_by/', { as: 'seed-bob' })).toMatchObject({ status: 403, json: DENIED })
    expect(await reader.get('/core/users/8/used_by/', { as: null })).toMatchObject({ status: 403, json: DENIED })
    expect(await reader.get('/core/users/999/used_by/')).toMatchObject({ status: 404, json: NOT_FOUND })
  })
})
