/** The server on a socket answers whom it should, and nothing malformed breaks it or goes without an answer. */
import { createServer, request as httpRequest } from 'node:http'
import { Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { gunzipSync, inflateRawSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serve, type Server, type ServeOptions } from '../../../src/http/node/server.ts'
import { mock, MockError } from '../../../src/entries/index.ts'
import { leastOf, timeOf } from '../../support/cost.ts'

const authentik = mock({ token: 'key' })
const PATH = '/api/v3/oauth2/authorization_codes/1/'
const AUTH = 'Authorization: Bearer key'

/** Sends bytes. @returns all that the server sends back until it closes the connection, or is silent for so many milliseconds */
function raw(port: number, bytes: string | readonly string[], silence = 3000): Promise<string> {
  return new Promise((resolve) => {
    const socket = new Socket().connect(port, '127.0.0.1')
    let answer = ''
    const finish = () => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(silence, finish)
    socket
      .on('data', (part) => (answer += part.toString('latin1')))
      .on('close', finish)
      .on('error', finish)
    for (const part of [bytes].flat()) socket.write(part, 'latin1')
  })
}

const get = (lines: readonly string[], path = PATH, method = 'GET') =>
  [`${method} ${path} HTTP/1.1`, ...lines, 'Connection: close', '', ''].join('\r\n')
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])

/** Serves the mock with these options for as long as `use` runs. */
async function withServer<T>(options: ServeOptions, use: (server: Server) => Promise<T>): Promise<T> {
  const server = await serve(authentik, { port: 0, ...options })
  try {
    return await use(server)
  } finally {
    await server.close()
  }
}

let server: Server
beforeAll(async () => {
  server = await serve(authentik, { port: 0 })
})
afterAll(() => server.close())

