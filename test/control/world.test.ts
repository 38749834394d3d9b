/** The world by the control API: rows by every kind of key, files that are taken whole or not at all, what was kept. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { ControlledMock } from '../../src/entries/control.ts'
import { resources } from '../../src/authentik/resources/index.ts'
import { readJson } from '../support/files.ts'
import { worldOf, type Row } from '../support/client.ts'
import { OAuthClient } from '../support/oauth-client.ts'
import { askerIn, askerOf, controlledMock, onSocket, type Ask } from '../support/control.ts'

let authentik: ControlledMock
let ask: Ask
beforeEach(async () => {
  authentik = await controlledMock({ now: '2024-09-27T14:26:18Z' })
  ask = askerIn(authentik)
})

describe('a row', () => {
  it.each(resources.map(({ name, key }) => [name, key]))('of %s is read by its %s', async (name, key) => {
    const { json } = await ask('GET', `world/${name}/?limit=1000`)
    expect(json['rows']).toHaveLength(json['count'])
    for (const row of json['rows'].slice(0, 3) as Row[])
      expect((await ask('GET', `world/${name}/${encodeURIComponent(row[key])}/`)).json).toEqual(row)
    const page = await ask('GET', `world/${name}/?limit=1&offset=1`)
    expect(page.json).toEqual({ count: json['count'], rows: json['rows'].slice(1, 2) })
  })

  it.each<[kind: string, path: string, row: Row, change: Row]>([
    ['a number', 'users/4711', { username: 'ada', name: 'Ada' }, { name: 'Ada L.' }],
    ['a UUID', 'groups/0A0A0A0A-1111-4222-8333-444444444444', { name: 'Staff' }, { is_superuser: true }],
    [
      'an identifier',
      'api_tokens/my-token',
      { user: 1, key: 'my-key-of-some-length', intent: 'api', expiring: false },
      { description: 'mine' },
    ],
    [
      'digits that are an identifier',
      'api_tokens/0815',
      { user: 1, key: 'another-key-of-length', intent: 'api', expiring: false },
      { description: 'mine' },
    ],
    [
      'an identifier with a dot',
      'api_tokens/my.token',
      { user: 1, key: 'third-key-of-some-length', intent: 'api', expiring: false },
      { description: 'x' },
    ],
  ])('is made, changed and deleted by %s', async (_kind, path, row, change) => {
    const created = await ask('POST', `world/${path}/`, row)
    expect([created.status, created.json]).toEqual([201, expect.objectContaining(row)])
    expect((await ask('POST', `world/${path}/`, row)).status).toBe(400)
    expect((await ask('PATCH', `world/${path}/`, change)).json).toEqual({ ...created.json, ...change })
    expect((await ask('GET', `world/${path.toLowerCase()}/`)).status).toBe(200)
    expect((await ask('DELETE', `world/${path}/`)).status).toBe(204)
    expect((await ask('DELETE', `world/${path}/`)).status).toBe(404)
  })
})

describe('a world file', () => {
  it('that GET gives, PUT takes, for every release and for a recorded world', async () => {
    for (const options of [
      { release: '2024.2.0' },
      { release: '2026.8.3' },
      { world: readJson('fixtures/recordings/2024.8.4.world.json') },
    ]) {
      const target = await controlledMock(options as never)
      const { json: file } = await askerIn(target)('GET', 'world/')
      expect((await ask('PUT', 'world/', (await ask('GET', 'world/')).json)).status).toBe(204)
      expect((await askerIn(target)('PUT', 'world/', file)).status).toBe(204)
      expect((await askerIn(target)('GET', 'world/')).json).toEqual(file)
      expect((await askerIn(target)('GET', 'difference/')).json).toEqual({})
    }
  })

  it('may be longer than any other body: a world of 5,000 codes goes out by a socket, and in again', async () => {
    const target = await controlledMock({ codes: 5000 })
    const socket = await onSocket(target)
    const send = askerOf(socket.send, target.control.token)
    const { text } = await send('GET', 'world/')
    expect(text.length).toBeGreaterThan(1024 * 1024)
    expect((await send('PUT', 'world/', text)).status).toBe(204)
    expect((await send('POST', 'scenarios/', text)).status).toBe(413)
    await socket.close()
  })

  it('is merged: rows with a key that is there are changed, others are added, and the rest stays', async () => {
    const { users, ...rest } = worldOf(authentik as never)
    const group = authentik.world.groups.values().next().value!
    const file = {
      users: [
        { pk: 2, name: 'Changed' },
        { pk: 900, username: 'new', name: 'New', groups: [group.pk.toUpperCase()] },
      ],
      groups: [{ pk: group.pk.toUpperCase(), is_superuser: true }],
      permissions: { akadmin: ['view_user'] },
    }
    expect((await ask('PATCH', 'world/', file)).status).toBe(204)
    const world = worldOf(authentik as never)
    expect(world.users.slice(0, users.length)).toEqual(
      users.map((row) => (row['pk'] === 2 ? { ...row, name: 'Changed' } : row)),
    )
    expect(world.users.at(-1)).toMatchObject({ pk: 900, username: 'new', groups: [group.pk] })
    expect(world.permissions).toEqual({ akadmin: ['view_user'] })
    expect(world['secret_key']).toBe(rest['secret_key'])
    expect(world.authorization_codes).toEqual(rest.authorization_codes)
    expect(authentik.world.groups.size).toBe(rest.groups.length)
    // A key that was given once is given to nobody else.
    expect((await ask('POST', 'world/users/', { username: 'next', name: 'Next' })).json['pk']).toBe(901)
  })

  it('is merged where others follow from what changes, such as the slug of an application', async () => {
    const application = authentik.world.applications.values().next().value!
    const { status } = await ask('PATCH', 'world/', { applications: [{ pk: application.pk, slug: 'another' }] })
    expect(status).toBe(204)
    const { json } = await ask('GET', 'world/')
    const provider = json['providers'].find(({ pk }: Row) => pk === application.provider)
    expect([
      provider.assigned_application_slug ?? 'another',
      authentik.world.applications.get(application.pk)?.slug,
    ]).toEqual(['another', 'another'])
  })

  it('is no news of each grant in it: what was there at the start was made by nobody', async () => {
    const { json: present } = await ask('GET', 'grants/')
    await ask('PATCH', 'world/', { users: [{ pk: 2, name: 'Changed' }] })
    const { json: grants } = await ask('GET', 'grants/')
    expect((grants as unknown as Row[]).map(({ created }) => created)).toEqual(
      (present as unknown as Row[]).map(() => null),
    )
  })

  it('is taken whole or not at all, though something else is asked meanwhile', async () => {
    const state = worldOf(authentik as never)
    const wrong = ask('PUT', 'world/', {
      users: [
        { pk: 1, username: 'a' },
        { pk: 1, username: 'b' },
      ],
    })
    const answers = await Promise.all([wrong, ask('POST', 'reset/'), ask('PATCH', 'world/', { groups: [{ pk: 'x' }] })])
    expect(answers.map(({ status }) => status)).toEqual([400, 204, 400])
    expect(worldOf(authentik as never)).toEqual(state)
  })
})

describe('what differs from the start', () => {
  it('is what was made, changed and deleted; nothing of what was changed back', async () => {
    const name = authentik.world.users.get(3)!.name
    await authentik.world.users.update(2, { name: 'Changed' })
    await authentik.world.users.update(3, { name: 'Changed' })
    await authentik.world.users.update(3, { name })
    await authentik.world.users.delete(5)
    const { pk } = await authentik.mint({ kind: 'authorization_codes', user: 'akadmin', provider: 1 })
    const { json } = await ask('GET', 'difference/')
    expect(json['users'].updated).toEqual([
      { key: 2, before: expect.objectContaining({ pk: 2 }), after: expect.objectContaining({ name: 'Changed' }) },
    ])
    expect(json['users'].deleted.map((row: Row) => row['pk'])).toEqual([5])
    expect(json['authorization_codes'].created.map((row: Row) => row['pk'])).toEqual([pk])
    await ask('POST', 'reset/')
    expect((await ask('GET', 'difference/')).json).toEqual({})
  })
})

describe('snapshots', () => {
  it('are kept beside each other, and end when a hundred are there', async () => {
    const ids: string[] = []
    for (let number = 0; number < 100; number++) {
      await authentik.world.users.update(2, { name: `Name ${number}` })
      ids.push((await ask('POST', 'snapshots/')).json['id'])
    }
    const refused = await ask('POST', 'snapshots/')
    expect([refused.status, refused.json['problems']]).toEqual([
      400,
      ['snapshots: 100 are kept; forget one with DELETE snapshots/{id}/'],
    ])
    for (const number of [7, 99, 0]) {
      await ask('POST', `snapshots/${ids[number]}/restore/`)
      expect(authentik.world.users.get(2)?.name).toBe(`Name ${number}`)
    }
    await ask('DELETE', `snapshots/${ids[99]}/`)
    expect(ids).not.toContain((await ask('POST', 'snapshots/')).json['id'])
  })

  it('of a login bring back what it had made: its tokens work, and what came later does not', async () => {
    const client = new OAuthClient(authentik as never)
    const first = await authentik.mint({ kind: 'access_tokens', user: 'akadmin', provider: 1 })
    const { json } = await ask('POST', 'snapshots/')
    const second = await authentik.mint({ kind: 'access_tokens', user: 'akadmin', provider: 1 })
    await authentik.revoke('access_tokens', first.pk)
    await ask('POST', `snapshots/${json['id']}/restore/`)
    const isActive = async (token: string) => (await client.introspect(token)).json['active']
    expect([await isActive(first.value), await isActive(second.value)]).toEqual([true, false])
  })
})
