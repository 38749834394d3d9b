/** Starts what `next build` has built, and asks for its page. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const env = { ...process.env, AUTHENTIK: 'mock' }
const args = ['node_modules/next/dist/bin/next', 'start', '--port', '0', '--hostname', '127.0.0.1']
const server = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
let url
for await (const line of createInterface(server.stdout)) {
  url = /http:\/\/127[.:\d]+/.exec(line)?.[0]
  if (url) break
}
const text = await (await fetch(url)).text()
const ended = once(server, 'exit')
server.kill()
await ended
if (!text.includes('<p>akadmin</p>')) throw new Error(`The page does not say who is logged in: ${text}`)
