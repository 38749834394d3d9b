/** Every entry is required, on the oldest Node that has it, in a project of CommonJS. */
const assert = require('node:assert/strict')
const { test } = require('node:test')
const { mock, MockError } = require('authentik-mock')
const { authorizationCodes, world } = require('authentik-mock/fixtures')
const { handlers } = require('authentik-mock/msw')
const { serve } = require('authentik-mock/node')
const { forRelease, like } = require('authentik-mock/pact')
const { setupServer } = require('msw/node')

const headers = { Authorization: 'Bearer my-token' }
const authentik = mock({ world, token: 'my-token' })

test('Node is 22.12, where npm has it', () => {
  const isInstalled = process.arch === 'x64' && process.platform !== 'darwin'
  assert.match(process.version, isInstalled ? /^v22\.12\./ : /^v2/)
})

test('the mock answers in process', async () => {
  const answer = await authentik.fetch('http://localhost/api/v3/oauth2/authorization_codes/1/', { headers })
  assert.equal((await answer.json()).pk, authorizationCodes[0].pk)
})

test('the mock answers on a socket', async () => {
  const server = await serve(authentik, { port: 0 })
  assert.equal((await fetch(`${server.url}/api/v3/core/users/me/`, { headers })).status, 200)
  await server.close()
})

test('the mock answers through MSW 2', async () => {
  const server = setupServer(...handlers(authentik))
  server.listen({ onUnhandledRequest: 'error' })
  const answer = await fetch('https://authentik.company/api/v3/core/users/me/', { headers })
  assert.equal((await answer.json()).user.username, 'akadmin')
  server.close()
})

test('what is required and what is imported is one package', async () => {
  assert.equal((await import('authentik-mock')).MockError, MockError)
  assert.throws(() => forRelease('1.0'), MockError)
  assert.equal(typeof like.user, 'function')
})
