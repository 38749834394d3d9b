/** What a seeded world holds, and which world files are accepted. */
import { describe, expect, it } from 'vitest'
import { mock, MockError, type MockOptions } from '../../src/entries/index.ts'
import { coreOf } from '../../src/mock/mock.ts'
import { keysIn } from '../../src/store/resource.ts'
import { authorizationCodes } from '../../src/authentik/resources/authorization-codes.ts'
import { resources } from '../../src/authentik/resources/index.ts'
import { clientOf, readyMock, rowsOf, worldOf, type Row, type WorldJson } from '../support/client.ts'
import { recordedWorld } from '../support/recordings.ts'
import { isWhole } from '../support/tier.ts'

const NOW = '2024-09-27T14:26:18.306Z'
const GROUP = { pk: '5fd0a2d6-ad46-4341-bd04-c823aab242b6', name: 'staff' }
const CODES = '/oauth2/authorization_codes/'

const startMock = (options: MockOptions = {}) => readyMock({ now: NOW, ...options })
const seedWorld = async (options?: MockOptions) => worldOf(await startMock(options))

/** What a superuser gets for each code. */
async function readCodes(options?: MockOptions): Promise<Row[]> {
  const authentik = await startMock(options)
  const client = clientOf(authentik, { as: 'authentik-bootstrap-token' })
  const codes = rowsOf(authentik, 'authorization_codes').list()
  return Promise.all(codes.map(async ({ pk }) => (await client.get(`${CODES}${pk}/`)).json))
}

describe('a seeded world', () => {
  it('is the same for the same seed, and different for a different seed', async () => {
    expect(await seedWorld({ seed: 7 })).toEqual(await seedWorld({ seed: 7 }))
    expect(await seedWorld({ seed: 8 })).not.toEqual(await seedWorld({ seed: 7 }))
  })

  it('has the same first rows when it has more of them', async () => {
    const [few, many] = await Promise.all([seedWorld({ codes: 5 }), seedWorld({ codes: 50 })])
    expect(many.authorization_codes.slice(0, 5)).toEqual(few.authorization_codes)
    expect({ ...many, authorization_codes: [] }).toEqual({ ...few, authorization_codes: [] })
  })

  it('depends on the time only in the codes about to expire', async () => {
    const [then, now] = await Promise.all([seedWorld({ now: '2030-01-01T00:00:00Z' }), seedWorld()])
    const expiring = now.authorization_codes.filter(
      (row, index) => row.expires !== then.authorization_codes[index]?.expires,
    )
    expect(expiring.map((row: Row) => row.pk)).toEqual([3, 7, 11, 15, 19])
    expect(expiring.every((row: Row) => Date.parse(row.expires) - Date.parse(NOW) < 3 * 60_000)).toBe(true)
    const settled = (world: WorldJson) => ({
      ...world,
      authorization_codes: world.authorization_codes.map((row: Row) =>
        expiring.some(({ pk }) => pk === row.pk) ? { ...row, expires: null } : row,
      ),
    })
    expect(settled(then)).toEqual(settled(now))
  })

  it('has codes that last, are expired, about to expire, without expiry and without scope', async () => {
    const answers = await readCodes()
    expect(answers).toHaveLength(20)
    expect(answers[0]).toMatchObject({ pk: 1, is_expired: false, expires: expect.stringMatching(/^2099-/) })
    expect(answers.filter((code) => code.is_expired).length).toBeGreaterThan(0)
    expect(
      answers.filter((code) => !code.is_expired && code.expires?.startsWith('2024-09-27T14:2')).length,
    ).toBeGreaterThan(0)
    expect(answers.filter((code) => code.expires === null).length).toBeGreaterThan(0)
    expect(answers.filter((code) => code.scope.length === 0).length).toBeGreaterThan(0)
  })

  it.each(isWhole ? Array.from({ length: 50 }, (_, index) => index + 1) : [1, 2, 3])(
    'of seed %i has rows that are, to the order of their keys, what their models make of them',
    async (seed) => {
      const { world } = coreOf(await startMock({ seed, codes: 60 }))
      let count = 0
      for (const { name, model } of resources)
        for (const row of world.tableNamed(name).values()) {
          expect(JSON.stringify(row)).toBe(JSON.stringify(model.parse(structuredClone(row))))
          count++
        }
      expect(count).toBeGreaterThan(100)
    },
  )

  it.each([1, 2, 3, 4, 5])('of seed %i refers only to rows that exist', async (seed) => {
    const authentik = await startMock({ seed, codes: 60 })
    for (const { name, references } of resources)
      for (const [field, target] of Object.entries(references)) {
        const keys = rowsOf(authentik, target)
          .list()
          .map((row) => row['pk'])
        for (const row of rowsOf(authentik, name).list())
          expect(keys).toEqual(expect.arrayContaining(keysIn(row[field])))
      }
  })

  it('has nested groups, and shows each user with their groups', async () => {
    const answers = await readCodes()
    for (const { user } of answers) expect(user.groups).toEqual(user.groups_obj.map((group: Row) => group.pk))
    const { groups } = await seedWorld()
    expect(
      groups.filter((group: Row) => group.parent_name !== null).map((group: Row) => [group.name, group.parent_name]),
    ).toEqual([
      ['engineering', 'staff'],
      ['developers', 'engineering'],
    ])
  })

  it('numbers groups by the first five decimal digits of their uuid, as the recorded groups show', () => {
    expect(mock({ world: recordedWorld }).seed).toBeUndefined()
    expect(() =>
      mock({ world: { ...recordedWorld, groups: recordedWorld.groups.map((group) => ({ ...group, num_pk: 1 })) } }),
    ).toThrow('groups[0].num_pk: is 1, but follows from the other rows as 58889')
  })

  it('shows on a provider the slug of its application', async () => {
    const [{ applications }, answers] = await Promise.all([seedWorld(), readCodes()])
    for (const { provider } of answers)
      expect(provider.assigned_application_slug).toBe(
        applications.find((application) => application.provider === provider.pk)?.slug ?? '',
      )
  })

  it('has identifiers, secrets and instants of the form that authentik gives them', async () => {
    for (const { provider, user, expires } of await readCodes({ seed: 3, codes: 40 })) {
      expect(provider).toMatchObject({
        client_id: expect.stringMatching(/^[A-Za-z0-9]{40}$/),
        client_secret: expect.stringMatching(/^[A-Za-z0-9]{128}$/),
      })
      expect(provider).toMatchObject({
        component: 'ak-provider-oauth2-form',
        meta_model_name: 'authentik_providers_oauth2.oauth2provider',
        verbose_name: 'OAuth2/OpenID Provider',
      })
      expect(user.uid).toMatch(/^[0-9a-f]{64}$/)
      expect(user.avatar).toMatch(/^data:image\/svg\+xml;base64,/)
      expect(expires ?? '2024-01-01T00:00:00.123456Z').toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
      for (const validity of ['access_code_validity', 'access_token_validity', 'refresh_token_validity'])
        expect(provider[validity]).toMatch(/^\w+=\d+(;\w+=\d+)*$/)
    }
    const { api_tokens, authorization_codes } = await seedWorld()
    for (const { key } of api_tokens) expect(key).toMatch(/^[A-Za-z0-9]{60}$/)
    for (const { code } of authorization_codes) expect(code).toMatch(/^[0-9a-f]{32}$/)
  })

  it.each([1, 2, 3])('of seed %i is answered as the schema documents it', async (seed) => {
    for (const answer of await readCodes({ seed, codes: 60 }))
      expect(authorizationCodes.component.parse(answer)).toEqual(answer)
  })

  // The first codes of a world are the same, however many it has.
  it.each([isWhole ? 20_000 : 5000])('has no code twice among %i', async (codes) => {
    const { authorization_codes } = await seedWorld({ codes })
    expect(new Set(authorization_codes.map((row: Row) => row.code)).size).toBe(codes)
  })
})

