/** A world is read as authentik would take it, and what it could not hold is refused with the path of the value. */
import { describe, expect, it } from 'vitest'
import { mock, MockError, type Mock } from '../../src/entries/index.ts'
import { clientOf, readyMock, rowsOf, worldOf, type Row } from '../support/client.ts'
import { adminOf, recordedWorld, STAFF } from '../support/recordings.ts'

const KEY = { identifier: 'root', key: 'key', intent: 'api', user: 1, expiring: false }
const ROOT = '00000000-0000-4000-8000-000000000001'
const CHILD = '00000000-0000-4000-8000-000000000002'
const userOf = (fields: Row) => ({ users: [{ pk: 1, username: 'root', ...fields }] })

/** What is wrong with a world. */
function problemsOf(world: unknown, release = '2024.8.3'): readonly string[] {
  try {
    mock({ world: world as object, release })
  } catch (error) {
    if (error instanceof MockError && error.code === 'ERR_WORLD') return error.problems
    throw error
  }
  return []
}

const storedUser = async (fields: Row): Promise<Row> =>
  rowsOf(await readyMock({ world: userOf(fields) }), 'users').get(1)

describe('a world that is none is refused, with what is meant:', () => {
  const noRows = 'no object with a list of rows for each resource'

  it.each<[string, unknown, string]>([
    ['null', null, `the file: is null, and ${noRows}`],
    ['a number', 5, `the file: is 5, and ${noRows}`],
    ['a list', [], `the file: is a list, and ${noRows}`],
    ['a function', () => ({}), `the file: is a function, and no JSON; it is ${noRows}`],
    ['a Map', new Map(), `the file: is a Map, and no JSON; it is ${noRows}`],
    [
      'the path of a file',
      'world.json',
      `the file: is a text, and ${noRows}. If it is the path of a file, give the parsed file: JSON.parse(readFileSync(path, "utf8"))`,
    ],
  ])('%s', (_, world, problem) => {
    expect(problemsOf(world)).toEqual([problem])
  })

  it('which nothing at all is not: then the world is seeded', () => {
    expect(mock({ world: undefined as never }).seed).toBe(1)
  })
})

describe('UUIDs in capitals, within braces or without hyphens', () => {
  const spellings: [string, (uuid: string) => string][] = [
    ['in capitals', (uuid) => uuid.toUpperCase()],
    ['within braces', (uuid) => `{${uuid}}`],
    ['without hyphens', (uuid) => uuid.replaceAll('-', '')],
    ['as a URN', (uuid) => `urn:uuid:${uuid}`],
  ]
  const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

  it.each(spellings)('are those in the form in which authentik writes them: %s', async (_, spell) => {
    const world = JSON.parse(JSON.stringify(recordedWorld).replace(UUID, spell))
    expect(worldOf(await readyMock({ world }))).toEqual(worldOf(await readyMock({ world: recordedWorld })))
  })

  it.each(spellings)('find a row, by path and by a program: %s', async (_, spell) => {
    const authentik = await readyMock({ world: recordedWorld })
    const { groups } = authentik.world
    expect((await adminOf(authentik).get(`/core/groups/${encodeURIComponent(spell(STAFF))}/`)).json.pk).toBe(STAFF)
    expect([groups.has(spell(STAFF)), groups.find('pk', spell(STAFF))]).toEqual([true, groups.get(STAFF)])
    await groups.update(spell(STAFF), { pk: spell(STAFF), attributes: { floor: 4 } })
    expect(groups.get(STAFF)?.attributes).toEqual({ floor: 4 })
    expect([await groups.delete(spell(STAFF)), groups.has(STAFF)]).toEqual([true, false])
  })

  it('do not make two rows of one', () => {
    const groups = [ROOT, ROOT.toUpperCase()].map((pk, index) => ({ pk: `{${pk}}`, name: `group ${index}` }))
    expect(problemsOf({ groups })).toEqual([`groups[1].pk: "${ROOT}" is already that of groups[0]`])
  })

  it('join what a file says of one row in two places', async () => {
    const world = {
      certificates: [{ pk: ROOT.replaceAll('-', ''), name: 'self-signed' }],
      certificate_data: [{ pk: ROOT.toUpperCase(), certificate_data: 'PEM' }],
    }
    expect(rowsOf(await readyMock({ world }), 'certificates').get(ROOT)).toMatchObject({ certificate_data: 'PEM' })
  })
})