describe('a request', () => {
  it.each([
    'localhost',
    'localhost:9000',
    'LOCALHOST',
    '127.0.0.1',
    '127.9.9.9:1',
    '[::1]',
    '[::1]:9000',
    'auth.localhost',
    'localhost.',
  ])('for the loopback name %s is answered', async (host) => {
    expect(statusOf(await raw(server.port, get([`Host: ${host}`, AUTH])))).toBe(200)
  })

  it.each([
    'evil.example',
    'evil.example:9000',
    '192.0.2.1',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '[2001:db8::1]',
    '',
  ])('for the host "%s" is refused with 421, and the answer names the option that allows it', async (host) => {
    const answer = await raw(server.port, get([`Host: ${host}`, AUTH]))
    expect(statusOf(answer)).toBe(421)
    expect(answer).toContain('--allow-host')
    expect(answer).not.toContain('client_secret')
  })

  it('for a host that was allowed is answered, also when the server is bound to every address', () =>
    withServer({ host: '0.0.0.0', allowHosts: ['Auth.example'] }, async ({ port }) => {
      expect(statusOf(await raw(port, get(['Host: auth.example:9000', AUTH])))).toBe(200)
      expect(statusOf(await raw(port, get(['Host: other.example', AUTH])))).toBe(421)
    }))

  /** The addresses of this machine, as a Host has them, and whether the network has them too. */
  const machine = Object.values(networkInterfaces()).flatMap((list = []) =>
    list.map(({ address, internal }) => ({ host: address.includes(':') ? `[${address}]` : address, internal })),
  )
  const statusesFor = (port: number, hosts: readonly { host: string }[]) =>
    Promise.all(hosts.map(async ({ host }) => statusOf(await raw(port, get([`Host: ${host}:${port}`, AUTH])))))

  it('for any address of the machine is answered when the server is bound to every address', () =>
    withServer({ host: '::' }, async ({ port, url, networkUrls = [] }) => {
      expect(new Set(await statusesFor(port, machine))).toEqual(new Set([200]))
      expect((await fetch(url + PATH, { headers: { Authorization: 'Bearer key' } })).status).toBe(200)
      const hosts = machine.filter(({ host, internal }) => !internal && !host.startsWith('[fe80:'))
      expect(networkUrls).toEqual(hosts.map(({ host }) => `http://${host}:${port}`))
      expect(await statusesFor(port, [{ host: '198.51.100.1' }])).toEqual([421])
    }))

  it('for an address of the network is refused when the server is bound to loopback', async () => {
    const hosts = [{ host: '198.51.100.1' }, ...machine.filter(({ internal }) => !internal)]
    expect(new Set(await statusesFor(server.port, hosts))).toEqual(new Set([421]))
    expect(server.networkUrls).toBeUndefined()
  })

  it('for any host is answered when any is allowed', () =>
    withServer({ allowHosts: ['*'] }, async ({ port }) =>
      expect(statusOf(await raw(port, get(['Host: authentik.test', AUTH])))).toBe(200),
    ))

  it.each([[[]], [['Host: localhost', 'Host: localhost']], [['Host: localhost', 'host: evil.example']]])(
    'with the Host headers %j is refused, because it needs exactly one',
    async (hosts) => {
      expect(statusOf(await raw(server.port, get([...hosts, AUTH])))).toBe(400)
    },
  )

  it('that names another host in its target is refused', async () => {
    expect(statusOf(await raw(server.port, get(['Host: localhost', AUTH], `http://evil.example${PATH}`)))).toBe(421)
    expect(statusOf(await raw(server.port, get(['Host: localhost', AUTH], `http://localhost${PATH}`)))).toBe(200)
  })

  const ISSUER = '/application/o/recycled-ceramic-ball-1/.well-known/openid-configuration'
  const issuerOf = (answer: string) => /"issuer": "([^"]*)"/.exec(answer)?.[1]

  it('that names a host in its target is answered for that one, whatever its Host says', async () => {
    const { port } = server
    const lines = get(['Host: evil.example'], `http://localhost:${port}${ISSUER}`)
    expect(issuerOf(await raw(port, lines))).toBe(`http://localhost:${port}/application/o/recycled-ceramic-ball-1/`)
  })

  it('of HTTP/1.0 needs no Host: it is for the address that it came to', async () => {
    const { port } = server
    const answer = await raw(port, `GET ${ISSUER} HTTP/1.0\r\n\r\n`)
    expect(issuerOf(answer)).toBe(`http://127.0.0.1:${port}/application/o/recycled-ceramic-ball-1/`)
    const proxied = await raw(port, `GET http://localhost${ISSUER} HTTP/1.0\r\n\r\n`)
    expect(issuerOf(proxied)).toBe('http://localhost/application/o/recycled-ceramic-ball-1/')
    expect(statusOf(await raw(port, `GET ${PATH} HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n`))).toBe(400)
  })

  it('with two Authorization headers is refused like one with wrong credentials, as a running authentik was recorded', async () => {
    expect(statusOf(await raw(server.port, get(['Host: localhost', AUTH, 'Authorization: Bearer nope'])))).toBe(403)
  })
})

