/** A world in a few lines: names instead of keys, times from now, and a default for every field. */
import { describe, expect, it } from 'vitest'
import { resources } from '../../src/authentik/resources/index.ts'
import { defineWorld, mock, MockError } from '../../src/entries/index.ts'
import { control } from '../../src/entries/control.ts'
import { clientOf, readyMock, worldOf } from '../support/client.ts'
import { cpuOf, leastOf } from '../support/cost.ts'
import { isWhole } from '../support/tier.ts'

const NOW = '2026-01-01T00:00:00Z'
const SHOP = defineWorld({
  users: [{ username: 'ann', superuser: true }],
  applications: [{ slug: 'shop' }],
  authorization_codes: [{ user: 'ann', application: 'shop', expires: '+5m' }],
})

/** What is wrong with a world. */
async function problemsOf(world: object): Promise<readonly string[]> {
  try {
    await mock({ world }).ready
  } catch (error) {
    if (error instanceof MockError && error.code === 'ERR_WORLD') return error.problems
    throw error
  }
  return []
}

describe('a world in five lines', () => {
  it('is answered as any other: the code of a user at the provider of an application', async () => {
    const client = clientOf(await readyMock({ world: SHOP, token: 'key', now: NOW }), { token: 'key' })
    const { status, json } = await client.get('/oauth2/authorization_codes/1/')
    expect(status).toBe(200)
    expect(json).toMatchObject({ expires: '2026-01-01T00:05:00Z', is_expired: false, scope: ['openid'] })
    expect(json['user']).toMatchObject({ username: 'ann', is_superuser: true, email: 'ann@example.com' })
    expect(json['provider']).toMatchObject({ client_id: 'shop', client_type: 'public' })
    expect(json['provider'].assigned_application_slug).toBe('shop')
  })

  it('has an application that its users can log in at from this machine, with claims and a signed token', async () => {
    const authentik = await readyMock({ world: SHOP, login: 'auto:ann' })
    const redirect = 'http://localhost:5173/'
    const query = `client_id=shop&response_type=code&scope=openid+email&redirect_uri=${encodeURIComponent(redirect)}`
    const { url } = await authentik
      .fetch(`http://localhost/application/o/authorize/?${query}`, { redirect: 'manual' })
      .then((answer) => ({ url: new URL(answer.headers.get('Location') ?? '') }))
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'shop',
      redirect_uri: redirect,
      code: url.searchParams.get('code') ?? '',
    })
    const token = await authentik.fetch('http://localhost/application/o/token/', { method: 'POST', body })
    const { id_token: idToken } = (await token.json()) as { id_token: string }
    const [header = '', claims = ''] = idToken.split('.').map((part) => Buffer.from(part, 'base64url').toString())
    expect(JSON.parse(header)).toMatchObject({ alg: 'RS256' })
    expect(JSON.parse(claims)).toMatchObject({ aud: 'shop', email: 'ann@example.com' })
  })

  it('is the same whenever it is made, and as the whole world that it stands for', async () => {
    const [first, second] = [await readyMock({ world: SHOP, now: NOW }), await readyMock({ world: SHOP, now: NOW })]
    expect(worldOf(first)).toEqual(worldOf(second))
    expect(worldOf(await readyMock({ world: worldOf(first), now: NOW }))).toEqual(worldOf(first))
  })

  it('stands as it was after a reset, and is not changed by the mock', async () => {
    const original = JSON.stringify(SHOP)
    const authentik = await readyMock({ world: SHOP, now: NOW })
    await authentik.world.users.update(1, { is_active: false })
    await authentik.reset()
    expect(authentik.world.users.get(1)?.is_active).toBe(true)
    expect(JSON.stringify(SHOP)).toBe(original)
  })
})