describe('an instant', () => {
  it.each([
    ['2024-09-27T14:26:18Z', '2024-09-27T14:26:18Z'],
    ['2024-09-27T14:26:18.306123Z', '2024-09-27T14:26:18.306123Z'],
    ['2024-09-27T16:26:18.306123+02:00', '2024-09-27T14:26:18.306123Z'],
    ['2024-09-27t14:26:18.000000z', '2024-09-27T14:26:18Z'],
    ['2024-09-27T14:26:18.000Z', '2024-09-27T14:26:18Z'],
    ['2024-09-27T14:26:18.3Z', '2024-09-27T14:26:18.300000Z'],
    ['2024-09-27T14:26:18.30612Z', '2024-09-27T14:26:18.306120Z'],
  ])('%s is kept as authentik writes it: %s', async (last_login, instant) => {
    expect(await storedUser({ last_login })).toMatchObject({ last_login: instant })
  })

  it.each([
    ['1', '"1" is no instant. Write one like 2024-09-27T14:26:18Z'],
    ['12345', '"12345" is no instant. Write one like 2024-09-27T14:26:18Z'],
    ['2024-02-31T00:00:00Z', 'There is no such day.'],
    ['2024-09-27T14:26:18', 'It has no zone. Write 2024-09-27T14:26:18Z for UTC'],
    ['2024-09-27T14:26:18.3061201Z', 'has 7 digits of a second. authentik keeps six: 2024-09-27T14:26:18.306120Z'],
  ])('is not %s', (last_login, reason) => {
    const [problem, ...rest] = problemsOf(userOf({ last_login }))
    expect([problem?.startsWith('users[0].last_login: '), rest]).toEqual([true, []])
    expect(problem).toContain(reason)
  })

  it('is a text, and no Date', () => {
    expect(problemsOf(userOf({ last_login: new Date(0) }))).toEqual([
      'users[0].last_login: is a Date, and no JSON; write an instant as a text, such as 2024-09-27T14:26:18Z',
    ])
  })
})

describe('an e-mail address', () => {
  it.each([
    'root@localhost',
    '',
    'jörg@münchen.de',
    '"front desk"@example.com',
    "o'hara+x@sub.example.co.uk",
    'a@[127.0.0.1]',
  ])('is %j, as Django takes it', async (email) => {
    expect(await storedUser({ email })).toMatchObject({ email })
  })

  it.each(['root', 'root@', '@localhost', 'a@b', 'a b@example.com', 'a..b@example.com', 'a@-b.de', 'a@example.com.'])(
    'is not %j',
    (email) => {
      expect(problemsOf(userOf({ email }))).toEqual([`users[0].email: ${JSON.stringify(email)} is no e-mail address`])
    },
  )

  it('has at most 254 characters', () => {
    expect(problemsOf(userOf({ email: `${'a'.repeat(243)}@example.com` }))).toEqual([
      'users[0].email: has 255 characters, and this release allows 254',
    ])
  })
})

