/** One clock says what is over: in the API, at the OAuth endpoints, and in the tokens. */
import { describe, expect, it, vi } from 'vitest'
import { mock, type Mock, type MockOptions } from '../../../src/entries/index.ts'
import { clientOf, readyMock, rowsOf, worldOf } from '../../support/client.ts'
import { claimsOf, OAuthClient } from '../../support/oauth-client.ts'

/** Half a minute after authentik cleaned up: it does again at 00:07. */
const NOW = '2030-01-01T00:02:30Z'
const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000]

/** A login, of which one code is still to be exchanged, and another was. */
async function logIn(options: MockOptions = {}) {
  const authentik = await readyMock({ now: NOW, login: 'auto', token: 'key', ...options })
  const client = new OAuthClient(authentik)
  const { json } = await client.exchange(await client.code({ scope: 'openid offline_access' }))
  const code = await client.code()
  return { authentik, client, api: clientOf(authentik, { token: 'key' }), code, tokens: json }
}
type Login = Awaited<ReturnType<typeof logIn>>

const lastOf = (authentik: Mock, resource: string) => rowsOf(authentik, resource).list().at(-1)!

/** What the API says of each row of a login, by their paths when it was made. */
function readerOf({ authentik, api, client }: Login) {
  const paths = ['authorization_codes', 'access_tokens', 'refresh_tokens'].map(
    (resource) => `/oauth2/${resource}/${lastOf(authentik, resource)['pk']}/`,
  )
  const cookie = [...client.cookies].map((pair) => pair.join('=')).join('; ')
  const { uuid } = lastOf(authentik, 'authenticated_sessions')
  return async () => {
    const rows = await Promise.all(paths.map((path) => api.get(path)))
    const me = await api.get('/core/users/me/', { as: null, headers: { cookie } })
    const session = rowsOf(authentik, 'authenticated_sessions').has(uuid) ? me.status === 200 : 'gone'
    return [...rows.map(({ status, json }) => (status === 200 ? !json.is_expired : 'gone')), session]
  }
}

/** What the endpoints make of them, the refresh token last, because it is good once. */
async function isGood({ client, code, tokens }: Login) {
  const session = (await client.authorize({ prompt: 'none' })).searchParams.has('code')
  const exchanged = (await client.exchange(code)).status === 200
  const access = (await client.userinfo(tokens['access_token'])).status === 200
  const active = (await client.introspect(tokens['access_token'])).json['active']
  const refreshed = (await client.refresh(tokens['refresh_token'])).status === 200
  return { code: exchanged, access, active, refresh: refreshed, session }
}

describe('moving the clock', () => {
  it.each([
    ['59 seconds', 59 * SECOND, { code: true, access: true, active: true, refresh: true, session: true }],
    ['61 seconds', 61 * SECOND, { code: false, access: true, active: true, refresh: true, session: true }],
    ['an hour', HOUR + SECOND, { code: false, access: false, active: false, refresh: true, session: true }],
    ['a day', DAY + SECOND, { code: false, access: false, active: false, refresh: true, session: false }],
    ['30 days', 30 * DAY + SECOND, { code: false, access: false, active: false, refresh: false, session: false }],
  ])('by %s ends what was good until then, at once and everywhere', async (_, duration, good) => {
    const login = await logIn()
    const read = readerOf(login)
    login.authentik.clock.move(duration)
    const rows = await read()
    expect(rows.map((row) => row === true)).toEqual([good.code, good.access, good.refresh, good.session])
    expect(await isGood(login)).toEqual(good)
  })

  it.each(['2024.2.0', '2024.8.3', '2026.8.3'])('is what `iat` and `exp` follow in %s', async (release) => {
    const { authentik, client } = await logIn({ release })
    authentik.clock.move(12 * HOUR)
    const { json } = await client.exchange(await client.code())
    const now = Date.parse(NOW) / 1000
    for (const token of [json['access_token'], json['id_token']])
      expect(claimsOf(token)).toMatchObject({ iat: now + 43_200, exp: now + 46_800, auth_time: now })
  })

  it('back makes good again what was over, until it is cleaned up', async () => {
    const login = await logIn()
    login.authentik.clock.move(61 * SECOND)
    expect((await login.client.exchange(login.code)).json['error']).toBe('invalid_grant')
    login.authentik.clock.move(-30 * SECOND)
    expect((await login.client.exchange(login.code)).status).toBe(200)
  })
})