describe('a row', () => {
  it.each(resources.map(({ name }) => name))('of %s may say nothing, and is whole', async (name) => {
    const authentik = await readyMock({ world: { users: [{}], applications: [{}], [name]: [{}] } })
    const rows = worldOf(authentik) as unknown as Record<string, object[]>
    expect(rows[name]?.length).toBeGreaterThan(0)
  })

  it.each([
    ['+5m', '2026-01-01T00:05:00Z'],
    ['-1h30m', '2025-12-31T22:30:00Z'],
    ['+1d', '2026-01-02T00:00:00Z'],
    ['2w', '2026-01-15T00:00:00Z'],
    ['2030-05-05T00:00:00Z', '2030-05-05T00:00:00Z'],
  ])('that expires %s does so at %s', async (expires, instant) => {
    const world = { ...SHOP, authorization_codes: [{ user: 'ann', application: 'shop', expires }] }
    const authentik = await readyMock({ world, now: NOW })
    expect(authentik.world.authorization_codes.get(1)?.expires).toBe(instant)
  })

  it('is named by what people call it: a user by username, a provider by name, client id or application', async () => {
    const world = defineWorld({
      groups: [{ name: 'staff' }, { name: 'night', parent: 'staff' }],
      users: [{ username: 'ann', groups: ['night'] }, { username: 'bob' }],
      certificates: [{ name: 'signing' }],
      providers: [{ name: 'Shop', client_id: 'shop-client', signing_key: 'signing', property_mappings: ['openid'] }],
      scope_mappings: [{ scope_name: 'openid' }],
      applications: [{ slug: 'shop', provider: 'Shop' }],
      authorization_codes: [
        { user: 'ann', provider: 'Shop' },
        { user: 'bob', provider: 'shop-client' },
        { user: 'bob', application: 'shop' },
      ],
      policy_bindings: [{ application: 'shop', group: 'staff' }],
    })
    const authentik = await readyMock({ world })
    const { groups, users, providers, authorization_codes: codes, policy_bindings: bindings } = worldOf(authentik)
    expect(groups[1]?.['parent']).toBe(groups[0]?.['pk'])
    expect(users[0]?.['groups']).toEqual([groups[1]?.['pk']])
    expect(codes.map(({ user, provider }) => [user, provider])).toEqual([
      [1, 1],
      [2, 1],
      [2, 1],
    ])
    expect(providers).toHaveLength(1)
    expect(bindings[0]).toMatchObject({ group: groups[0]?.['pk'], target: worldOf(authentik).applications[0]?.['pk'] })
  })

  it('keeps what it says, null and empty too', async () => {
    const world = defineWorld({
      users: [{ username: 'ann', email: '', name: '' }],
      applications: [{ slug: 'link', provider: null }],
      providers: [{ name: 'Bare', signing_key: null, property_mappings: [], redirect_uris: '' }],
    })
    const { users, applications, providers } = worldOf(await readyMock({ world }))
    expect(users[0]).toMatchObject({ email: '', name: '' })
    expect(applications[0]?.['provider']).toBe(null)
    expect(providers).toHaveLength(1)
    expect(providers[0]).toMatchObject({ signing_key: null, property_mappings: [] })
  })

  it('is another than those that have keys', async () => {
    const world = { users: [{ pk: 7, username: 'ann' }, { username: 'bob' }] }
    expect(worldOf(await readyMock({ world })).users.map(({ pk }) => pk)).toEqual([7, 8])
  })
})

