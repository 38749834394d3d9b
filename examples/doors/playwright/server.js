/** Serves the page: `node server.js`, with PORT, and with the address of authentik as ISSUER. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const TYPES = { '/': 'text/html', '/main.js': 'text/javascript', '/config.json': 'application/json' }
const { PORT, ISSUER: issuer = 'http://localhost:9010/application/o/spa/' } = process.env

createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  response.writeHead(pathname in TYPES ? 200 : 404, { 'Content-Type': TYPES[pathname] ?? 'text/plain' })
  if (pathname === '/config.json') response.end(JSON.stringify({ issuer }))
  else if (!(pathname in TYPES)) response.end('Nothing is here.')
  else response.end(readFileSync(new URL(pathname === '/' ? 'app/index.html' : `app${pathname}`, import.meta.url)))
}).listen(Number(PORT), '127.0.0.1')