describe('a name', () => {
  it('of a user may have any characters, counted as Python counts them, up to 150', async () => {
    const username = '😀 '.repeat(75)
    expect(await storedUser({ username })).toMatchObject({ username })
    expect(problemsOf(userOf({ username: `${username}a` }))).toEqual([
      'users[0].username: has 151 characters, and this release allows 150',
    ])
  })

  it.each([
    ['2024.6', 80],
    ['2024.8', undefined],
  ])('of a group is as long as %s allows', (release, limit) => {
    const groups = [{ pk: ROOT, name: 'g'.repeat(81) }]
    expect(problemsOf({ groups }, release)).toEqual(
      limit ? [`groups[0].name: has 81 characters, and this release allows ${limit}`] : [],
    )
  })

  it.each([
    ['2025.10', ['applications[0].slug: has 51 characters, and this release allows 50']],
    ['2025.12', []],
  ])('of an application in an address is as long as %s allows', (release, problems) => {
    expect(problemsOf({ applications: [{ pk: ROOT, name: 'Web', slug: 's'.repeat(51) }] }, release)).toEqual(problems)
  })

  it.each([['wörld'], ['a b'], ['a/b'], ['']])('in an address is not %j', (slug) => {
    const [problem, ...rest] = problemsOf({ applications: [{ pk: ROOT, name: 'Web', slug }] })
    expect([problem, rest]).toEqual([expect.stringContaining('applications[0].slug: '), []])
  })

  it.each(['username', 'name'])('that identifies a row is not empty: %s', (field) => {
    const [problem] = problemsOf(field === 'name' ? { groups: [{ pk: ROOT, name: '' }] } : userOf({ username: '' }))
    expect(problem).toContain(`.${field}: Too small`)
  })

  it('has no NUL and no half of a character, which PostgreSQL does not keep', () => {
    expect(problemsOf(userOf({ name: 'a\0', path: '\ud83d' }))).toEqual([
      'users[0].name: has a NUL in it, which PostgreSQL does not keep',
      'users[0].path: has half of a surrogate pair in it, which PostgreSQL does not keep',
    ])
  })

  it('that is a field of no row is told with the nearest', () => {
    expect(problemsOf(userOf({ usrname: 'alice' }))).toEqual([
      'users[0].usrname: there is no such field; the nearest is username',
    ])
  })

  it('of a group, a scope or a user is that of one row', () => {
    const groups = [ROOT, CHILD].map((pk) => ({ pk, name: 'staff' }))
    expect(problemsOf({ groups })).toEqual(['groups[1].name: "staff" is already that of groups[0]'])
  })
})

describe('the key of a row', () => {
  it.each([0, -1, 2 ** 31])('is not %i', (pk) => {
    expect(problemsOf(userOf({ pk }))).toEqual([
      `users[0].pk: ${pk} is no key of a row: they are counted from 1 to 2147483647`,
    ])
  })

  it('stands in a list once', () => {
    const world = { groups: [{ pk: ROOT, name: 'staff' }], ...userOf({ groups: [ROOT, ROOT.toUpperCase()] }) }
    expect(problemsOf(world)).toEqual([`users[0].groups: "${ROOT}" stands in it twice`])
  })

  it('that comes after the last that there is, is one that is free', async () => {
    const { users } = (await readyMock({ world: userOf({ pk: 2 ** 31 - 1 }) })).world
    expect((await users.create({ username: 'alice' })).pk).toBe(2 ** 31 - 2)
  })
})

describe('a value of any JSON', () => {
  const nested = (levels: number): unknown => Array.from({ length: levels }).reduce((inner) => ({ inner }), 1)

  it('may be nested 100 levels deep', async () => {
    expect(await storedUser({ attributes: nested(100) })).toMatchObject({ attributes: nested(100) })
  })

  it.each([
    ['101 levels', nested(101)],
    ['10,000 levels', nested(10_000)],
    ['10,000 lists', { lists: JSON.parse(`${'['.repeat(10_000)}${']'.repeat(10_000)}`) }],
  ])('is refused with %s', (_, attributes) => {
    expect(problemsOf(userOf({ attributes }))).toEqual(['users[0].attributes: is nested more than 100 levels deep'])
  })

  it('is refused in what is kept aside, too', () => {
    expect(problemsOf({ brands: [{ attributes: nested(10_000) }] })).toEqual([
      'brands[0].attributes: is nested more than 100 levels deep',
    ])
  })

  it('does not hold itself', () => {
    const attributes: Row = { list: [] }
    attributes['list'].push(attributes, attributes)
    expect(problemsOf(userOf({ attributes }))).toEqual(['users[0].attributes: is nested more than 100 levels deep'])
  })

  it.each([
    [Number.NaN, 'is NaN, and no number of JSON'],
    [Infinity, 'is Infinity, and no number of JSON'],
    [10n, 'is a BigInt, and no JSON'],
    [() => 1, 'is a function, and no JSON'],
    [[undefined], 'attributes.inner[0]: is undefined, and no JSON'],
    [/a/, 'is a RegExp, and no JSON'],
    [
      new (class Team {
        name = 'blue'
      })(),
      'is an object of a class, and no JSON',
    ],
  ])('is not %s', (inner, problem) => {
    expect(problemsOf(userOf({ attributes: { inner } }))).toEqual([expect.stringContaining(problem)])
  })

  it('may have any key, as Python does', async () => {
    const attributes: unknown = JSON.parse('{"inner": {"__proto__": 1, "constructor": 2}, "__proto__": {"a": 1}}')
    const { world } = await readyMock({ world: userOf({ attributes }) })
    expect(JSON.stringify(world.users.get(1)?.attributes)).toBe(JSON.stringify(attributes))
  })

  it('is copied, so that whoever wrote it can go on with it', async () => {
    const { users } = (await readyMock()).world
    const attributes: Row = { team: { name: 'blue' } }
    await users.update(1, { attributes })
    attributes['team'].name = 'red'
    expect(users.get(1)?.attributes).toEqual({ team: { name: 'blue' } })
  })
})