describe('the clock', () => {
  it('decides whether a code is expired', async () => {
    const authentik = await startMock()
    const client = clientOf(authentik, { as: 'authentik-bootstrap-token' })
    const isExpired = async () => (await client.get(`${CODES}3/`)).json.is_expired
    const expires = Date.parse(rowsOf(authentik, 'authorization_codes').get(3).expires)
    authentik.clock.freeze(expires)
    expect(await isExpired()).toBe(false)
    authentik.clock.move(1)
    expect(await isExpired()).toBe(true)
    authentik.clock.move(-1)
    expect(await isExpired()).toBe(false)
    authentik.clock.freeze('2098-01-01T00:00:00Z')
    expect(await isExpired()).toBe(true)
    await authentik.reset()
    expect([await isExpired(), authentik.clock.now()]).toEqual([false, Date.parse(NOW)])
  })

  it('decides whether an API token is expired', async () => {
    const authentik = await startMock({ now: '2024-09-27T14:25:18.306Z' })
    const client = clientOf(authentik, { as: 'user-api-expired' })
    const status = async () => (await client.get(`${CODES}1/`)).status
    expect(await status()).toBe(200)
    authentik.clock.move(1)
    expect(await status()).toBe(403)
  })

  it('runs with real time until it is frozen', async () => {
    const authentik = mock()
    expect(Math.abs(authentik.clock.now() - Date.now())).toBeLessThan(1000)
    authentik.clock.freeze()
    const instant = authentik.clock.now()
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(authentik.clock.now()).toBe(instant)
    authentik.clock.run()
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(authentik.clock.now()).toBeGreaterThan(instant)
  })
})