describe('a world that extends the default one', () => {
  it('keeps the codes of the default one beside an empty list, and has none with codes: 0', async () => {
    const world = defineWorld({ extends: 'default', authorization_codes: [] })
    expect((await readyMock({ world })).world.authorization_codes.size).toBe(20)
    const empty = await readyMock({ world, codes: 0 })
    expect([empty.world.authorization_codes.size, empty.world.users.size > 1]).toEqual([0, true])
    const replacement = { ...(await readyMock()).world.toJSON(), authorization_codes: [] }
    expect((await readyMock({ world: replacement })).world.authorization_codes.size).toBe(0)
  })

  it('has all of that, and its own rows beside', async () => {
    const world = defineWorld({
      extends: 'default',
      users: [{ username: 'ann' }],
      authorization_codes: [{ user: 'ann', application: 'spa', expires: '+1h' }],
    })
    const [plain, authentik] = [await readyMock({ now: NOW }), await readyMock({ world, now: NOW })]
    const rows = worldOf(authentik)
    expect(rows.users.slice(0, -1)).toEqual(worldOf(plain).users)
    expect(rows['secret_key']).toBe(worldOf(plain)['secret_key'])
    expect(rows.users.at(-1)).toMatchObject({ username: 'ann' })
    expect(rows.authorization_codes.at(-1)).toMatchObject({ user: rows.users.at(-1)?.['pk'], provider: 5 })
    expect(rows.authorization_codes).toHaveLength(21)
  })

  it('changes what is there by its name', async () => {
    const world = defineWorld({
      extends: 'default',
      users: [{ username: 'akadmin', superuser: false, name: 'Nobody' }],
    })
    const { users } = worldOf(await readyMock({ world }))
    expect(users).toHaveLength(worldOf(await readyMock()).users.length)
    expect(users[0]).toMatchObject({ username: 'akadmin', name: 'Nobody', is_superuser: false, pk: 1 })
  })

  it('depends on the seed as that does, and is there again after a reset and a seeding', async () => {
    const world = defineWorld({ extends: 'default', users: [{ username: 'ann' }] })
    const authentik = control(mock({ world, seed: 7, codes: 3, now: NOW }))
    await authentik.ready
    const original = worldOf(authentik)
    expect(original.authorization_codes).toHaveLength(3)
    await authentik.world.users.delete(9)
    await authentik.reset()
    expect(worldOf(authentik)).toEqual(original)
    await authentik.reset({ seed: 8, codes: 2 })
    expect(authentik.world.users.find('username', 'ann')).toBeDefined()
    expect(authentik.world.authorization_codes.size).toBe(2)
  })

  it('is refused, whatever is wrong with it, by all that waits for it', async () => {
    const authentik = mock({ world: { extends: 'default', users: [{ username: 'akadmin', pk: 99 }] } })
    await expect(authentik.ready).rejects.toMatchObject({ code: 'ERR_WORLD' })
    await expect(authentik.fetch('/api/v3/root/config/')).rejects.toThrow('is already that of')
  })

  it.each([
    [{ extends: 'default', users: [{ username: 'akadmin', pk: 99 }] }, 'is already that of'],
    [{ users: [{ username: 'ann' }], permissions: { ann: ['view_usr'] } }, 'the nearest is view_user'],
  ])('is refused by what was asked before it was read: %j', async (world, text) => {
    for (const authentik of [mock({ world }), control(mock({ world }))])
      await expect(authentik.fetch('/api/v3/core/users/me/')).rejects.toThrow(text)
  })
})

describe('a name that there is not', () => {
  it.each([
    [
      { ...SHOP, authorization_codes: [{ user: 'anm' }] },
      'authorization_codes[0].user: no row of users has the username "anm"; the nearest is "ann"',
    ],
    [
      { ...SHOP, authorization_codes: [{ application: 'shp' }] },
      'authorization_codes[0].application: no row of applications has the slug or name "shp"; the nearest is "shop"',
    ],
    [
      { users: [{ username: 'ann', groups: ['x'] }] },
      'users[0].groups: no row of groups has the name "x", and there is none yet',
    ],
    [{ users: [{ usrname: 'ann' }] }, 'users[0].usrname: there is no such field; the nearest is username'],
    [{ user: [{ username: 'ann' }] }, 'user: there is no such key; the nearest is users'],
    [{ extends: 'defualt' }, 'extends: "defualt" is no world. Write default, or leave it out'],
    [
      { extends: 'default', authorization_codes: [{ user: 'akadmn' }] },
      'authorization_codes[0].user: no row of users has the username "akadmn"; the nearest is "akadmin"',
    ],
    [{ users: [{ username: 'ann', superuser: 'yes' }] }, 'users[0].superuser: is "yes". Write true or false'],
    [
      { applications: [{ slug: 'a', provider: null }], users: [{}], access_tokens: [{ application: 'a' }] },
      'access_tokens[0].application: "a" is no application with a provider. Give one, or a provider',
    ],
    [
      { ...SHOP, authorization_codes: [{ user: 'ann', expires: '+5y' }] },
      'authorization_codes[0].expires: "+5y" is no time from now. Write one like +5m or -1h30m, in ms, s, m, h, d or w',
    ],
    [
      { ...SHOP, providers: [{ name: 'P' }], access_tokens: [{ application: 'shop', provider: 'P' }] },
      'access_tokens[0].application: "shop" has another provider than "P". Give one of them',
    ],
    [
      { users: [{}], access_tokens: [{}] },
      'access_tokens[0].provider: is left out, and providers has no row that it could be. Add one',
    ],
  ])('is refused with the nearest, and where it stands: %j', async (world, problem) => {
    expect(await problemsOf(world)).toEqual([problem])
  })

  it('is refused by the compiler', async () => {
    // @ts-expect-error there is no such field
    const field = defineWorld({ users: [{ usrname: 'ann' }] })
    // @ts-expect-error there is no such resource
    const resource = defineWorld({ usrs: [{ username: 'ann' }] })
    // @ts-expect-error there is no such user
    const user = defineWorld({ users: [{ username: 'ann' }], authorization_codes: [{ user: 'anm' }] })
    // @ts-expect-error there is no such application
    const application = defineWorld({ applications: [{ slug: 'shop' }], access_tokens: [{ application: 'shp' }] })
    // @ts-expect-error there is no such group
    const group = defineWorld({ users: [{ username: 'ann', groups: ['x'] }] })
    // @ts-expect-error a superuser is one or not
    const superuser = defineWorld({ users: [{ username: 'ann', superuser: 1 }] })
    for (const world of [field, resource, user, application, group, superuser])
      expect((await problemsOf(world)).length).toBeGreaterThan(0)
  })
})

