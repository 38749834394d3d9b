import { mock } from 'authentik-mock'
import { afterEach, expect, test, vi } from 'vitest'

const authentik = mock({ release: '2024.8.3', token: 'my-token', log: console.warn })
vi.stubGlobal('fetch', authentik.fetch) // what your code fetches, the mock answers
afterEach(() => authentik.reset())

test('a code belongs to its user', async () => {
  const headers = { Authorization: 'Bearer my-token' }
  const answer = await fetch('https://authentik.company/api/v3/oauth2/authorization_codes/1/', { headers })
  expect(await answer.json()).toMatchObject({ pk: 1, user: { pk: 2 }, is_expired: false })
})
