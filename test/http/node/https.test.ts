/** HTTPS answers as HTTP does, with https in every address, and a certificate that cannot be used is refused. */
import { execFileSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { createServer } from 'node:http'
import { request } from 'node:https'
import { connect, type AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { mock, MockError } from '../../../src/entries/index.ts'
import { serve, type Server, type ServeOptions } from '../../../src/entries/node.ts'
import { certify } from '../../contract/verify/certificate.ts'
import { leastOf, timeOf } from '../../support/cost.ts'
import { findPort } from '../../support/ports.ts'

const authentik = mock({ token: 'key' })
const expires = new Date('2049-01-01')
const pair = certify({ names: ['localhost', '127.0.0.1'], expires })
const stranger = certify({ names: ['localhost'], expires })
const APPLICATION = '/api/v3/core/applications/recycled-ceramic-ball-1/'
const PROVIDER = '/api/v3/providers/oauth2/1/setup_urls/'
const bearer = { Authorization: 'Bearer key' }

interface Answer {
  status: number | undefined
  text: string
}

/** Asks over TLS, trusting the certificate of this file. */
const ask = (
  url: string,
  { method = 'GET', headers = bearer, body = '' }: { method?: string; headers?: object; body?: string } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, { method, ca: pair.cert, agent: false, headers: { ...headers } }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part) => (text += part)).on('end', () => resolve({ status: response.statusCode, text }))
    })
    outgoing.on('error', reject).end(body)
  })

/** Whether something listens on a port. */
const listens = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })

async function withServer<T>(options: ServeOptions, use: (server: Server) => Promise<T>): Promise<T> {
  const server = await serve(authentik, { port: 0, tls: pair, ...options })
  try {
    return await use(server)
  } finally {
    await server.close()
  }
}

describe('a server with a certificate', () => {
  let server: Server
  const messages: string[] = []
  beforeAll(async () => {
    server = await serve(authentik, { port: 0, tls: pair, log: (message) => messages.push(message) })
  })
  afterAll(() => server.close())

  it('speaks HTTPS on its port, and says so in its address', async () => {
    expect(server.url).toBe(`https://127.0.0.1:${server.port}`)
    expect(server.httpsUrl).toBe(server.url)
    expect((await ask(`${server.url}/api/v3/core/users/me/`)).status).toBe(200)
  })

  it('has https in the addresses of its answers, whatever X-Forwarded-Proto says', async () => {
    for (const headers of [bearer, { ...bearer, 'X-Forwarded-Proto': 'http' }]) {
      const urls = JSON.parse((await ask(`${server.url}${PROVIDER}`, { headers })).text) as Record<string, string>
      expect(Object.values(urls).filter((url) => !url.startsWith(`${server.url}/`))).toEqual([])
    }
    expect((await ask(`${server.url}/-/mock/`)).text).toContain(`${server.url}/api/v3`)
  })

  it('asks a session for the page that changes something, as Django does over HTTPS alone', async () => {
    const headers = { ...(await authentik.logIn('akadmin')), 'Content-Type': 'application/json' }
    const change = async (referer: object) => {
      const { status, text } = await ask(`${server.url}${APPLICATION}`, {
        method: 'PATCH',
        headers: { ...headers, ...referer },
        body: '{"meta_publisher":"Acme"}',
      })
      return [status, (JSON.parse(text) as { detail?: string }).detail]
    }
    expect(await change({ Referer: `${server.url}/page` })).toEqual([200, undefined])
    expect(await change({})).toEqual([403, 'CSRF Failed: Referer checking failed - no Referer.'])
    expect(await change({ Origin: server.url.replace('https', 'http') })).toEqual([
      403,
      `CSRF Failed: Origin checking failed - http://127.0.0.1:${server.port} does not match any trusted origins.`,
    ])
  })

  it('refuses a body that is too long with an answer that its client can read', async () => {
    const { status, text } = await ask(`${server.url}${APPLICATION}`, {
      method: 'PATCH',
      body: 'x'.repeat(2 ** 21),
    })
    expect([status, text]).toEqual([413, 'authentik-mock: The body is over 1048576 bytes. Send less.\n'])
  })

  it('says once in the log that a client speaks HTTP to it', async () => {
    for (let index = 0; index < 3; index++)
      await expect(fetch(server.url.replace('https', 'http'))).rejects.toThrow('fetch failed')
    const message = 'A client speaks HTTP on the port of HTTPS. Its address must begin with https://.'
    expect(messages.filter((line) => line === message)).toHaveLength(1)
  })
})