describe('a mock', () => {
  it('is fetched from as a server is: by a request, by a URL, by a text with what else is asked', async () => {
    const authentik = await startMock({ token: 'key' })
    const url = `http://localhost/api/v3${CODES}1/`
    const init = { headers: { Authorization: 'Bearer key' } }
    const responses = [new Request(url, init)].map((request) => authentik.fetch(request))
    responses.push(authentik.fetch(url, init), authentik.fetch(new URL(url), { ...init, method: 'HEAD' }))
    expect((await Promise.all(responses)).map(({ status }) => status)).toEqual([200, 200, 200])
  })

  it('undoes every change on reset', async () => {
    const authentik = await startMock()
    const start = JSON.stringify(authentik.world)
    await clientOf(authentik).delete(`${CODES}1/`, { as: 'authentik-bootstrap-token' })
    expect(JSON.stringify(authentik.world)).not.toBe(start)
    await authentik.reset()
    expect(JSON.stringify(authentik.world)).toBe(start)
  })

  it('can be reset before it is ready, and twice at once', async () => {
    const authentik = mock({ now: NOW })
    await Promise.all([authentik.reset(), authentik.reset(), authentik.ready])
    expect(JSON.stringify(authentik.world)).toBe(JSON.stringify((await startMock()).world))
  })

  it('cannot be made with a token that nobody in its world may have', () => {
    const user = { pk: 1, username: 'u' }
    for (const world of [{}, { users: [user] }, { groups: [{ ...GROUP, is_superuser: true }], users: [user] }])
      expect(() => mock({ world, token: 'key' })).toThrow('the world has no active superuser')
  })

  it('shares nothing with another mock in the same process', async () => {
    const [authentik, twin] = [await startMock(), await startMock()]
    await clientOf(authentik).delete(`${CODES}1/`, { as: 'authentik-bootstrap-token' })
    expect([authentik, twin].map((server) => rowsOf(server, 'authorization_codes').has(1))).toEqual([false, true])
  })

  it.each([
    [
      { release: '2024.9.0' },
      'Failed to find the release "2024.9.0". The nearest is 2024.8.6; known are the lines 2024.2, ',
    ],
    [{ release: 2025.1 as never }, 'release is 2025.1, and no text. Write it in quotes.'],
    [{ fidelity: 'honest' as never }, 'there is no fidelity "honest". Give documented or observed.'],
    [{ seed: -1 }, 'seed is -1. Give a whole number'],
    [{ seed: 1.5 }, 'seed is 1.5. Give a whole number'],
    [{ codes: Number.NaN }, 'codes is NaN. Give a whole number'],
    [{ now: 'yesterday' }, '"yesterday" is no instant'],
  ])('refuses %j and says what to give', (options, message) => {
    expect(() => mock(options)).toThrow(message)
  })
})