describe('what a login made', () => {
  it('is cleaned up when it has expired, at the next 2nd or 7th minute, and not before', async () => {
    const login = await logIn()
    const read = readerOf(login)
    login.authentik.clock.freeze('2030-01-01T00:06:59.999Z')
    expect(await read()).toEqual([false, true, true, true])
    login.authentik.clock.freeze('2030-01-01T00:07:00Z')
    expect(await read()).toEqual(['gone', true, true, true])
    login.authentik.clock.freeze('2030-01-01T01:07:00Z')
    expect(await read()).toEqual(['gone', 'gone', true, true])
    login.authentik.clock.freeze('2030-01-02T00:07:00Z')
    expect(await read()).toEqual(['gone', 'gone', true, 'gone'])
    login.authentik.clock.freeze('2030-01-31T00:07:00Z')
    expect(await read()).toEqual(['gone', 'gone', 'gone', 'gone'])
  })

  it('goes with nobody asking for it, such as a refresh token that was used', async () => {
    const { authentik, client, api, tokens } = await logIn()
    const count = worldOf(authentik).refresh_tokens.length
    await client.refresh(tokens['refresh_token'])
    expect(worldOf(authentik).refresh_tokens).toHaveLength(count + 1)
    authentik.clock.move(31 * DAY)
    await api.get('/root/config/')
    expect(worldOf(authentik).refresh_tokens).toHaveLength(count - 1)
  })

  it('is looked at when somebody asks alone: nothing runs in the background', async () => {
    const { authentik, api } = await logIn()
    const { size } = authentik.world.authorization_codes
    authentik.clock.move(31 * DAY)
    expect(authentik.world.authorization_codes.size).toBe(size)
    await api.get('/root/config/')
    expect(authentik.world.authorization_codes.size).toBe(size - 1)
  })

  it('goes in its time after a snapshot was restored, too', async () => {
    const { authentik, api } = await logIn()
    const { size } = authentik.world.authorization_codes
    await authentik.restore(authentik.snapshot())
    await api.get('/root/config/')
    expect(authentik.world.authorization_codes.size).toBe(size)
    authentik.clock.move(31 * DAY)
    await api.get('/root/config/')
    expect(authentik.world.authorization_codes.size).toBe(size - 1)
  })

  it('goes in its time after a reload, too', async () => {
    const { authentik, api } = await logIn()
    await authentik.load(JSON.parse(JSON.stringify(await authentik.save())))
    const { size } = authentik.world.authorization_codes
    authentik.clock.move(31 * DAY)
    await api.get('/root/config/')
    expect(authentik.world.authorization_codes.size).toBe(size - 1)
  })

  it('goes as the rows of a world file do that expire while the mock runs; one that has expired stays', async () => {
    const { authentik } = await logIn()
    const world = worldOf(authentik)
    const code = world.authorization_codes.find(({ expires }) => expires !== null)
    const codes = ['2029-12-31T00:00:00Z', '2030-01-01T00:04:00Z', null].map((expires, index) => ({
      ...code,
      pk: index + 1,
      code: `code-${index}`,
      expires,
    }))
    const loaded = mock({ now: NOW, token: 'key', world: { ...world, authorization_codes: codes } as never })
    await loaded.ready
    loaded.clock.freeze('2030-01-01T00:06:59Z')
    const read = async () => {
      await clientOf(loaded, { token: 'key' }).get('/root/config/')
      return [...loaded.world.authorization_codes.values()].map(({ pk }) => pk)
    }
    expect(await read()).toEqual([1, 2, 3])
    loaded.clock.freeze('2030-01-01T00:07:00Z')
    expect(await read()).toEqual([1, 3])
  })

  it('is all that is cleaned up: the rows of a seed or a program stay, and are expired', async () => {
    const authentik = await readyMock({ now: NOW, token: 'key' })
    const row = { user: 2, provider: 1, scope: 'openid', expires: '2030-01-01T00:03:00Z' }
    const { pk } = await authentik.world.authorization_codes.create(row)
    const count = worldOf(authentik).authorization_codes.length
    authentik.clock.move(31 * DAY)
    const { json } = await clientOf(authentik, { token: 'key' }).get(`/oauth2/authorization_codes/${pk}/`)
    expect([json.is_expired, worldOf(authentik).authorization_codes.length]).toEqual([true, count])
  })
})

describe('a clock that is behind the machine', () => {
  async function messagesOf(lag: number): Promise<string[]> {
    const log = vi.fn<(message: string) => void>()
    const authentik = mock({ now: Date.now() - lag, login: 'auto', log })
    await authentik.ready
    const client = new OAuthClient(authentik)
    const code = await client.code()
    expect(log).not.toHaveBeenCalled()
    await client.exchange(code)
    await client.exchange(await client.code())
    await authentik.reset()
    await client.exchange(await client.code())
    return log.mock.calls.map(([message]) => message)
  }

  it.each([
    [6 * MINUTE, '6 minutes'],
    [HOUR + MINUTE, '1 hour'],
    [3 * DAY, '3 days'],
  ])('by %i ms is said once, at the first token', async (lag, words) => {
    const messages = await messagesOf(lag)
    expect(messages).toHaveLength(1)
    expect(messages[0]).toContain(`which is ${words} behind this machine's`)
    expect(messages[0]).toContain('leave --now or `now` out')
  })

  it.each([0, 4 * MINUTE, -DAY])('by %i ms is not worth a word', async (lag) => {
    expect(await messagesOf(lag)).toEqual([])
  })
})
