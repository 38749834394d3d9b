import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import process from 'node:process'
import { mock } from 'authentik-mock'
import { handlers } from 'authentik-mock/msw'
import { serve } from 'authentik-mock/node'
import { setupServer } from 'msw/node'

const { test } = Deno

const authentik = mock({ token: 'my-token' })
const headers = { Authorization: 'Bearer my-token' }

test('the mock answers in process', async () => {
  const answer = await authentik.fetch('http://localhost/api/v3/oauth2/authorization_codes/1/', { headers })
  assert.equal((await answer.json()).pk, 1)
})

test('the mock answers on a socket', async () => {
  const server = await serve(authentik, { port: 0 })
  const answer = await fetch(`${server.url}/api/v3/core/users/me/`, { headers })
  assert.equal((await answer.json()).user.username, 'akadmin')
  await server.close()
})

test('the mock answers through MSW 2', async () => {
  const server = setupServer(...handlers(authentik))
  server.listen({ onUnhandledRequest: 'error' })
  const answer = await fetch('https://authentik.company/api/v3/core/users/me/', { headers })
  assert.equal((await answer.json()).user.username, 'akadmin')
  server.close()
})

test('the command serves', async () => {
  const args = ['run', '-A', 'node_modules/authentik-mock/dist/cli.js', 'serve', '--port', '0', '--json']
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(server.stdout, 'data')
  const { url, token } = JSON.parse(String(line))
  const answer = await fetch(`${url}/api/v3/core/users/me/`, { headers: { Authorization: `Bearer ${token}` } })
  assert.equal((await answer.json()).user.username, 'akadmin')
  const ended = once(server, 'exit')
  server.kill('SIGTERM')
  await ended
})
