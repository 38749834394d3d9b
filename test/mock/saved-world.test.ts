/** A world is saved and loaded by another mock that begins alike, and tells of its changes. */
import { describe, expect, it, vi } from 'vitest'
import { mock, type MockOptions } from '../../src/entries/index.ts'
import { clientOf, readyMock, worldOf } from '../support/client.ts'

const CODE = '/oauth2/authorization_codes/1/'
const parse = (value: unknown): Record<string, unknown> => JSON.parse(JSON.stringify(value))

/** A world of its own, small enough to be changed in a line. */
const worldWith = (username: string) => ({
  groups: [{ pk: '5fd0a2d6-ad46-4341-bd04-c823aab242b6', name: 'admins', is_superuser: true }],
  users: [{ pk: 1, username, groups: ['5fd0a2d6-ad46-4341-bd04-c823aab242b6'] }],
})

describe('a saved world', () => {
  it('is loaded as it was: rows, sessions, and what follows by chance or by number', async () => {
    const authentik = await readyMock({ token: 'key' })
    const session = await authentik.logIn('akadmin')
    const { pk } = await authentik.world.authorization_codes.create({ user: 2, provider: 1, scope: 'openid' })
    await authentik.world.authorization_codes.delete(pk)
    const twin = await readyMock({ token: 'key' })
    await twin.load(parse(authentik.save()))
    expect(worldOf(twin)).toEqual(worldOf(authentik))
    const [next, loaded] = await Promise.all(
      [authentik, twin].map(({ world }) => world.authorization_codes.create({ user: 2, provider: 1, scope: 'openid' })),
    )
    expect(next?.pk).toBe(pk + 1)
    expect(loaded).toEqual(next)
    expect(await twin.logIn('akadmin')).toEqual(await authentik.logIn('akadmin'))
    expect((await clientOf(twin).get('/core/users/me/', { headers: session })).json.user.username).toBe('akadmin')
  })

  it('is loaded in the first turn, also when it comes later: ready, requests and logins wait for it', async () => {
    const authentik = await readyMock()
    await authentik.world.authorization_codes.delete(1)
    const twin = mock()
    const loading = twin.load(Promise.resolve(parse(authentik.save())))
    const session = await twin.logIn('akadmin')
    expect((await clientOf(twin).get(CODE, { headers: session })).status).toBe(404)
    await twin.ready
    expect(twin.world.authorization_codes.has(1)).toBe(false)
    await loading
  })

  it('is forgotten by reset, which goes back to the start', async () => {
    const authentik = await readyMock()
    await authentik.world.authorization_codes.delete(1)
    const twin = await readyMock()
    const start = worldOf(twin)
    await twin.load(parse(authentik.save()))
    await twin.reset()
    expect(worldOf(twin)).toEqual(start)
  })

  it.each<[string, MockOptions, MockOptions]>([
    ['release', {}, { release: '2025.12' }],
    ['seed', { seed: 1 }, { seed: 2 }],
    ['number of codes', { codes: 3 }, { codes: 4 }],
    ['token', { token: 'a' }, { token: 'b' }],
    ['world', { world: worldWith('alice') }, { world: worldWith('bob') }],
  ])('of a mock with another %s is refused, and the world stays', async (_, options, changed) => {
    const saved = parse((await readyMock(options)).save())
    const authentik = await readyMock(changed)
    const world = worldOf(authentik)
    const message = 'Failed to load a saved world: a mock of another release, seed, codes, token or world saved it.'
    await expect(authentik.load(saved)).rejects.toMatchObject({ code: 'ERR_WORLD', message })
    expect(worldOf(authentik)).toEqual(world)
    await authentik.ready
    await (await readyMock(options)).load(saved)
  })

  it.each([null, 5, 'text', {}, []])('that is none is refused: %j', async (value) => {
    const authentik = await readyMock()
    const message = 'Failed to load a saved world: it is none. Give what save() gave.'
    await expect(authentik.load(value)).rejects.toMatchObject({ code: 'ERR_WORLD', message })
  })

  it.each([
    [{ highest: { users: 'a' } }, 'it is not as save() gave it'],
    [{ highest: null }, 'it is not as save() gave it'],
    [{ random: [1, 2, 3] }, 'it is not as save() gave it'],
    [{ world: { users: [{ pk: 0 }] } }, 'Failed to load the world: users[0].pk'],
    [{ world: null }, 'Failed to load the world: the file'],
  ])('that somebody has changed is refused: %j', async (change, reason) => {
    const authentik = await readyMock()
    const world = worldOf(authentik)
    await expect(authentik.load({ ...parse(authentik.save()), ...change })).rejects.toMatchObject({
      code: 'ERR_WORLD',
      message: expect.stringContaining(reason),
    })
    expect(worldOf(authentik)).toEqual(world)
  })

  it('is no world yet before the mock is ready', () => {
    expect(() => mock().save()).toThrow('Failed to save the world: the world is not filled yet. Await ready.')
  })
})

describe("on('change')", () => {
  it('is called once after each turn that changed something, when nothing is half done, and not by what reads', async () => {
    const authentik = await readyMock({ token: 'key' })
    const codes: number[] = []
    const stop = authentik.on('change', () => codes.push(authentik.world.authorization_codes.size))
    const client = clientOf(authentik, { token: 'key' })
    await client.get(CODE)
    expect(codes).toEqual([])
    const [{ status }] = await Promise.all([client.delete(CODE), client.get(CODE)])
    expect([status, codes]).toEqual([204, [19]])
    const { user } = authentik.world.authorization_codes.get(2)!
    await authentik.world.users.delete(user)
    const rest = authentik.world.authorization_codes.size
    expect([rest < 19, codes]).toEqual([true, [19, rest]])
    await authentik.reset()
    await authentik.logIn('akadmin')
    expect(codes).toEqual([19, rest, 20, 20])
    stop()
    await client.delete(CODE)
    expect(codes).toHaveLength(4)
  })

  it('is not called when the world is filled, be it subscribed to before or while that happens', async () => {
    const listener = vi.fn<() => void>()
    const authentik = mock()
    authentik.on('change', listener)
    await Promise.resolve()
    authentik.on('change', listener)
    await authentik.ready
    expect(listener).not.toHaveBeenCalled()
    await authentik.logIn('akadmin')
    expect(listener).toHaveBeenCalledTimes(2)
  })

  it('what a listener throws changes no answer, and the other listeners hear it all the same', async () => {
    const authentik = await readyMock({ token: 'key' })
    const listener = vi.fn<() => void>()
    authentik.on('change', () => {
      throw new Error('no')
    })
    authentik.on('change', listener)
    expect((await clientOf(authentik, { token: 'key' }).delete(CODE)).status).toBe(204)
    expect(listener).toHaveBeenCalledOnce()
  })
})
