/** A program reads and changes the tables of a world, and what it makes is checked as a world file is. */
import { describe, expect, expectTypeOf, it } from 'vitest'
import { mock, MockError, type MockWorld } from '../../src/entries/index.ts'
import { worldOf } from '../support/client.ts'
import { adminOf, DEVELOPERS, observed, STAFF } from '../support/recordings.ts'

const CODE = { user: 7, provider: 1, scope: 'openid', expires: '2099-01-01T00:00:00Z' }

/** A ready mock of the recorded world. */
async function startMock() {
  const authentik = observed()
  await authentik.ready
  return authentik
}

/** What a write that is refused says, after it was checked that it changed nothing. */
async function problemsOf(write: (world: MockWorld) => Promise<unknown>): Promise<readonly string[]> {
  const authentik = await startMock()
  const start = worldOf(authentik)
  const error = await write(authentik.world).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(MockError)
  expect(error).toMatchObject({ code: 'ERR_WORLD' })
  expect(worldOf(authentik)).toEqual(start)
  return (error as MockError).problems
}

describe('a table of a world', () => {
  it('takes times from now, and what a Date writes, as a world does', async () => {
    const { world } = mock({ release: '2026.2.2', now: '2024-09-27T14:26:18Z' })
    const { pk } = await world.access_tokens.create({ ...CODE, user: 1, expires: '-1s' })
    expect(world.access_tokens.get(pk)?.expires).toBe('2024-09-27T14:26:17Z')
    await world.access_tokens.update(pk, { expires: new Date('2030-01-01T00:00:00.250Z').toISOString() })
    expect(world.access_tokens.get(pk)?.expires).toBe('2030-01-01T00:00:00.250000Z')
  })

  it('has its rows by key, by a unique field, and in the order of their creation', async () => {
    const { users } = (await startMock()).world
    expect([users.get(7)?.username, users.get(99), users.has(7), users.has(99)]).toEqual([
      'alice',
      undefined,
      true,
      false,
    ])
    expect([users.find('username', 'alice'), users.find('username', 'nobody')]).toEqual([users.get(7), undefined])
    expect([...users.values()].map(({ pk }) => pk)).toEqual([2, 6, 7, 8, 9, 10, 11, 12])
    expect(users.size).toBe(8)
  })

  it('has the first row with a value in any field', async () => {
    const { users, groups } = (await startMock()).world
    expect(users.find('pk', 7)).toBe(users.get(7))
    expect(groups.find('parent', STAFF)).toBe(groups.get(DEVELOPERS))
    expect(users.find('email', 'nobody@example.com')).toBeUndefined()
  })

  it('has rows of the type of its resource', async () => {
    const { world } = await startMock()
    expect(world.users.get(7)?.username.toUpperCase()).toBe('ALICE')
    expectTypeOf(world.users.get(2)).not.toBeAny()
    expectTypeOf(world.users.get(2)).toExtend<{ username: string; groups: string[] } | undefined>()
    expectTypeOf(world.authorization_codes.create).parameter(0).toExtend<{ scope?: string }>()
    expectTypeOf(world.applications.get('')).toExtend<{ provider: number | null } | undefined>()
    expectTypeOf(world).not.toHaveProperty('codes')
  })

  it('has rows that nobody can write to, all the way down', async () => {
    const alice = (await startMock()).world.users.get(7)
    expect(() => Object.assign(alice ?? {}, { username: 'eve' })).toThrow(TypeError)
    expect(() => alice?.groups.push(STAFF)).toThrow(TypeError)
    expect(() => Object.assign(alice?.attributes ?? {}, { team: 'red' })).toThrow(TypeError)
  })
})

describe('a key of a row', () => {
  it('cannot be changed, because other rows have it', async () => {
    expect(await problemsOf(({ users }) => users.update(7, { pk: 70 }))).toEqual([
      'users.pk: a key cannot be changed; create a row with the new one and delete this',
    ])
  })

  it('can be said again', async () => {
    const { users } = (await startMock()).world
    expect((await users.update(7, { pk: 7, name: 'Alice' })).name).toBe('Alice')
  })
})

describe('a row that a program makes', () => {
  it.each([null, undefined, 'alice', []])('cannot be %j', async (row) => {
    const [problem] = await problemsOf(({ users }) => users.create(row as never))
    expect(problem).toContain('is no row; give an object')
  })

  it('is answered by the API at once', async () => {
    const authentik = await startMock()
    const { pk } = await authentik.world.authorization_codes.create({ ...CODE, code: 'abc' })
    expect((await adminOf(authentik).get(`/oauth2/authorization_codes/${pk}/`)).json).toMatchObject({
      user: { username: 'alice' },
      scope: ['openid'],
    })
  })

  it('gets a key that no row has had, and else keeps its own', async () => {
    const { authorization_codes, groups } = (await startMock()).world
    const last = Math.max(...[...authorization_codes.values()].map(({ pk }) => pk))
    await authorization_codes.create(CODE)
    await authorization_codes.delete(last + 1)
    expect((await authorization_codes.create(CODE)).pk).toBe(last + 2)
    expect((await authorization_codes.create({ pk: 900, ...CODE })).pk).toBe(900)
    const group = await groups.create({ name: 'night shift' })
    expect(groups.get(group.pk)).toBe(group)
    expect(group.pk).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  })

  it('has what is left out by default, as in a world file', async () => {
    const { groups, providers } = (await startMock()).world
    expect(await groups.create({ name: 'night shift' })).toMatchObject({ is_superuser: false, parent: null, roles: [] })
    const { authorization_flow } = providers.get(1) ?? {}
    expect(await providers.create({ name: 'New', ...(authorization_flow && { authorization_flow }) })).toMatchObject({
      client_type: 'confidential',
      client_id: expect.stringMatching(/^\w{40}$/),
      client_secret: expect.stringMatching(/^\w{128}$/),
    })
  })
})