describe('a superuser', () => {
  it('is who is in a group of superusers, and the message says so', () => {
    expect(problemsOf(userOf({ is_superuser: true }))).toEqual([
      'users[0].is_superuser: is true, but follows from the other rows as false: put them into a group with is_superuser',
    ])
    const groups = [{ pk: ROOT, name: 'admins', is_superuser: true }]
    expect(problemsOf({ groups, ...userOf({ groups: [ROOT], is_superuser: true }) })).toEqual([])
    expect(problemsOf({ groups, ...userOf({ groups: [ROOT], is_superuser: false }) })).toEqual([
      'users[0].is_superuser: is false, but follows from the other rows as true: take them out of the groups with is_superuser',
    ])
  })
})

it('a group that lists its users is told where those are said', () => {
  expect(problemsOf({ users: [{ username: 'ann' }], groups: [{ name: 'staff', users: ['ann'] }] })).toEqual([
    'groups[0].users: is ["ann"], but follows from the other rows as []: put the group into the user\'s groups',
  ])
})

it('a text of signs that it may not have is told which it may have', () => {
  expect(problemsOf({ applications: [{ slug: 'my shop' }] })).toEqual([
    'applications[0].slug: has other signs than letters, digits and - _',
  ])
})

describe('a group that stands above itself', () => {
  /** Groups each of which stands below the next, the last below the first. */
  const circleOf = (count: number) => {
    const pks = Array.from(
      { length: count },
      (_, index) => `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`,
    )
    return pks.map((pk, index) => ({
      pk,
      name: `group ${index}`,
      is_superuser: index === count - 1,
      parents: [pks[(index + 1) % count]],
    }))
  }
  const worldOfCircle = (count: number) => ({
    groups: circleOf(count),
    ...userOf({ groups: [ROOT] }),
    api_tokens: [KEY],
  })

  it('is refused as its own parent in a release in which a group has one', () => {
    for (const release of ['2024.8', '2025.10']) {
      expect(problemsOf(worldOfCircle(1), release)).toEqual([
        'groups[0].parents: leads back to the row itself, which this release does not allow',
      ])
      expect(problemsOf({ groups: [{ pk: ROOT, name: 'staff', parent: ROOT }] }, release)).toEqual([
        'groups[0].parent: leads back to the row itself, which this release does not allow',
      ])
    }
  })

  it.each([
    [1, ['2025.12.4', '2026.8.3']],
    [2, ['2025.12.4', '2026.8.3']],
    [12_000, ['2026.2.2']],
  ])('is taken in a circle of %i, and every answer is given', async (count, releases) => {
    for (const release of releases) {
      const authentik = mock({ world: worldOfCircle(count), release })
      const client = clientOf(authentik, { token: 'key' })
      const included = {
        include_parents: 'true',
        include_children: 'true',
        include_inherited_roles: 'true',
        page_size: '2',
      }
      const { json } = await client.get('/core/groups/', { query: included })
      expect(json.results[0]).toMatchObject({ pk: ROOT, parents_obj: [{ name: `group ${1 % count}` }] })
      expect((await client.get('/core/users/1/')).json.is_superuser).toBe(true)
      expect((await client.get('/core/users/me/')).json.user.groups).toHaveLength(count)
      expect((await client.get('/core/users/', { query: { groups_by_pk: ROOT } })).json.results).toHaveLength(1)
      expect((await client.delete(`/core/groups/${ROOT}/`)).status).toBe(204)
      expect((await client.get('/core/users/1/')).status).toBe(403)
    }
  })

  it('is made by the API as by a program, and the world is loaded again', async () => {
    for (const release of ['2024.8.3', '2025.10.4', '2026.2.2']) {
      const authentik = await readyMock({ release, token: 'key' })
      const { groups } = authentik.world
      const [staff, engineering] = ['staff', 'engineering'].map((name) => groups.find('name', name)?.pk ?? '')
      const admin = clientOf(authentik, { token: 'key' })
      const body = release < '2025.12' ? { parent: engineering } : { parents: [engineering] }
      expect((await admin.patch(`/core/groups/${staff}/`, body)).status).toBe(200)
      expect((await groups.update(staff ?? '', { parent: engineering ?? null })).name).toBe('staff')
      const world = JSON.parse(JSON.stringify(authentik.world))
      expect((await readyMock({ release, world })).world.groups.get(staff ?? '')?.parent).toBe(engineering)
      expect((await admin.get('/core/users/')).status).toBe(200)
    }
  })

  it('is its own parent for no program in 2024.8.3', async () => {
    const { groups } = (await readyMock({ release: '2024.8.3' })).world
    const pk = groups.find('name', 'staff')?.pk ?? ''
    await expect(groups.update(pk, { parent: pk })).rejects.toThrow('groups.parent: leads back to the row itself')
  })
})

