/** A snapshot holds everything that a mock knows, and costs little: tests go back to it as often as they like. */
import { describe, expect, it } from 'vitest'
import { mock, type Mock } from '../../src/entries/index.ts'
import { clientOf, worldOf } from '../support/client.ts'
import { adminOf, observed, recordedWorldOf } from '../support/recordings.ts'

const NOW = '2024-09-27T14:26:18.306Z'

/** A ready mock of a recorded world, with rows that are kept aside. */
async function startMock(): Promise<Mock> {
  const authentik = observed({ world: recordedWorldOf('next-2024.8.4'), now: NOW })
  await authentik.ready
  return authentik
}
/** Makes an application. @returns the slugs of all */
async function slugsWith(authentik: Mock, slug: string): Promise<string[]> {
  await adminOf(authentik).post('/core/applications/', { name: slug, slug })
  return slugsOf(authentik)
}
const slugsOf = (authentik: Mock) => [...authentik.world.applications.values()].map(({ slug }) => slug)
const whoIs = async (authentik: Mock, headers: Record<string, string>) =>
  (await clientOf(authentik).get('/core/users/me/', { headers })).json.user?.username

describe('a snapshot', () => {
  it('brings back rows that were made, changed and deleted since', async () => {
    const authentik = await startMock()
    const start = worldOf(authentik)
    const snapshot = authentik.snapshot()
    const client = adminOf(authentik)
    await client.post('/core/applications/', { name: 'New', slug: 'new' })
    await client.patch('/core/applications/demo/', { meta_description: 'changed' })
    await client.delete('/core/users/8/')
    expect(worldOf(authentik)).not.toEqual(start)
    await authentik.restore(snapshot)
    expect(worldOf(authentik)).toEqual(start)
    expect((await client.get('/core/applications/demo/')).json.meta_description).toBe('')
    expect((await client.get('/core/users/8/')).status).toBe(200)
  })

  it('holds who may do what, the secret key, and what is kept aside', async () => {
    const authentik = await startMock()
    const { permissions, aside } = authentik.world
    const { secret_key } = worldOf(authentik)
    expect([Object.keys(permissions).length, Object.keys(aside).length].every((count) => count > 2)).toBe(true)
    await authentik.restore(authentik.snapshot())
    expect([authentik.world.permissions, authentik.world.aside]).toEqual([permissions, aside])
    expect(worldOf(authentik)).toMatchObject({ secret_key, permissions, ...aside })
  })

  it('holds who is logged in', async () => {
    const authentik = await startMock()
    const nobody = authentik.snapshot()
    const alice = await authentik.logIn('alice')
    const somebody = authentik.snapshot()
    await authentik.restore(nobody)
    expect(await whoIs(authentik, alice)).toBeUndefined()
    await authentik.restore(somebody)
    expect(await whoIs(authentik, alice)).toBe('alice')
  })

  it('holds where chance stands: what is made after it is the same each time', async () => {
    const authentik = await startMock()
    const snapshot = authentik.snapshot()
    const make = async () => {
      const { json } = await adminOf(authentik).post('/core/applications/', { name: 'New', slug: 'new' })
      return [json.pk, await authentik.logIn('alice')]
    }
    const created = await make()
    await authentik.restore(snapshot)
    expect(await make()).toEqual(created)
    expect((await authentik.logIn('alice')).Cookie).not.toBe((created[1] as { Cookie: string }).Cookie)
  })

  it('does not give a number twice that a row had after it, unless it is restored', async () => {
    const authentik = await startMock()
    const snapshot = authentik.snapshot()
    const { authorization_flow } = authentik.world.providers.get(1) ?? {}
    const create = async (name: string) =>
      (await adminOf(authentik).post('/providers/oauth2/', { name, authorization_flow })).json.pk
    const pk = await create('first')
    expect(await create('second')).toBe(pk + 1)
    await authentik.restore(snapshot)
    expect(await create('first')).toBe(pk)
  })

  it('can be restored twice, and changes between do not reach it', async () => {
    const authentik = await startMock()
    const start = worldOf(authentik)
    const snapshot = authentik.snapshot()
    for (const slug of ['one', 'two']) {
      expect(await slugsWith(authentik, slug)).toContain(slug)
      await authentik.world.users.update(7, { name: slug })
      await authentik.restore(snapshot)
      expect(worldOf(authentik)).toEqual(start)
    }
  })

  it('stands beside others, in any order', async () => {
    const authentik = await startMock()
    const start = slugsOf(authentik)
    const empty = authentik.snapshot()
    const slugsOfOne = await slugsWith(authentik, 'one')
    const first = authentik.snapshot()
    await authentik.restore(empty)
    const slugsOfTwo = await slugsWith(authentik, 'two')
    const second = authentik.snapshot()
    for (const [snapshot, slugs] of [
      [first, slugsOfOne] as const,
      [second, slugsOfTwo] as const,
      [empty, start] as const,
    ]) {
      await authentik.restore(snapshot)
      expect(slugsOf(authentik)).toEqual(slugs)
    }
  })

  it('is restored after the writes that were sent before', async () => {
    const authentik = await startMock()
    const start = slugsOf(authentik)
    const snapshot = authentik.snapshot()
    const [{ status }] = await Promise.all([
      adminOf(authentik).post('/core/applications/', { name: 'New', slug: 'new' }),
      new Promise<void>((resolve) => setTimeout(resolve)).then(() => authentik.restore(snapshot)),
    ])
    expect([status, slugsOf(authentik)]).toEqual([201, start])
  })
})

describe('a reset', () => {
  it('forgets who is logged in, and what was done since the start', async () => {
    const authentik = await startMock()
    const start = worldOf(authentik)
    const alice = await authentik.logIn('alice')
    await slugsWith(authentik, 'new')
    authentik.clock.move(60_000)
    await authentik.reset()
    expect(await whoIs(authentik, alice)).toBeUndefined()
    expect([worldOf(authentik), authentik.clock.now()]).toEqual([start, Date.parse(NOW)])
  })

  it('goes to the start, also after a snapshot was restored', async () => {
    const authentik = await startMock()
    const start = slugsOf(authentik)
    await slugsWith(authentik, 'one')
    await authentik.restore(authentik.snapshot())
    await authentik.reset()
    expect(slugsOf(authentik)).toEqual(start)
  })

  it('keeps the token that the mock was given', async () => {
    const authentik = mock({ token: 'key' })
    await authentik.reset()
    expect((await clientOf(authentik, { token: 'key' }).get('/core/users/me/')).json.user.username).toBe('akadmin')
  })
})