describe('a row that a program changes', () => {
  it('is answered changed at once, and keeps its other fields', async () => {
    const authentik = await startMock()
    const alice = authentik.world.users.get(7)
    const changed = await authentik.world.users.update(7, { name: 'Alice Changed' })
    expect(changed).toEqual({ ...alice, name: 'Alice Changed' })
    expect((await adminOf(authentik).get('/core/users/7/')).json.name).toBe('Alice Changed')
  })

  it('may keep its own identifiers, and is found by new ones instead of the old', async () => {
    const { users } = (await startMock()).world
    await users.update(7, { username: 'alice', name: 'A' })
    await users.update(7, { username: 'alicia' })
    expect([users.find('username', 'alicia')?.pk, users.find('username', 'alice')]).toEqual([7, undefined])
  })
})

describe('a row that a program deletes', () => {
  it('takes along what cannot do without it, and is left out of what can', async () => {
    const authentik = await startMock()
    const { users, authorization_codes, groups } = authentik.world
    expect([await users.delete(8), await users.delete(8)]).toEqual([true, false])
    expect([...authorization_codes.values()].filter(({ user }) => user === 8)).toEqual([])
    expect((await adminOf(authentik).get('/core/users/8/')).status).toBe(404)
    await groups.delete(STAFF)
    expect(groups.get(DEVELOPERS)?.parent).toBeNull()
  })
})

describe('a write that does not fit in is refused, and changes nothing:', () => {
  it.each<[string, (world: MockWorld) => Promise<unknown>, string]>([
    [
      'a reference to a row that does not exist',
      ({ authorization_codes }) => authorization_codes.create({ ...CODE, user: 99 }),
      'authorization_codes.user: 99 is no pk in users',
    ],
    [
      'a reference to a row that does not exist, in a change',
      ({ users }) => users.update(7, { groups: [STAFF, 'ffffffff-0000-4000-8000-000000000000'] }),
      'users.groups: "ffffffff-0000-4000-8000-000000000000" is no pk in groups',
    ],
    [
      'a key that another row has',
      ({ authorization_codes }) => authorization_codes.create({ pk: 1, ...CODE }),
      'authorization_codes.pk: 1 is already that of authorization_codes.get(1)',
    ],
    [
      'a unique value that another row has',
      ({ users }) => users.update(8, { username: 'alice' }),
      'users.username: "alice" is already that of users.get(7)',
    ],
    [
      'a value of the wrong form',
      ({ authorization_codes }) => authorization_codes.create({ ...CODE, expires: 'tomorrow' }),
      'authorization_codes.expires: "tomorrow" is no instant. Write one like 2024-09-27T14:26:18Z, or a time from now, such as +5m',
    ],
    [
      'a value of the wrong type',
      ({ users }) => users.update(7, { is_active: 'yes' as never }),
      'users.is_active: Invalid input: expected boolean, received string',
    ],
    ['a field that is missing', ({ groups }) => groups.create({}), 'groups.name: is missing; give a string'],
    [
      'a field that there is not',
      ({ users }) => users.update(7, { nickname: 'al' } as never),
      'users.nickname: there is no such field; the nearest is username',
    ],
    [
      'a value that contradicts what follows from other rows',
      ({ users }) => users.update(7, { is_superuser: true } as never),
      'users.is_superuser: is true, but follows from the other rows as false: put them into a group with is_superuser',
    ],
  ])('%s', async (_, write, problem) => {
    expect(await problemsOf(write)).toEqual([problem])
  })

  it('a change of a row that is not there', async () => {
    const { world } = await startMock()
    await expect(world.users.update(99, { name: 'x' })).rejects.toThrow(
      'Failed to find a row: users has none with the pk 99.',
    )
  })

  it('and says everything that is wrong', async () => {
    const create = ({ authorization_codes }: MockWorld) =>
      authorization_codes.create({ ...CODE, user: 99, provider: 98 })
    const problems = await problemsOf(create)
    expect(problems.toSorted()).toEqual([
      'authorization_codes.provider: 98 is no pk in providers',
      'authorization_codes.user: 99 is no pk in users',
    ])
    await expect(create(mock().world)).rejects.toThrow(
      `Failed to write a row of authorization_codes: ${problems.join('; ')}.`,
    )
  })
})