describe('what a file leaves out', () => {
  const world = {
    ...userOf({}),
    providers: [
      { pk: 1, name: 'web' },
      { pk: 2, name: 'phone' },
    ],
    authorization_codes: [{ pk: 1, user: 1, provider: 1, scope: 'openid' }],
    access_tokens: [{ pk: 1, user: 1, provider: 2, scope: 'openid' }],
    api_tokens: [KEY],
    authenticated_sessions: [{ uuid: CHILD, user: 1 }],
  }
  const start = (): Promise<Mock> => readyMock({ world })

  it('is made up, the same for the same file', async () => {
    const complete = worldOf(await start())
    expect(worldOf(await start())).toEqual(complete)
    expect(complete).toMatchObject({
      users: [{ uid: expect.stringMatching(/^[0-9a-f]{64}$/), uuid: expect.stringMatching(/^[0-9a-f]{8}-/) }],
      authorization_codes: [{ code: expect.stringMatching(/^[0-9a-f]{32}$/) }],
      access_tokens: [{ token: expect.stringMatching(/^\w{64}$/) }],
      authenticated_sessions: [{ session_key: expect.stringMatching(/^\w{32}$/) }],
    })
    const [web, phone] = complete.providers
    expect([web?.['client_id'], web?.['client_secret']]).toEqual([
      expect.stringMatching(/^\w{40}$/),
      expect.stringMatching(/^\w{128}$/),
    ])
    expect(phone?.['client_id']).not.toBe(web?.['client_id'])
  })

  it('of flows is the one that asks for no consent, which every provider then has', async () => {
    const { flows, providers } = worldOf(await start())
    expect(flows.map(({ slug }) => slug)).toEqual(['default-provider-authorization-implicit-consent'])
    expect(new Set(providers.map(({ authorization_flow }) => authorization_flow))).toEqual(new Set([flows[0]?.['pk']]))
  })

  it('of a provider is a flow that the file has, where it has flows', async () => {
    const flow = { name: 'Authorize', title: 'Authorize', designation: 'authorization', slug: 'authorize' }
    const authentik = await readyMock({ world: { ...world, flows: [{ ...flow, pk: ROOT.toUpperCase() }] } })
    expect(rowsOf(authentik, 'providers').get(1)['authorization_flow']).toBe(ROOT)
    expect(
      rowsOf(await readyMock({ world: { ...world, flows: [] } }), 'providers').get(1)['authorization_flow'],
    ).toBeNull()
  })
})

describe('a provider of a world', () => {
  it('has a key or a secret to sign tokens with', () => {
    const provider = { pk: 1, name: 'Shop', client_id: 'shop', client_secret: '' }
    expect(problemsOf({ providers: [provider] })).toEqual([
      'providers[0]: has no key and no secret to sign tokens with. Give it a signing_key, or a client_secret',
    ])
    expect(problemsOf({ providers: [{ ...provider, client_secret: 'secret' }] })).toEqual([])
  })
})
