/** What is not authentik's goes where it would have gone, and another server can be mocked beside it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setupAuthentikMock } from 'authentik-mock/vitest'
import { http, HttpResponse } from 'msw'
import { afterAll, beforeAll, expect, it } from 'vitest'

const authentik = setupAuthentikMock({
  origin: 'https://authentik.company',
  handlers: [http.get('https://mail.company/inbox', () => HttpResponse.json(['a letter']))],
})

const server = createServer((_, response) => {
  response.setHeader('Access-Control-Allow-Origin', '*').end('a real server')
})
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)))
afterAll(() => void server.close())

it('a request to another server is left alone, on a path of authentik too', async () => {
  const { port } = server.address() as AddressInfo
  for (const path of ['/', '/api/v3/core/users/'])
    expect(await (await fetch(`http://127.0.0.1:${port}${path}`)).text()).toBe('a real server')
  expect(authentik.journal.count()).toBe(0)
})

it('handlers of another server stand beside the mock', async () => {
  expect(await (await fetch('https://mail.company/inbox')).json()).toEqual(['a letter'])
  expect((await fetch('https://authentik.company/api/v3/root/config/')).status).toBe(200)
})