describe('cross-origin sharing', () => {
  const cors = (answer: string) => answer.split('\r\n').filter((line) => /^access-control-/i.test(line))

  it('is not offered by default, because a running authentik does not offer it', async () => {
    const answer = await raw(server.port, get(['Host: localhost', AUTH, 'Origin: http://app.example']))
    expect([statusOf(answer), cors(answer)]).toEqual([200, []])
    const preflight = await raw(
      server.port,
      get(['Host: localhost', 'Origin: http://app.example', 'Access-Control-Request-Method: GET'], PATH, 'OPTIONS'),
    )
    expect([statusOf(preflight), cors(preflight)]).toEqual([200, []])
  })

  it('lets a page of a named origin use the session of its visitor, and no page that only * allows', () =>
    withServer({ cors: ['http://app.example', '*', 'null'] }, async ({ port }) => {
      const headersFor = async (origin: string) =>
        cors(await raw(port, get(['Host: localhost', AUTH, `Origin: ${origin}`]))).filter(
          (line) => !/Expose/.test(line),
        )
      expect(await headersFor('http://app.example')).toEqual([
        'Access-Control-Allow-Origin: http://app.example',
        'Access-Control-Allow-Credentials: true',
      ])
      expect(await headersFor('http://other.example')).toEqual(['Access-Control-Allow-Origin: *'])
      // A page of any site can open a frame of the origin `null`.
      expect(await headersFor('null')).toEqual(['Access-Control-Allow-Origin: null'])
    }))

  it('has changes from a named origin pass the CSRF check, and those from another refused as authentik does', () =>
    withServer({ cors: ['http://app.example', '*'] }, async ({ url }) => {
      const session = await authentik.logIn('akadmin')
      const change = async (origin: string, headers: Record<string, string> = session) => {
        const response = await fetch(`${url}/api/v3/core/applications/recycled-ceramic-ball-1/`, {
          method: 'PATCH',
          headers: { ...headers, Origin: origin, 'Content-Type': 'application/json' },
          body: '{"meta_publisher":"Acme"}',
        })
        return [response.status, ((await response.json()) as { detail?: string }).detail]
      }
      expect(await change('http://app.example')).toEqual([200, undefined])
      expect(await change('http://app.example', { Cookie: session.Cookie })).toEqual([
        403,
        'CSRF Failed: CSRF token missing.',
      ])
      expect(await change('http://other.example')).toEqual([
        403,
        'CSRF Failed: Origin checking failed - http://other.example does not match any trusted origins.',
      ])
    }))

  it('is offered to the origins that are allowed, and to no other', () =>
    withServer({ cors: ['HTTP://App.example:80/'] }, async ({ port }) => {
      expect(cors(await raw(port, get(['Host: localhost', AUTH, 'Origin: http://app.example'])))).toContain(
        'Access-Control-Allow-Origin: http://app.example',
      )
      expect(cors(await raw(port, get(['Host: localhost', AUTH, 'Origin: http://evil.example'])))).toEqual([])
      const preflight = await raw(
        port,
        get(
          [
            'Host: localhost',
            'Origin: http://app.example',
            'Access-Control-Request-Method: GET',
            'Access-Control-Request-Headers: authorization',
          ],
          PATH,
          'OPTIONS',
        ),
      )
      expect(statusOf(preflight)).toBe(204)
      expect(cors(preflight)).toEqual(
        expect.arrayContaining([
          'Access-Control-Allow-Credentials: true',
          'Access-Control-Allow-Headers: authorization',
          'Access-Control-Max-Age: 600',
          'Access-Control-Allow-Origin: http://app.example',
        ]),
      )
    }))
})

describe('a body', () => {
  const post = (lines: readonly string[], body: string) => `${get(['Host: localhost', ...lines], PATH, 'POST')}${body}`
  const MEBIBYTE = 1024 * 1024

  it('of a mebibyte is read', async () => {
    expect(statusOf(await raw(server.port, post([`Content-Length: ${MEBIBYTE}`], 'x'.repeat(MEBIBYTE))))).toBe(405)
  })

  it('over a mebibyte is refused with 413, with or without a Content-Length', async () => {
    expect(statusOf(await raw(server.port, post([`Content-Length: ${MEBIBYTE + 1}`], 'x'.repeat(MEBIBYTE + 1))))).toBe(
      413,
    )
    expect(
      statusOf(
        await raw(
          server.port,
          post(
            ['Transfer-Encoding: chunked'],
            `${(2 * MEBIBYTE).toString(16)}\r\n${'x'.repeat(2 * MEBIBYTE)}\r\n0\r\n\r\n`,
          ),
        ),
      ),
    ).toBe(413)
  })
})

