/** The client for servers that are not ours: its limits, its messages, proxies and certificates. */
import { createServer, request as httpRequest, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, type AddressInfo, type Server } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { createClient, type ClientOptions } from '../../src/contract/client/client.ts'
import { findProxy } from '../../src/contract/client/proxy.ts'
import { certify } from './verify/certificate.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Lets a server listen on a free port of the loopback. @returns the port */
async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}
const open = async (listener: RequestListener) => `http://127.0.0.1:${await listen(createServer(listener))}`

/** Asks once. @returns the text of the answer, or what the failure says without the address */
async function ask(
  url: string,
  options: ClientOptions = {},
  limits: { timeout?: number; duration?: number } = {},
): Promise<string> {
  try {
    return (await createClient({ env: {}, ...options })({ url, timeout: 60_000, ...limits })).text
  } catch (error) {
    return String(error).replace(/https?:\/\/\S+?(?=[: ])(:\d+)?/g, 'URL')
  }
}

describe('an answer', () => {
  it.each(['gzip', 'deflate', 'br', 'x-gzip'])('is unpacked from %s', async (encoding) => {
    const { brotliCompressSync, deflateSync } = await import('node:zlib')
    const pack = { br: brotliCompressSync, deflate: deflateSync }[encoding] ?? gzipSync
    const url = await open((_, response) =>
      response.writeHead(200, { 'Content-Encoding': encoding }).end(pack('packed')),
    )
    expect(await ask(url)).toBe('packed')
  })

  it.each<[title: string, listener: RequestListener, message: string]>([
    [
      'that is packed wrongly',
      (_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end('no gzip'),
      'sends an answer that cannot be unpacked (Z_DATA_ERROR). Look at what stands before it.',
    ],
    [
      'that is packed and breaks off',
      (_, response) =>
        response
          .writeHead(200, { 'Content-Encoding': 'gzip' })
          .write(gzipSync('packed').subarray(0, 12), () => response.destroy()),
      'breaks off in the middle of an answer. Look at its log, and at what stands before it.',
    ],
  ])('%s is a failure', async (_, listener, message) => {
    expect(await ask(await open(listener))).toBe(`RequestFailure: URL: ${message}`)
  })

  it('that never begins is a failure', async () => {
    expect(await ask(await open(() => {}), {}, { timeout: 500 })).toBe(
      'RequestFailure: URL: does not answer within 0.5 seconds. Is it up, and does a firewall let this machine through?',
    )
  })

  it('that drips ends when its time is over', async () => {
    let timer: NodeJS.Timeout | undefined
    const url = await open((_, response) => void (timer = setInterval(() => response.write(' '), 100)))
    const text = await ask(url, {}, { duration: 800 })
    expect(text).toContain('does not come to the end of its answer within 0.8 seconds')
    clearInterval(timer)
  })

  it('that did not come in time is not waited for again', async () => {
    let count = 0
    const url = await open(() => void count++)
    const send = createClient({ env: {} })
    await expect(send({ url, timeout: 500 })).rejects.toThrow('does not answer')
    await expect(send({ url, timeout: 500 })).rejects.toThrow('does not answer')
    expect(count).toBe(1)
  })
})

describe('a proxy', () => {
  it.each([
    ['http://authentik.company', { HTTP_PROXY: 'proxy:3128' }, 'http://proxy:3128/'],
    ['https://authentik.company', { HTTP_PROXY: 'proxy:3128' }, undefined],
    ['https://authentik.company', { https_proxy: 'http://a', HTTPS_PROXY: 'http://b' }, 'http://a/'],
    ['https://authentik.company', { ALL_PROXY: 'http://a' }, 'http://a/'],
    ['https://authentik.company', { HTTPS_PROXY: 'http://a', NO_PROXY: 'company' }, undefined],
    ['https://authentik.company', { HTTPS_PROXY: 'http://a', NO_PROXY: 'x, .company' }, undefined],
    ['https://authentik.company', { HTTPS_PROXY: 'http://a', NO_PROXY: '*.company:443' }, undefined],
    ['https://authentik.company', { HTTPS_PROXY: 'http://a', NO_PROXY: 'company:8443,k.company' }, 'http://a/'],
    ['https://authentik.company', { HTTPS_PROXY: 'http://a', NO_PROXY: '*' }, undefined],
    ['http://localhost:9000', { HTTP_PROXY: 'http://a' }, undefined],
    ['http://[::1]:9000', { ALL_PROXY: 'http://a' }, undefined],
  ])('for %s with %o is %s', (url, env, proxy) => {
    expect(findProxy(url, env)?.url.href).toBe(proxy)
  })

  const authority = certify({ names: ['authentik.test'], expires: new Date(Date.now() + 86_400_000) })

  /** Opens a proxy that leads everywhere to one port. @returns its address, and what it was asked */
  async function openProxy(port: number, status = 200) {
    const requests: unknown[] = []
    const proxy = createServer(({ url = '', headers }, response) => {
      requests.push([url, headers['proxy-authorization'], headers.host])
      if (status !== 200) response.writeHead(status).end()
      else httpRequest({ port, path: new URL(url).pathname }, (answer) => answer.pipe(response)).end()
    }).on('connect', ({ url, headers }, client) => {
      requests.push([url, headers['proxy-authorization']])
      if (status !== 200) return client.end(`HTTP/1.1 ${status} No\r\n\r\n`)
      const server = connect(port, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'))
      server.pipe(client).pipe(server)
      server.on('error', () => client.destroy())
      client.on('error', () => server.destroy())
    })
    return { url: `http://me:hunter2@127.0.0.1:${await listen(proxy)}`, requests }
  }
  const credentials = `Basic ${Buffer.from('me:hunter2').toString('base64')}`

  it('is asked for what is plain, and knows who asks', async () => {
    const port = await listen(createServer((_, response) => response.end('answered')))
    const proxy = await openProxy(port)
    expect(await ask('http://authentik.test/a', { env: { HTTP_PROXY: proxy.url } })).toBe('answered')
    expect(proxy.requests).toEqual([['http://authentik.test/a', credentials, 'authentik.test']])
  })

  it('opens a tunnel for what is secret, in which the certificate is checked', async () => {
    const port = await listen(createTlsServer(authority, (_, response) => response.end('answered')))
    const proxy = await openProxy(port)
    const env = { HTTPS_PROXY: proxy.url }
    expect(await ask('https://authentik.test/a', { env, ca: authority.cert })).toBe('answered')
    expect(await ask('https://authentik.test/a', { env })).toContain(
      'its certificate is signed by nobody that is trusted here',
    )
    expect(proxy.requests).toEqual([
      ['authentik.test:443', credentials],
      ['authentik.test:443', credentials],
    ])
  })

  it.each([
    [407, 'the proxy asks for other credentials'],
    [502, 'the proxy answers 502 for authentik.test:443'],
  ])('that answers %i is told from the server: %s', async (status, words) => {
    const { url } = await openProxy(0, status)
    const message = await ask('https://authentik.test/', { env: { HTTPS_PROXY: url } })
    expect([message.includes(words), message.includes('HTTPS_PROXY'), message.includes('hunter2')]).toEqual([
      true,
      true,
      false,
    ])
  })

  it('that is not up, or is none, is told from the server', async () => {
    const { url } = await openProxy(0)
    servers.at(-1)?.close()
    const env = { HTTP_PROXY: url, HTTPS_PROXY: url, ALL_PROXY: 'socks5://127.0.0.1' }
    expect(await ask('http://authentik.test/', { env })).toContain(
      'the proxy refuses the connection. Is HTTP_PROXY right?',
    )
    expect(await ask('https://authentik.test/', { env })).toContain(
      'the proxy refuses the connection. Is HTTPS_PROXY right?',
    )
    expect(await ask('https://authentik.test/', { env: { ALL_PROXY: env.ALL_PROXY } })).toContain(
      'ALL_PROXY names no proxy',
    )
  })
})
