import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { mock } from 'authentik-mock'

const authentik = mock({ token: 'my-token' })
globalThis.fetch = authentik.fetch // what your code fetches, the mock answers
afterEach(() => authentik.reset())

test('a code belongs to its user', async () => {
  const headers = { Authorization: 'Bearer my-token' }
  const answer = await fetch('https://authentik.company/api/v3/oauth2/authorization_codes/1/', { headers })
  assert.equal((await answer.json()).user.pk, 2)
})

test('a code is deleted', async () => {
  const headers = { Authorization: 'Bearer my-token' }
  const url = 'https://authentik.company/api/v3/oauth2/authorization_codes/1/'
  assert.equal((await fetch(url, { method: 'DELETE', headers })).status, 204)
  assert.equal(authentik.world.authorization_codes.has(1), false)
})

test('the next test has the world as it was', () => {
  assert.equal(authentik.world.authorization_codes.has(1), true)
})
