import assert from 'node:assert/strict'
import { after, afterEach, test } from 'node:test'
import { mock } from 'authentik-mock'
import { control } from 'authentik-mock/control'
import { serve } from 'authentik-mock/node'

const authentik = control(mock({ token: 'my-token' }))
const server = await serve(authentik, { port: 0 })
afterEach(() => authentik.reset())
after(() => server.close())

const headers = { Authorization: 'Bearer my-token' }
const ask = () => fetch(`${server.url}/api/v3/core/users/me/`, { headers })

test('a refused token is said', async () => {
  authentik.scenario({ name: 'token-expired' })
  assert.equal((await ask()).status, 403)
})

test('the next test has no scenario', async () => {
  assert.equal((await ask()).status, 200)
  assert.equal(authentik.journal.count({ operationId: 'core_users_me_retrieve' }), 1)
})
