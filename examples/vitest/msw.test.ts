import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, expect, test } from 'vitest'

const server = setupServer(...handlers(mock({ token: 'my-token' })))
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterAll(() => server.close())

test('who has the token is said', async () => {
  const headers = { Authorization: 'Bearer my-token' }
  const response = await fetch('https://authentik.company/api/v3/core/users/me/', { headers })
  expect((await response.json()).user.username).toBe('akadmin')
})
