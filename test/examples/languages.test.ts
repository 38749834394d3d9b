/** What docs/doors/languages.md says that programs in any language meet. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { serve, type Server } from '../../src/http/node/server.ts'
import { clientOf, namesIn, readyMock, type Client } from '../support/client.ts'
import { readText } from '../support/files.ts'

let server: Server
let client: Client

beforeAll(async () => {
  server = await serve(await readyMock({ token: 'key' }), { port: 0 })
  client = clientOf(server.url, { token: 'key' })
})
afterAll(() => server.close())

it('a POST to two slashes becomes a GET of the list, and makes nothing', async () => {
  const { status, json } = await client.post('//core/users/', { username: 'ada', name: 'Ada' })
  expect([status, json.results.length > 1]).toEqual([200, true])
  expect(await namesIn(client, '/core/users/')).not.toContain('ada')
})

it('a GET of two slashes arrives, with the credentials', async () => {
  expect((await client.get('//oauth2/authorization_codes/1/')).json.pk).toBe(1)
})

it('a path without its final slash is none of authentik', async () => {
  expect((await client.get('/core/users')).status).toBe(404)
  expect((await client.post('/core/users', { username: 'ada', name: 'Ada' })).status).toBe(405)
})

it('?is_superuser=false leaves out who is in no group', async () => {
  const { json } = await client.post('/core/users/', { username: 'grace', name: 'Grace' })
  expect(json).toMatchObject({ is_superuser: false, groups: [] })
  expect(await namesIn(client, '/core/users/?is_superuser=false')).not.toContain('grace')
  expect(await namesIn(client, '/core/users/')).toContain('grace')
})

it('the last page has 0 as its next', async () => {
  expect((await client.get('/core/users/?page_size=2')).json.pagination.next).toBe(2)
  expect((await client.get('/core/users/')).json.pagination.next).toBe(0)
})

it('the workflow for GitHub Actions starts the mock, and stops it, by the lines of examples/languages/ci.sh', () => {
  const [, workflow = ''] = /```yaml\n(name: tests\n.*?)```/s.exec(readText('docs/doors/languages.md')) ?? []
  const { run } = parse(workflow).jobs.test.steps.at(-1) as { run: string }
  // A step of GitHub begins with `bash -e`, as the file does with `set -e`.
  const [, lines = ''] = /^set -e\n(.*)$/ms.exec(readText('examples/languages/ci.sh')) ?? []
  expect(run).toBe(lines)
})
