/** The API tokens that a mock names work, and it names one wherever the world has one. */
import { describe, expect, it } from 'vitest'
import { readyMock } from '../support/client.ts'
import { recordedWorldOf } from '../support/recordings.ts'

const USERS = [{ username: 'ann', superuser: true }, { username: 'bob' }, { username: 'eve', is_active: false }]
const tokensOf = async (...api_tokens: object[]) =>
  (await readyMock({ world: { users: USERS, api_tokens } as object })).tokens()

describe('the tokens of a world of somebody', () => {
  it('may expire later, or say when and never do', async () => {
    const ann = { user: 'ann', key: 'of-ann', expires: '+1h' }
    const bob = { user: 'bob', key: 'of-bob', expires: '2020-01-01T00:00:00Z', expiring: false }
    expect(await tokensOf(ann, bob)).toEqual({ superuser: 'of-ann', user: 'of-bob' })
  })

  it('are first those that never expire', async () => {
    const [soon, never] = [
      { user: 'ann', key: 'soon', expires: '+1h' },
      { user: 'ann', key: 'never' },
    ]
    expect(await tokensOf(soon, never)).toEqual({ superuser: 'never', user: undefined })
  })

  it('are none that has expired, is no API token or is of somebody inactive', async () => {
    const tokens = [
      { user: 'ann', key: 'over', expires: '2020-01-01T00:00:00Z' },
      { user: 'bob', key: 'password', intent: 'app_password' },
      { user: 'eve', key: 'of-eve' },
    ]
    expect(await tokensOf(...tokens)).toEqual({ superuser: undefined, user: undefined })
  })
})

it.each(['2024.8.4', '2026.2.2'])('the tokens of a world that was recorded of %s work', async (release) => {
  const authentik = await readyMock({ world: recordedWorldOf(`next-${release}`), release })
  for (const key of Object.values(authentik.tokens())) {
    const headers = { Authorization: `Bearer ${key}` }
    const { status } = await authentik.fetch('http://authentik.test/api/v3/core/users/me/', { headers })
    expect([key, status]).toEqual([expect.any(String), 200])
  }
})
