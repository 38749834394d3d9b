/** Every verb of the control API, by each way to a mock; and the same verbs of the library. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { control, type ControlledMock } from '../../src/entries/control.ts'
import { MockError, type Mock } from '../../src/entries/index.ts'
import { worldOf } from '../support/client.ts'
import { askerOf, controlledMock, WAYS, type Ask, type Way } from '../support/control.ts'
import { documentedAsker } from '../support/control-document.ts'

const NOW = '2024-09-27T14:26:18Z'

describe('a program in JavaScript', () => {
  it.each([[undefined], [{ token: 'key' }]])('is told that %j is no mock', (options) => {
    expect(() => control(options as unknown as Mock)).toThrow(
      new MockError('ERR_OPTION', 'Failed to find a mock: this is none. Give what mock() gave.'),
    )
  })

  it('is told of a text in place of a number', async () => {
    const authentik = await controlledMock()
    await expect(authentik.expire('authorization_codes', '1' as unknown as number)).rejects.toThrow(
      'pk: authorization_codes has none with the pk "1".',
    )
  })

  it('is told of an operation that there is not, of which it would count none', async () => {
    const { journal } = await controlledMock()
    const filter = { operationId: 'core_users_destry' }
    const message = '2024.8.3 has no operation "core_users_destry" here; the nearest is core_users_destroy.'
    expect(() => journal.count(filter)).toThrow(message)
    await expect(journal.waitFor(filter)).rejects.toThrow(message)
  })
})

describe.each(Object.entries(WAYS))('the control API, asked %s,', (_title, open) => {
  let authentik: ControlledMock
  let way: Way
  let ask: Ask
  beforeAll(async () => {
    authentik = await controlledMock({ now: NOW })
    way = await open(authentik)
    ask = await documentedAsker(askerOf(way.send, authentik.control.token))
  })
  afterAll(() => way.close())
  beforeEach(() => authentik.reset())

  const me = (headers = { Authorization: `Bearer ${authentik.tokens().superuser}` }) =>
    way.send('/api/v3/core/users/me/', { headers })

  it('says what runs there', async () => {
    const { json } = await ask('GET', 'status/')
    expect(json).toMatchObject({ release: '2024.8.3', seed: 1, namespace: null, clock: { now: NOW, frozen: true } })
    expect(json['rows'].users).toBe(authentik.world.users.size)
    expect(json['tokens']).toEqual(authentik.tokens())
  })

  it('starts again: world, clock, journal and scenarios are as at the start', async () => {
    const start = worldOf(authentik)
    await me()
    await authentik.world.users.update(2, { name: 'Changed' })
    authentik.clock.move(60_000)
    authentik.scenario({ name: 'slow' })
    expect((await ask('POST', 'reset/')).status).toBe(204)
    expect(worldOf(authentik)).toEqual(start)
    expect((await ask('GET', 'clock/')).json).toEqual({ now: NOW, frozen: true })
    expect((await ask('GET', 'journal/')).json).toEqual([])
    expect((await ask('GET', 'scenarios/')).json['active']).toEqual([])
  })

  it('keeps the world and the clock, goes back to them, and forgets them', async () => {
    const { status, json } = await ask('POST', 'snapshots/')
    expect(status).toBe(201)
    await authentik.world.users.update(2, { name: 'Changed' })
    await ask('PATCH', 'clock/', { moveBy: '+1d', frozen: false })
    expect((await ask('POST', `snapshots/${json['id']}/restore/`)).status).toBe(204)
    expect(authentik.world.users.get(2)?.name).not.toBe('Changed')
    expect((await ask('GET', 'clock/')).json).toEqual({ now: NOW, frozen: true })
    expect((await ask('GET', 'snapshots/')).json).toEqual([json])
    expect((await ask('DELETE', `snapshots/${json['id']}/`)).status).toBe(204)
    expect((await ask('POST', `snapshots/${json['id']}/restore/`)).status).toBe(404)
    const next = await ask('POST', 'snapshots/')
    expect(next.json['id']).not.toBe(json['id'])
    await ask('DELETE', `snapshots/${next.json['id']}/`)
  })

  it('reads the world as a world file, replaces it and merges into it', async () => {
    const { json: file } = await ask('GET', 'world/')
    expect((await ask('PATCH', 'world/', { users: [{ pk: 2, name: 'Merged' }] })).status).toBe(204)
    expect(authentik.world.users.get(2)?.name).toBe('Merged')
    const { json: difference } = await ask('GET', 'difference/')
    expect(difference['users'].updated.map(({ key }: { key: number }) => key)).toEqual([2])
    expect((await ask('PUT', 'world/', file)).status).toBe(204)
    expect((await ask('GET', 'world/')).json).toEqual(file)
    expect((await ask('GET', 'difference/')).json).toEqual({})
  })

  it('reads, makes, changes and deletes a row', async () => {
    const created = await ask('POST', 'world/users/4711/', { username: 'ada', name: 'Ada' })
    expect([created.status, created.json['pk'], created.json['username']]).toEqual([201, 4711, 'ada'])
    expect((await ask('PATCH', 'world/users/4711/', { name: 'Ada L.' })).json['name']).toBe('Ada L.')
    expect((await ask('GET', 'world/users/4711/')).json['name']).toBe('Ada L.')
    const { json } = await ask('GET', 'world/users/?search=ADA%20L&limit=5')
    expect([json['count'], json['rows'][0].pk]).toEqual([1, 4711])
    expect((await ask('DELETE', 'world/users/4711/')).status).toBe(204)
    expect((await ask('GET', 'world/users/4711/')).status).toBe(404)
    expect((await ask('POST', 'world/users/', { username: 'bea', name: 'Bea' })).json['pk']).toBeGreaterThan(4711)
  })

  it('seeds anew, which is then the start', async () => {
    const twin = await controlledMock({ now: NOW, seed: 7, codes: 3 })
    await ask('PATCH', 'clock/', { moveBy: '+9d' })
    expect((await ask('POST', 'seed/', { seed: 7, codes: 3 })).status).toBe(204)
    expect(worldOf(authentik)).toEqual(worldOf(twin))
    expect((await ask('GET', 'status/')).json['seed']).toBe(7)
    await authentik.world.users.update(2, { name: 'Changed' })
    await ask('POST', 'reset/')
    expect(worldOf(authentik)).toEqual(worldOf(twin))
    await ask('POST', 'seed/', { seed: 1, codes: 20 })
  })

  it('sets, moves, stops and starts the clock', async () => {
    expect((await ask('PATCH', 'clock/', { now: '2030-01-01T00:00:00Z', moveBy: '+1h30m' })).json).toEqual({
      now: '2030-01-01T01:30:00Z',
      frozen: true,
    })
    expect((await ask('PATCH', 'clock/', { moveBy: -5_400_000 })).json['now']).toBe('2030-01-01T00:00:00Z')
    expect((await ask('PATCH', 'clock/', { frozen: false })).json['frozen']).toBe(false)
    expect((await me()).headers.get('Date')).toMatch(/Jan 2030/)
  })

  it('logs a user in, and makes a token of theirs', async () => {
    const { status, json: headers } = await ask('POST', 'sessions/', { user: 'akadmin' })
    expect(status).toBe(201)
    expect((await me(headers as never)).status).toBe(200)
    const { json } = await ask('POST', 'tokens/', { user: 2, intent: 'api' })
    expect((await (await me({ Authorization: `Bearer ${json['key']}` })).json()).user.pk).toBe(2)
  })

  it('logs no inactive user in, whom authentik would show the login', async () => {
    const username = 'sleeper'
    await ask('POST', 'world/users/4712/', { username, name: 'Sleeper', is_active: false })
    const { status, json } = await ask('POST', 'sessions/', { user: username })
    expect([status, json['problems']]).toEqual([400, [expect.stringContaining(`user: ${username} is inactive`)]])
  })

  it('mints a grant, has it expire, and revokes it', async () => {
    const { json: minted } = await ask('POST', 'grants/', { kind: 'access_tokens', user: 'akadmin', provider: 1 })
    const stateOf = async () => {
      const { json } = await ask('GET', 'grants/?kind=access_tokens')
      return (json as unknown as { pk: number; state: string }[]).find(({ pk }) => pk === minted['pk'])?.state
    }
    expect(await stateOf()).toBe('active')
    expect((await ask('POST', `grants/access_tokens/${minted['pk']}/expire/`)).status).toBe(204)
    expect(await stateOf()).toBe('expired')
    expect((await ask('POST', `grants/access_token/${minted['pk']}/revoke/`)).status).toBe(204)
    expect(await stateOf()).toBe('revoked')
  })

  it('has something go wrong, and lets it go right again', async () => {
    const { status, json } = await ask('POST', 'scenarios/', { operationId: 'core_users_me_retrieve', status: 418 })
    expect([status, json['struck']]).toEqual([201, 0])
    expect((await me()).status).toBe(418)
    const { json: list } = await ask('GET', 'scenarios/')
    expect(list['active']).toMatchObject([{ id: json['id'], struck: 1 }])
    expect(list['named']).toHaveLength(8)
    expect((await ask('DELETE', `scenarios/${json['id']}/`)).status).toBe(204)
    expect((await me()).status).toBe(200)
    await ask('POST', 'scenarios/', { name: 'html-error-500' })
    expect((await ask('DELETE', 'scenarios/', { name: 'html-error-500' })).status).toBe(204)
    expect((await ask('DELETE', 'scenarios/', { name: 'html-error-500' })).status).toBe(404)
    await ask('POST', 'scenarios/', { name: 'rate-limited' })
    expect((await ask('DELETE', 'scenarios/')).status).toBe(204)
    expect((await me()).status).toBe(200)
  })

  it('tells what was asked, waits for what comes, and forgets it', async () => {
    await me()
    const { json } = await ask('GET', 'journal/?operationId=core_users_me_retrieve&status=200')
    expect(json).toHaveLength(1)
    expect(json[0]).toMatchObject({ user: 'akadmin', kind: 'api', outcome: 'answered' })
    expect((await ask('GET', `journal/${json[0].id}/`)).json['id']).toBe(json[0].id)
    const waiting = ask('GET', `journal/wait/?after=${json[0].id}`)
    await me()
    expect((await waiting).json['id']).toBe(json[0].id + 1)
    const late = await ask('GET', 'journal/wait/?status=599&timeout=1')
    expect([late.status, late.json.detail]).toEqual([
      408,
      'Failed to wait for a request: none like {"status":599} came within 1 ms. See what came: GET /-/mock/api/journal/.',
    ])
    expect((await ask('GET', 'journal/har/')).json['log'].entries).toHaveLength(2)
    expect((await ask('DELETE', 'journal/')).status).toBe(204)
    expect((await ask('GET', 'journal/')).json).toEqual([])
  })

  it('tells live what happens', async () => {
    const { token } = authentik.control
    const giveUp = new AbortController()
    const headers = { Authorization: `Bearer ${token}` }
    const response = await way.send('/-/mock/api/events/', { headers, signal: giveUp.signal })
    expect(response.headers.get('Content-Type')).toBe('text/event-stream')
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    await reader.read()
    await me()
    expect((await reader.read()).value).toMatch(/^event: journal\ndata: \{"type":"journal","entries":\[\{/)
    giveUp.abort()
    await reader.cancel().catch(() => {})
  })

  it('says what a release documents of an operation', async () => {
    const { json } = await ask('GET', 'operations/core_users_me_retrieve/')
    expect(json).toMatchObject({ method: 'GET', path: '/core/users/me/' })
    expect((await ask('GET', 'operations/core_user_me_retrieve/')).json['detail']).toContain('core_users_me_retrieve')
  })

  it('lists namespaces, and drops one', async () => {
    await way.send('/api/v3/root/config/', { headers: { 'X-Authentik-Mock-Namespace': 'one.two' } })
    expect((await ask('GET', 'namespaces/')).json).toMatchObject([{ name: 'one.two', requests: 1 }])
    expect((await ask('DELETE', 'namespaces/one.two/')).status).toBe(204)
    expect((await ask('DELETE', 'namespaces/one.two/')).status).toBe(404)
  })

  it('answers HEAD as GET without its body, and OPTIONS with the methods', async () => {
    const headers = { Authorization: `Bearer ${authentik.control.token}` }
    for (const path of ['status/', 'events/']) {
      const { status, body } = await way.send(`/-/mock/api/${path}`, { method: 'HEAD', headers })
      expect([path, status, body]).toEqual([path, 200, null])
    }
    const response = await way.send('/-/mock/api/clock/', { method: 'OPTIONS', headers })
    expect([response.status, response.headers.get('Allow')]).toEqual([204, 'GET, PATCH, OPTIONS'])
  })
})