describe('a world file', () => {
  it('can be made of a seeded world, and gives the same world', async () => {
    const world = await seedWorld()
    expect(await seedWorld({ world })).toEqual(world)
  })

  it('of a running authentik can be loaded, and gives the same rows', async () => {
    const { release: _, recorded_at: __, ...rows } = recordedWorld
    const world = await seedWorld({ world: recordedWorld })
    expect(world).toMatchObject({
      ...rows,
      // What follows from other rows is not kept.
      applications: rows.applications.map(({ backchannel_providers_obj: ___, ...application }: Row) => application),
      groups: rows.groups.map((group: Row) => ({ ...group, users: group.users.toSorted() })),
    })
  })

  it.each<[string, (world: Row) => void, string]>([
    [
      'a value of the wrong type',
      (world) => (world.users[2].pk = 'seven'),
      'users[2].pk: Invalid input: expected number, received string',
    ],
    [
      'a key that is misspelt',
      (world) => (world.authorization_codes[0].expirse = null),
      'authorization_codes[0].expirse: there is no such field; the nearest is expires',
    ],
    [
      'an unknown kind of row',
      (world) => (world.codes = []),
      'codes: there is no such key; the nearest is authorization_codes',
    ],
    [
      'a kind of row of which there are several',
      (world) => (world.tokens = []),
      'tokens: there is no such key; there are access_tokens, refresh_tokens, api_tokens, device_tokens',
    ],
    [
      'a permission with its app before it',
      (world) => (world.assigned_permissions = [{ user: 2, codename: 'authentik_core.view_user' }]),
      'assigned_permissions[0].codename: has its app before it; write codename: view_user and app_label: authentik_core',
    ],
    [
      'a permission of a user with its app before it',
      (world) => (world.permissions = { akadmin: ['authentik_core.view_user'] }),
      'permissions.akadmin[0]: is a codename with its app before it; leave the app out',
    ],
    [
      'a value that is none of those allowed',
      (world) => (world.users[0].type = 'robot'),
      'users[0].type: Invalid option',
    ],
    [
      'a bad date',
      (world) => (world.authorization_codes[1].expires = '2024-13-01T00:00:00Z'),
      'authorization_codes[1].expires: "2024-13-01T00:00:00Z" is no instant. There is no such day.',
    ],
    ['something missing', (world) => delete world.providers[0].name, 'providers[0].name: is missing; give a string'],
    [
      'a reference to nothing',
      (world) => (world.authorization_codes[0].user = 99),
      'authorization_codes[0].user: 99 is no pk in users',
    ],
    [
      'a reference to an absent group above',
      (world) => (world.groups[2].parent = world.users[0].uuid),
      'groups[2].parent: ',
    ],
    [
      'the same key twice',
      (world) => (world.api_tokens[1].key = 'seed-token-akadmin'),
      'api_tokens[1].key: "seed-token-akadmin" is already that of api_tokens[0]',
    ],
    [
      'the same pk twice',
      (world) => (world.users[1].pk = world.users[0].pk),
      'users[1].pk: 2 is already that of users[0]',
    ],
    [
      'a superuser who is in no group of superusers',
      (world) => (world.users[2].is_superuser = true),
      'users[2].is_superuser: is true, but follows from the other rows as false: put them into a group with is_superuser',
    ],
    [
      'a slug that is not that of the application',
      (world) => (world.providers[0].assigned_application_slug = 'other'),
      'providers[0].assigned_application_slug: is "other", but follows from the other rows as "demo"',
    ],
    [
      'members that the users do not confirm',
      (world) => (world.groups[0].users = [7]),
      'groups[0].users: is [7], but follows from the other rows as [6]',
    ],
  ])('with %s is refused, with the path of the value', (_, change, message) => {
    const world = structuredClone(recordedWorld)
    change(world)
    expect(() => mock({ world })).toThrow(MockError)
    expect(() => mock({ world })).toThrow(message)
  })

  it.each<[string, (world: Row) => unknown, string]>([
    [
      'a permission of a user that is misspelt',
      (world) => (world.permissions = { akadmin: ['view_user', 'view_usr'] }),
      'permissions.akadmin[1]: there is no permission view_usr; the nearest is view_user',
    ],
    [
      'a permission of a user with a verb that there is not',
      (world) => (world.permissions = { akadmin: ['veiw_authorizationcode'] }),
      'permissions.akadmin[0]: there is no permission veiw_authorizationcode; the nearest is view_authorizationcode',
    ],
    [
      'a permission that is misspelt',
      (world) => (world.assigned_permissions = [{ user: 2, codename: 'reset_user_pasword' }]),
      'assigned_permissions.get(1).codename: there is no permission reset_user_pasword; the nearest is reset_user_password',
    ],
  ])('with %s is refused when it is loaded, and the one that is there stays', async (_, change, message) => {
    const world = structuredClone(recordedWorld)
    change(world)
    await expect(mock({ world }).ready).rejects.toThrow(message)
    const authentik = await readyMock({ world: recordedWorld })
    const start = worldOf(authentik)
    await expect(authentik.load({ ...authentik.save(), world })).rejects.toThrow(message)
    expect(worldOf(authentik)).toEqual(start)
  })

  it('may omit fields that authentik has a default for', async () => {
    const world = {
      users: [{ pk: 1, username: 'u', uid: 'a'.repeat(64), uuid: 'f8358f6e-0048-4b1c-8e32-ab93faf0c44b' }],
      providers: [{ pk: 1, name: 'p', authorization_flow: 'ff82a319-84ec-47bb-bb2f-f0eba144f1b6', client_id: 'c' }],
      authorization_codes: [{ pk: 1, user: 1, provider: 1, code: 'x', expires: '2099-01-01T00:00:00Z' }],
      api_tokens: [{ identifier: 't', key: 'k', intent: 'api', user: 1, expiring: false }],
    }
    const client = clientOf(mock({ world }), { token: 'k' })
    expect((await client.get(`${CODES}1/`)).json).toMatchObject({
      pk: 1,
      scope: [],
      provider: { access_code_validity: 'minutes=1' },
      user: { is_active: true, type: 'internal', groups_obj: [] },
    })
  })

  it('has its attributes in the order of PostgreSQL, with shorter keys first', async () => {
    const world = structuredClone(recordedWorld)
    for (const user of world.users) user.attributes = { zebra: 1, aa: { long: 1, b: 2 }, b: 3 }
    const { users } = await seedWorld({ world })
    expect(users.length).toBeGreaterThan(2)
    for (const user of users) expect(JSON.stringify(user.attributes)).toBe('{"b":3,"aa":{"b":2,"long":1},"zebra":1}')
  })
})