describe('malformed HTTP', () => {
  const HOST = 'Host: localhost'
  it.each<[string, string | readonly string[]]>([
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
    ['an unknown method', get([HOST], PATH, 'FOO')],
    ['an unknown version of HTTP', `GET ${PATH} HTTP/9.9\r\n${HOST}\r\n\r\n`],
    ['a header without a colon', get([HOST, 'nonsense'])],
    ['a header with a bare line feed in its value', get([HOST, 'X: a\nY b'])],
    ['a header with a NUL', get([HOST, 'X: a\u0000b'])],
    ['a space before the colon', get([HOST, 'X : a'])],
    ['two different lengths', get([HOST, 'Content-Length: 1', 'Content-Length: 2'])],
    ['a length that is no number', get([HOST, 'Content-Length: many'])],
    ['a length beside chunks', get([HOST, 'Content-Length: 3', 'Transfer-Encoding: chunked'])],
    ['malformed chunks', `${get([HOST, 'Transfer-Encoding: chunked'], PATH, 'POST')}zz\r\n`],
    ['headers over 16 KiB', get([HOST, `X: ${'x'.repeat(20_000)}`])],
    ['a path over 16 KiB', get([HOST], `/${'x'.repeat(20_000)}`)],
    ['a tunnel', 'CONNECT localhost:443 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['an unknown expectation', get([HOST, 'Expect: miracles'])],
    ['an asterisk for a path', get([HOST], '*', 'OPTIONS')],
    ['a percent sign for a path', get([HOST, AUTH], '/%')],
    ['bytes that are no UTF-8 in the path', get([HOST, AUTH], '/api/v3/oauth2/authorization_codes/%C3%28/')],
    ['raw bytes in the path', get([HOST, AUTH], '/api/v3/oauth2/authorization_codes/\u00e4/')],
    ['half a surrogate in the query', get([HOST, AUTH], `${PATH}?user=%ED%A0%80`)],
    ['a credential that is not ASCII', get([HOST, 'Authorization: Bearer n\u00f6'])],
    ['a malformed Accept', get([HOST, AUTH, 'Accept: ;;;,,,/'])],
    ['a malformed Accept-Encoding', get([HOST, AUTH, 'Accept-Encoding: ;q=x,,'])],
    ['two requests at once', get([HOST, AUTH]).replace('Connection: close\r\n', '') + get([HOST, AUTH])],
  ])('is answered, and not with a 5xx: %s', async (_, bytes) => {
    const status = statusOf(await raw(server.port, bytes))
    expect(status).toBeGreaterThanOrEqual(200)
    expect(status).toBeLessThan(500)
  })

  it('does not stop the server from answering the next request', async () => {
    await raw(server.port, '\u0000\u0000\u0000\u0000', 200)
    expect(statusOf(await raw(server.port, get([HOST, AUTH])))).toBe(200)
  })

  const SLOW = 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: '

  it('ends with 408 when its headers do not come in time', async () => {
    const timeouts = { headersTimeout: 200, connectionsCheckingInterval: 50 }
    const hasty = await serve(mock({ codes: 0 }), { port: 0 }, timeouts)
    expect(statusOf(await raw(hasty.port, SLOW, 10_000))).toBe(408)
    await hasty.close()
  })
})

describe('compression', () => {
  it.each([
    ['gzip', 'gzip'],
    ['deflate', 'deflate'],
    ['gzip, deflate, br, zstd', 'gzip'],
    ['br', undefined],
  ])(
    'for Accept-Encoding "%s" is %s, as the front of a running authentik was recorded',
    async (acceptEncoding, encoding) => {
      const [headers, bytes] = await new Promise<[Record<string, unknown>, Buffer]>((resolve, reject) => {
        httpRequest(
          `${server.url}${PATH}`,
          { headers: { Authorization: 'Bearer key', 'Accept-Encoding': acceptEncoding } },
          (response) => {
            const parts: Buffer[] = []
            response
              .on('data', (part: Buffer) => parts.push(part))
              .on('end', () => resolve([response.headers, Buffer.concat(parts)]))
          },
        )
          .on('error', reject)
          .end()
      })
      expect(headers['content-encoding']).toBe(encoding)
      expect(headers['content-length']).toBe(String(bytes.length))
      const body = encoding === 'gzip' ? gunzipSync(bytes) : encoding === 'deflate' ? inflateRawSync(bytes) : bytes
      expect(JSON.parse(body.toString()).pk).toBe(1)
    },
  )
})

describe('the server', () => {
  it.each([
    [
      [mock(), { prot: 0 }],
      'Failed to serve: there is no option "prot". There are port, host, allowHosts, cors, tls, httpsPort, log.',
    ],
    [
      [mock(), { cors: ['localhost:5173'] }],
      'Failed to serve: cors: "localhost:5173" has no scheme. Give http://localhost:5173.',
    ],
    [[mock(), { cors: 'http://localhost:5173' }], 'Failed to serve: cors is no list. Give ["http://localhost:5173"].'],
    [[mock(), { cors: [/localhost/] }], 'Failed to serve: cors holds /localhost/. Give texts.'],
    [
      [mock(), { allowHosts: ['http://auth.example'] }],
      'Failed to serve: allowHosts: "http://auth.example" is more than a name. Give auth.example.',
    ],
    [
      [mock(), { httpsPort: 0 }],
      'Failed to serve: httpsPort is given without a certificate. Give tls: { key, cert } too.',
    ],
    [[mock(), { tls: true }], 'Failed to serve: tls is no certificate. Give { key, cert }, each in PEM.'],
    [[{ port: 0 }], 'Failed to serve: the first argument is no mock. Write serve(mock(), { port: 0 }).'],
    [[undefined], 'Failed to serve: the first argument is no mock. Write serve(mock(), { port: 0 }).'],
    [[mock(), null], 'Failed to serve: the options are null. Write serve(mock(), { port: 9000 }).'],
    [[mock(), 9000], 'Failed to serve: the options are 9000. Write serve(mock(), { port: 9000 }).'],
  ])('refuses what TypeScript would refuse: %#', async (args, message) => {
    await expect(serve(...(args as Parameters<typeof serve>))).rejects.toThrow(new MockError('ERR_OPTION', message))
  })

  it('says which port to give when its own is in use, with the code of Node', async () => {
    const occupant = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => occupant.once('listening', resolve))
    const { port } = occupant.address() as { port: number }
    await expect(serve(authentik, { port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
      port,
      message: `Failed to serve: Port ${port} of 127.0.0.1 is in use. Give another: { port: ${port + 1} } (or { port: 0 } for any that is free).`,
      cause: { code: 'EADDRINUSE' },
    })
    await expect(serve(authentik, { port: 0, host: '203.0.113.1' })).rejects.toMatchObject({
      code: 'EADDRNOTAVAIL',
      message: "Failed to serve: 203.0.113.1 is no address of this machine. Give one that is: { host: '127.0.0.1' }",
    })
    occupant.close()
  })

  it('listens on loopback when its host is empty', () =>
    withServer({ host: '' }, async ({ url }) => expect(url).toMatch(/^http:\/\/127\.0\.0\.1:/)))

  it('listens on IPv6 when its host is an IPv6 address', () =>
    withServer({ host: '::1' }, async ({ url }) =>
      expect((await fetch(`${url}${PATH}`, { headers: { Authorization: 'Bearer key' } })).status).toBe(200),
    ))

  it('closes within two seconds even when a client keeps a request open', async () => {
    const timeOfClose = async () => {
      const closingServer = await serve(authentik, { port: 0 })
      const openRequest = raw(
        closingServer.port,
        `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc`,
        5000,
      )
      await new Promise((resolve) => setTimeout(resolve, 50))
      const time = await timeOf(() => closingServer.close())
      await openRequest
      return time
    }
    expect(await leastOf(2000, timeOfClose)).toBeLessThan(2000)
  })
})
