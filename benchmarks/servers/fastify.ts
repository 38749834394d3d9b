/** The same answer from fastify, which is installed beside the package.json at the second argument. */
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import { report } from './listening.ts'

interface Fastify {
  server: Server
  get(path: string, handler: () => Promise<unknown>): void
  listen(address: { port: number; host: string }): Promise<string>
}

const [, , file = '', manifest = ''] = process.argv
const answer: unknown = JSON.parse(readFileSync(file, 'utf8'))
const app = (createRequire(manifest)('fastify') as () => Fastify)()

app.get('/api/v3/oauth2/authorization_codes/:id/', async () => answer)
await app.listen({ port: 0, host: '127.0.0.1' })
report(app.server)
