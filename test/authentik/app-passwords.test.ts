/** An app password lasts no longer than authentik lets its user's: a day, or what an attribute says. */
import { beforeEach, describe, expect, it } from 'vitest'
import { clientOf, readyMock, type Client } from '../support/client.ts'

const NOW = '2026-01-01T00:00:00Z'
const LIFETIME = 'goauthentik.io/user/token-maximum-lifetime'
const TOKENS = '/core/tokens/'
const tooLong = (time: string) => [400, { expires: [`Token expires exceeds maximum lifetime (${time} UTC).`] }]

const world = {
  groups: [
    { name: 'above', attributes: { [LIFETIME]: 'days=3' } },
    { name: 'people', parent: 'above' },
  ],
  users: [
    { username: 'ann', superuser: true },
    { username: 'bob' },
    { username: 'cem', attributes: { [LIFETIME]: 'days=2' }, groups: ['people'] },
    { username: 'dan', groups: ['people'] },
    { username: 'eve', attributes: { [LIFETIME]: 'for ever' } },
  ],
  api_tokens: ['ann', 'bob', 'cem', 'dan', 'eve'].map((user) => ({ identifier: user, user, key: user })),
}

describe('an app password', () => {
  let client: Client
  const post = async (as: string, expires: string | null, more: object = {}) => {
    const body = { identifier: 'mail', intent: 'app_password', expires, ...more }
    const { status, json } = await client.post(TOKENS, body, { as })
    return [status, status === 201 ? json.expires : json]
  }
  beforeEach(async () => {
    client = clientOf(await readyMock({ world, now: NOW }))
  })

  it.each([
    ['bob', '2026-01-02', '2026-01-02 00:00:00+00:00'],
    ['cem', '2026-01-03', '2026-01-03 00:00:00+00:00'],
    ['dan', '2026-01-04', '2026-01-04 00:00:00+00:00'],
    ['eve', '2026-01-02', '2026-01-02 00:00:00+00:00'],
  ])('of %s lasts until %s, and no longer', async (user, day, time) => {
    expect(await post(user, `${day}T00:00:01Z`)).toEqual(tooLong(time))
    expect(await post(user, `${day}T00:00:00Z`)).toEqual([201, `${day}T00:00:00Z`])
    const { status, json } = await client.patch(
      `${TOKENS}mail/`,
      { intent: 'app_password', expires: '2099-01-01T00:00:00Z' },
      { as: user },
    )
    expect([status, json]).toEqual(tooLong(time))
  })

  it('that a superuser makes lasts as long as its user lets it', async () => {
    expect((await post('ann', '2026-01-03T00:00:00Z', { user: 2 }))[0]).toBe(400)
    expect((await post('ann', '2026-01-03T00:00:00Z', { user: 3 }))[0]).toBe(201)
  })

  it('that expires has an end, also where a body says that it has none', async () => {
    expect(await post('ann', null)).toEqual([201, '2026-01-02T00:00:00Z'])
    expect(await post('ann', null, { identifier: 'kept', expiring: false })).toEqual([201, null])
    const { json } = await client.patch(`${TOKENS}kept/`, { intent: 'app_password', expiring: true }, { as: 'ann' })
    expect(json.expires).toBe('2026-01-02T00:00:00Z')
  })

  it('lasted as long as anybody said until 2024.2', async () => {
    client = clientOf(await readyMock({ world, now: NOW, release: '2024.2' }))
    expect(await post('bob', '2099-01-01T00:00:00Z')).toEqual([201, '2099-01-01T00:00:00Z'])
  })
})
