/** What a proxy says of the scheme and the host is believed as authentik believes it, and fools no guard. */
import { request } from 'node:http'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mock } from '../../../src/entries/index.ts'
import { isTrustedProxy } from '../../../src/http/node/request.ts'
import { serve, type Server } from '../../../src/http/node/server.ts'

const authentik = mock({ token: 'key' })
let server: Server
beforeAll(async () => {
  server = await serve(authentik, { port: 0 })
})
afterAll(() => server.close())

/** Asks with these headers, of which one may be sent twice. */
const ask = (headers: Record<string, string | string[]>) =>
  new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const path = '/api/v3/providers/oauth2/1/setup_urls/'
    const options = { host: '127.0.0.1', port: server.port, path, agent: false }
    request(
      { ...options, headers: { Authorization: 'Bearer key', Host: 'localhost:9000', ...headers } },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part) => (text += part)).on('end', () => resolve({ status: response.statusCode, text }))
      },
    )
      .on('error', reject)
      .end()
  })

describe('the addresses of an answer', () => {
  it.each<[Record<string, string | string[]>, string]>([
    [{}, 'http://localhost:9000'],
    [{ 'X-Forwarded-Proto': 'https' }, 'https://localhost:9000'],
    [{ 'X-Forwarded-Proto': 'https, http' }, 'https://localhost:9000'],
    [{ 'X-Forwarded-Proto': 'HTTPS' }, 'http://localhost:9000'],
    [{ 'X-Forwarded-Host': 'auth.example' }, 'http://auth.example'],
    [{ 'X-Forwarded-Host': 'auth.example:8443 , inner.example' }, 'http://auth.example:8443'],
    [{ 'X-Forwarded-Host': ['auth.example', 'inner.example'] }, 'http://auth.example'],
    [{ 'X-Forwarded-Host': '' }, 'http://localhost:9000'],
    [{ 'X-Forwarded-Host': 'auth.example', 'X-Forwarded-Proto': 'https' }, 'https://auth.example'],
    // The front reads these, and the application behind it never hears of them.
    [{ 'X-Forwarded-Scheme': 'https' }, 'http://localhost:9000'],
    [{ Forwarded: 'for=203.0.113.7;proto=https;host=public.example' }, 'http://localhost:9000'],
  ])('with %j begin with %s', async (headers, origin) => {
    const { status, text } = await ask(headers)
    expect([status, JSON.parse(text).authorize]).toEqual([200, `${origin}/application/o/authorize/`])
  })
})

it.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['172.17.0.2', true],
  ['10.1.2.3', true],
  ['192.168.178.2', true],
  ['fe80::1%eth0', true],
  ['172.32.0.1', false],
  ['198.51.100.1', false],
  ['::ffff:198.51.100.1', false],
  ['2001:db8::1', false],
  [undefined, false],
])('a proxy at %s is trusted: %s, as authentik does unless it is told otherwise', (address, isTrusted) => {
  expect(isTrustedProxy(address)).toBe(isTrusted)
})

it('a foreign Host is refused whatever X-Forwarded-Host says, because a page can set that', async () => {
  for (const forwarded of ['localhost', '127.0.0.1', `localhost:${server.port}`])
    expect((await ask({ Host: 'evil.example', 'X-Forwarded-Host': forwarded })).status).toBe(421)
})

it('an answer to the outside of a machine has its own Host, unless its address is a private one', async () => {
  const addresses = Object.values(networkInterfaces()).flatMap((list = []) => list.map(({ address }) => address))
  const open = await serve(authentik, { port: 0, host: '0.0.0.0' })
  for (const address of addresses.filter((candidate) => !candidate.includes(':'))) {
    const headers = { Authorization: 'Bearer key', 'X-Forwarded-Proto': 'https' }
    const response = await fetch(`http://${address}:${open.port}/api/v3/providers/oauth2/1/setup_urls/`, { headers })
    const { authorize } = (await response.json()) as Record<string, string>
    expect(authorize?.startsWith('https:')).toBe(isTrustedProxy(address))
  }
  await open.close()
})
