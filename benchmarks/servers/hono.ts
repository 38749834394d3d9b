/** The same answer from hono, which is installed beside the package.json at the second argument. */
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { createRequire } from 'node:module'
import { listening } from './listening.ts'

interface Hono {
  fetch: unknown
  get(path: string, handler: (context: { json(value: unknown): Response }) => Response): void
}

const [, , file = '', manifest = ''] = process.argv
const answer: unknown = JSON.parse(readFileSync(file, 'utf8'))
const load = createRequire(manifest)
const { Hono } = load('hono') as { Hono: new () => Hono }
const { createAdaptorServer } = load('@hono/node-server') as {
  createAdaptorServer(options: { fetch: unknown }): Server
}
const app = new Hono()

app.get('/api/v3/oauth2/authorization_codes/:id/', (context) => context.json(answer))
listening(createAdaptorServer({ fetch: app.fetch }))
