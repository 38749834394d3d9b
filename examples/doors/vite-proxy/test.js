/** Vite's dev server leads the API to `authentik-mock serve`, and a session reads and deletes through it. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { createServer } from 'vite'

const CODE = '/api/v3/oauth2/authorization_codes/1/'
const TOKEN = 'abcdefghijklmnopqrstuvwxyz012345'
/** What a browser sends of the session that world.json has. */
const Cookie = `authentik_session=a-session; authentik_csrf=${TOKEN}`

let mock

before(async () => {
  const command = 'node_modules/authentik-mock/dist/cli.js'
  const args = [command, 'serve', '--port', '0', '--world', 'world.json', '--json']
  mock = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(mock.stdout, 'data')
  process.env.AUTHENTIK_URL = JSON.parse(String(line)).url
})
after(() => mock.kill())

/** Starts the dev server as vite.config.js says. @returns its address, and what closes it */
async function startVite(proxyOptions = {}) {
  const proxy = { '/api/v3': proxyOptions }
  const vite = await createServer({ logLevel: 'error', server: { host: '127.0.0.1', proxy } })
  await vite.listen()
  return { origin: new URL(vite.resolvedUrls.local[0]).origin, close: () => vite.close() }
}

test('the page is Vite’s, and the API the mock’s: a session reads, and deletes with the CSRF header', async () => {
  const { origin, close } = await startVite()
  assert.match(await (await fetch(`${origin}/`)).text(), /A page of Vite/)
  const me = await fetch(`${origin}/api/v3/core/users/me/`, { headers: { Cookie } })
  assert.equal((await me.json()).user.username, 'akadmin')
  // What the browser of a page sends too.
  const headers = { Cookie, Origin: origin, Referer: `${origin}/` }
  const refused = await fetch(origin + CODE, { method: 'DELETE', headers })
  assert.deepEqual([refused.status, await refused.json()], [403, { detail: 'CSRF Failed: CSRF token missing.' }])
  const deleted = await fetch(origin + CODE, { method: 'DELETE', headers: { ...headers, 'X-authentik-CSRF': TOKEN } })
  assert.equal(deleted.status, 204)
  assert.equal((await fetch(origin + CODE, { headers })).status, 404)
  await close()
})

test('with changeOrigin: true what changes something is refused, as authentik refuses it', async () => {
  const { origin, close } = await startVite({ changeOrigin: true })
  const headers = { Cookie, Origin: origin, 'X-authentik-CSRF': TOKEN }
  const refused = await fetch(origin + CODE, { method: 'DELETE', headers })
  assert.equal(refused.status, 403)
  assert.match((await refused.json()).detail, /^CSRF Failed: Origin checking failed/)
  await close()
})
