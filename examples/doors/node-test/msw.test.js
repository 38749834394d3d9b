import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { setupServer } from 'msw/node'

const server = setupServer(...handlers(mock({ token: 'my-token' })))
before(() => server.listen({ onUnhandledFrame: 'error' }))
after(() => server.close())

test('who has the token is said', async () => {
  const headers = { Authorization: 'Bearer my-token' }
  const response = await fetch('https://authentik.company/api/v3/core/users/me/', { headers })
  assert.equal((await response.json()).user.username, 'akadmin')
})