describe('a world that is merged by the control API', () => {
  it('may be in short, and name what is there', async () => {
    const authentik = control(mock({ world: SHOP, now: NOW }))
    await authentik.ready
    const headers = { Authorization: `Bearer ${authentik.control.token}`, 'Content-Type': 'application/json' }
    const send = (method: string, body: object) =>
      authentik.fetch('http://localhost/-/mock/api/world/', { method, headers, body: JSON.stringify(body) })
    const merged = await send('PATCH', {
      users: [{ username: 'ann', is_active: false }, { username: 'bob' }],
      authorization_codes: [{ user: 'bob', application: 'shop', expires: '-1m' }],
    })
    expect(merged.status).toBe(204)
    expect(authentik.world.users.find('username', 'ann')).toMatchObject({ is_active: false, pk: 1 })
    expect(authentik.world.authorization_codes.get(2)).toMatchObject({ user: 2, expires: '2025-12-31T23:59:00Z' })
    const replaced = await send('PUT', { extends: 'default' })
    expect(replaced.status).toBe(400)
    expect(await replaced.text()).toContain('merge it: PATCH world/')
  })
})

describe('a row in short', () => {
  const groups = [
    { name: 'adm', is_superuser: true },
    { name: 'night', parent: 'adm' },
  ]

  it('of API tokens works at once, whatever it is called', async () => {
    const world = { users: [{ username: 'ann', superuser: true }], api_tokens: [{ identifier: 'ci', key: 'secret' }] }
    const client = clientOf(await readyMock({ world }), { token: 'secret' })
    expect((await client.get('/core/users/me/')).json['user'].username).toBe('ann')
  })

  it('of a scope stands beside those that authentik has', async () => {
    const world = { applications: [{ slug: 'shop' }], scope_mappings: [{ scope_name: 'groups' }] }
    const { scope_mappings: mappings, providers } = worldOf(await readyMock({ world }))
    expect(mappings.map((row) => row['scope_name'])).toEqual(
      expect.arrayContaining(['groups', 'openid', 'email', 'profile']),
    )
    expect(providers[0]?.['property_mappings']).toHaveLength(mappings.length)
    const picking = {
      providers: [{ name: 'p', property_mappings: ['openid', 'groups'] }],
      scope_mappings: world.scope_mappings,
    }
    expect(worldOf(await readyMock({ world: picking })).providers[0]?.['property_mappings']).toHaveLength(2)
  })

  it.each([
    [{ pk: 3, superuser: true }, 3],
    [{ pk: 1, superuser: false }, 0],
  ])('that says %j of a user who is there keeps the groups of that user', async (row, count) => {
    const { users } = worldOf(await readyMock({ world: { extends: 'default', users: [row] } }))
    const user = users.find(({ pk }) => pk === row.pk)
    expect([user?.['groups'].length, user?.['is_superuser']]).toEqual([count, row.superuser])
  })

  it.each([
    [true, ['night']],
    [false, []],
  ])('of a superuser (%s) minds the groups above', async (superuser, names) => {
    const world = { groups, users: [{ username: 'ann', superuser, groups: ['night'] }] }
    const { users, groups: rows } = worldOf(await readyMock({ world }))
    expect(users[0]?.['is_superuser']).toBe(superuser)
    expect(users[0]?.['groups'].map((key: string) => rows.find(({ pk }) => pk === key)?.['name'])).toEqual(names)
  })

  it('names roles too', async () => {
    const world = { roles: [{ name: 'reader' }], users: [{ username: 'ann', roles: ['reader'] }] }
    const authentik = await readyMock({ world, release: 'latest' })
    expect(authentik.world.users.get(1)?.roles).toEqual([authentik.world.roles.values().next().value?.pk])
  })

  it.each([
    ['applications', { name: 'Recycled Ceramic Ball 1', meta_publisher: 'me' }],
    ['providers', { client_id: 'spa', sub_mode: 'user_id' }],
    ['scope_mappings', { name: 'Scope email', description: 'mail' }],
  ])('of %s is the one that is there by its second name too', async (name, row) => {
    const [plain, extended] = [await readyMock(), await readyMock({ world: { extends: 'default', [name]: [row] } })]
    const rowsIn = (authentik: typeof plain) => (worldOf(authentik) as unknown as Record<string, object[]>)[name] ?? []
    expect(rowsIn(extended)).toHaveLength(rowsIn(plain).length)
    expect(rowsIn(extended)).toContainEqual(expect.objectContaining(row))
  })

  it('is another than one whose name the file changes', async () => {
    const world = { extends: 'default', users: [{ pk: 1, username: 'root' }, { username: 'akadmin' }] }
    const { users } = worldOf(await readyMock({ world }))
    expect([users[0]?.['username'], users.at(-1)?.['username']]).toEqual(['root', 'akadmin'])
  })

  it('gets a key that no other row has, though the two have one name', async () => {
    const world = {
      scope_mappings: [{ scope_name: 'g' }, { scope_name: 'g', name: 'other' }],
      groups: [{ name: 'authentik Admins' }],
      users: [{ superuser: true }, { username: 'user-1' }],
    }
    const rows = worldOf(await readyMock({ world }))
    expect(rows.scope_mappings).toHaveLength(2)
    expect(rows.users.map(({ username }) => username)).toEqual(['user-2', 'user-1'])
    expect(rows.users[0]?.['is_superuser']).toBe(true)
    expect(await problemsOf({ groups: [{ name: 'g' }, { name: 'g' }] })).toEqual([
      'groups[1].name: "g" is already that of groups[0]',
    ])
  })

  it('takes little time, though there are thousands of superusers and of applications', async () => {
    const length = isWhole ? 10_000 : 2000
    const many = <Row>(make: (number: number) => Row) => Array.from({ length }, (_, number) => make(number))
    const world = {
      users: many((number) => ({ username: `u${number}`, superuser: true })),
      applications: many((number) => ({ slug: `a${number}` })),
    }
    const open = async () => {
      const authentik = await readyMock({ world })
      expect([authentik.world.users.size, authentik.world.providers.size]).toEqual([length, length])
    }
    const limit = length * 2
    expect(await leastOf(limit, () => cpuOf(open))).toBeLessThan(limit)
  })

  it.each([
    ['have one name', () => ({ name: 'g' }), 3999],
    ['name what nobody is called', (number: number) => ({ name: `group-${number}`, parent: `gruop-${number}` }), 4000],
  ])('is refused in little time, though there are thousands of rows that %s', async (_, make, count) => {
    const list = Array.from({ length: 4000 }, (__, number) => make(number))
    expect(await problemsOf({ groups: list })).toHaveLength(count)
    expect(await leastOf(1000, () => cpuOf(() => problemsOf({ groups: list })))).toBeLessThan(1000)
  })

  it('is told which names are nearest for the first hundred that nobody has', async () => {
    const list = Array.from({ length: 101 }, (_, number) => ({ name: `g${number}`, parent: 'h' }))
    const problems = await problemsOf({ groups: list })
    expect([problems[99], problems[100]]).toEqual([
      'groups[99].parent: no row of groups has the name "h"; the nearest is "g0"',
      'groups[100].parent: no row of groups has the name "h"',
    ])
  })
})

describe('times from now', () => {
  it.each([SHOP, { ...SHOP, extends: 'default' }])('are counted anew by a reset, in a namespace too', async (world) => {
    const authentik = control(mock({ world }))
    await authentik.ready
    for (const subject of [authentik, authentik.namespace('test')]) {
      const isFresh = () => {
        const code = [...subject.world.authorization_codes.values()].at(-1)
        return Date.parse(code?.expires ?? '') - subject.clock.now() > 4 * 60_000
      }
      const { now } = Date
      Date.now = () => now() + 3_600_000
      try {
        expect(isFresh()).toBe(false)
        await subject.reset()
        expect(isFresh()).toBe(true)
      } finally {
        Date.now = now
      }
    }
  })
})

it('login: auto says whom to name, in a world without akadmin', async () => {
  await expect(mock({ world: SHOP, login: 'auto' }).ready).rejects.toThrow("Give login: 'auto:ann'.")
})