describe('a server of HTTP and HTTPS', () => {
  it('answers of one world on both ports, and closes both', async () => {
    const server = await serve(authentik, { port: 0, httpsPort: 0, tls: pair })
    const { url, httpsUrl = '' } = server
    expect([url, new URL(url).port === String(server.port)]).toEqual([expect.stringMatching(/^http:/), true])
    expect(httpsUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    const change = {
      method: 'PATCH',
      headers: { ...bearer, 'Content-Type': 'application/json' },
      body: '{"meta_publisher":"made over HTTPS"}',
    }
    expect((await ask(`${httpsUrl}${APPLICATION}`, change)).status).toBe(200)
    const read = async (path: string) =>
      (await (await fetch(url + path, { headers: bearer })).json()) as Record<string, string>
    expect(await read(APPLICATION)).toMatchObject({ meta_publisher: 'made over HTTPS' })
    expect((await read(PROVIDER)).authorize).toBe(`${url}/application/o/authorize/`)
    await server.close()
    expect([await listens(server.port), await listens(Number(new URL(httpsUrl).port))]).toEqual([false, false])
  })

  it.each(['port', 'httpsPort'] as const)('leaves nothing listening when its %s is taken', async (option) => {
    const occupant = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => occupant.once('listening', resolve))
    const taken = (occupant.address() as AddressInfo).port
    const free = await findPort()
    const ports = option === 'port' ? { port: taken, httpsPort: free } : { port: free, httpsPort: taken }
    await expect(serve(authentik, { tls: pair, ...ports })).rejects.toMatchObject({ code: 'EADDRINUSE', port: taken })
    expect(await listens(free)).toBe(false)
    occupant.close()
  })

  it('lists both addresses by which the network reaches it', () =>
    withServer({ httpsPort: 0, host: '0.0.0.0' }, async ({ networkUrls = [] }) => {
      const hostsOf = (scheme: string) =>
        networkUrls.filter((url) => url.startsWith(`${scheme}:`)).map((url) => new URL(url).hostname)
      expect(hostsOf('http')).toEqual(hostsOf('https'))
    }))
})

it('closes within two seconds although a client never ends its handshake', async () => {
  const timeOfClose = async () => {
    const server = await serve(authentik, { port: 0, tls: pair })
    const socket = connect(server.port, '127.0.0.1').on('error', () => {})
    await new Promise((resolve) => socket.once('connect', resolve))
    return timeOf(() => server.close())
  }
  expect(await leastOf(2000, timeOfClose)).toBeLessThan(2000)
})

describe('a certificate that cannot be used', () => {
  const encrypted = createPrivateKey(pair.key)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
    .toString()

  it.each([
    [{ key: pair.key, cert: 'text' }, 'tls.cert holds no certificate. Give one in PEM.'],
    [{ key: 'text', cert: pair.cert }, 'tls.key holds no private key. Give one in PEM.'],
    [
      { key: stranger.key, cert: pair.cert },
      'tls.key is not the key of the certificate. Give the two that were made together.',
    ],
    [
      { key: encrypted, cert: pair.cert },
      'tls.key is protected by a passphrase. Give it without one, as this writes it: openssl pkey -in FILE -out KEY',
    ],
    [
      { key: Buffer.from(encrypted), cert: Buffer.from(pair.cert) },
      'tls.key is protected by a passphrase. Give it without one, as this writes it: openssl pkey -in FILE -out KEY',
    ],
    [{ cert: pair.cert }, 'tls.key holds no private key. Give one in PEM.'],
    [{ key: pair.key }, 'tls.cert holds no certificate. Give one in PEM.'],
  ])('is refused before anything listens: %#', async (tls, message) => {
    await expect(serve(authentik, { port: 0, tls: tls as typeof pair })).rejects.toThrow(
      new MockError('ERR_OPTION', `Failed to serve: ${message}`),
    )
  })

  it('is none that comes as bytes', () =>
    withServer({ tls: { key: Buffer.from(pair.key), cert: Buffer.from(pair.cert) } }, async ({ url }) =>
      expect((await ask(`${url}/api/v3/root/config/`)).status).toBe(200),
    ))
})

it('a server of HTTP alone loads nothing of HTTPS', () => {
  const code = `
    const { serve } = await import('./node.js')
    const { mock } = await import('./index.js')
    const server = await serve(mock(), { port: 0 })
    await server.close()
    console.log(process.moduleLoadList.includes('NativeModule https'))`
  const args = ['--input-type=module', '--eval', code]
  const options = { cwd: inject('library'), encoding: 'utf8' } as const
  expect(execFileSync(process.execPath, args, options).trim()).toBe('false')
})
