/** No client ends the server, holds a socket of it, or goes without an answer that it can read. */
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serve, type Server } from '../../../src/http/node/server.ts'
import { mock } from '../../../src/entries/index.ts'
import { leastOf, timeOf } from '../../support/cost.ts'
import { statusesIn } from '../../support/raw-http.ts'

const PATH = '/api/v3/root/config/'
const HOST = 'Host: localhost'
const MEBIBYTE = 1024 * 1024
/** What a busy machine does not keep to, so that only what stops coming is sent to a server with these. */
const HASTY = { headersTimeout: 150, requestTimeout: 200, silenceTimeout: 400, connectionsCheckingInterval: 50 }

const request = (method: string, target: string, ...lines: string[]) =>
  [`${method} ${target} HTTP/1.1`, ...lines, '', ''].join('\r\n')
const post = (length: number, body: string, ...lines: string[]) =>
  request('POST', PATH, HOST, `Content-Length: ${length}`, ...lines) + body
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** What a client saw that never closes its side. */
interface Exchange {
  text: string
  /** The statuses of all answers, in order. */
  statuses: number[]
  /** How long the server kept the socket after its first byte, in milliseconds; Infinity when it did not let go. */
  heldFor: number
}

/**
 * Sends bytes over a socket that stays open on this side, and writes on once the server has closed its own, which
 * fails only when the server has let go of the socket.
 */
function holdOpen(port: number, bytes: string, patience = 3000): Promise<Exchange> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    let [text, answered] = ['', NaN]
    let probe: NodeJS.Timeout | undefined
    const finish = (heldFor: number) => {
      clearTimeout(timer)
      clearInterval(probe)
      socket.destroy()
      resolve({ text, statuses: statusesIn(text), heldFor })
    }
    const timer = setTimeout(() => finish(Infinity), patience)
    socket
      .on('data', (part) => {
        if (text === '') answered = performance.now()
        text += part.toString('latin1')
      })
      .on('end', () => (probe = setInterval(() => socket.write('x'), 20)))
      .on('error', () => {})
      .on('close', () => finish(performance.now() - answered))
    socket.write(bytes, 'latin1')
  })
}

/** Sends requests over one connection, each after the answer to the one before. @returns the statuses */
async function converse(port: number, requests: readonly string[]): Promise<number[]> {
  const socket: Socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (part) => (text += part.toString()))
  for (const [index, bytes] of requests.entries()) {
    socket.write(bytes)
    await expect.poll(() => statusesIn(text).length, { timeout: 30_000, interval: 10 }).toBe(index + 1)
  }
  socket.destroy()
  return statusesIn(text)
}

/** Sends bytes, and resets the connection. */
async function breakOff(port: number, bytes: string, delay: number): Promise<void> {
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.write(bytes, 'latin1')
  await wait(delay)
  socket.resetAndDestroy()
}

const authentik = mock({ token: 'key', codes: 1 })
const messages: string[] = []
let server: Server
let hasty: Server
beforeAll(async () => {
  server = await serve(authentik, { port: 0, log: (message) => messages.push(message) })
  hasty = await serve(authentik, { port: 0 }, HASTY)
})
afterAll(() => Promise.all([server.close(), hasty.close()]))

const REFUSED: [string, number, string][] = [
  ['no HTTP', 400, 'hello\r\n\r\n'],
  ['the preface of HTTP/2', 400, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['headers that stop coming', 408, 'GET / HTTP/1.1\r\nX: '],
  ['nothing at all', 408, ''],
  ['a body that stops coming', 408, post(10, 'abc')],
  ['a body that says it is too long', 413, post(2 * MEBIBYTE, 'abc')],
  ['a body that is too long', 413, post(2 * MEBIBYTE, 'x'.repeat(2 * MEBIBYTE))],
  [
    'chunks that are too long together',
    413,
    `${request('POST', PATH, HOST, 'Transfer-Encoding: chunked')}200000\r\n${'x'.repeat(2 * MEBIBYTE)}`,
  ],
  ['headers that are too long', 431, request('GET', PATH, HOST, `X: ${'x'.repeat(200_000)}`)],
  ['a tunnel', 405, request('CONNECT', 'localhost:443', HOST)],
  ['a tunnel to another host', 421, request('CONNECT', 'evil.example:443', 'Host: evil.example:443')],
  ['an expectation that nobody meets', 417, post(2, '', 'Expect: miracles')],
  ['leave to send too much', 413, post(2 * MEBIBYTE, '', 'Expect: 100-continue')],
  [
    'leave to send to another host',
    421,
    request('POST', PATH, 'Host: evil.example', 'Content-Length: 2', 'Expect: 100-continue'),
  ],
  [
    'an unknown expectation of another host',
    421,
    request('POST', PATH, 'Host: evil.example', 'Content-Length: 2', 'Expect: miracles'),
  ],
]

describe.concurrent('a socket that is refused', () => {
  it.each(REFUSED)(
    'is answered once and let go within a second, although the client keeps it open: %s is %i',
    async (_, status, bytes) => {
      const held = async () => {
        const { statuses, heldFor, text } = await holdOpen((status === 408 ? hasty : server).port, bytes)
        expect([statuses, text.toLowerCase()]).toEqual([[status], expect.stringContaining('connection: close')])
        expect(text).toContain('X-Content-Type-Options: nosniff')
        return heldFor
      }
      expect(await leastOf(1000, held)).toBeLessThan(1000)
    },
  )

  it.each<[string, number[], string]>([
    ['no HTTP', [200, 400], `${request('GET', PATH, HOST)}hello\r\n\r\n`],
    ['no HTTP behind a body', [405, 400], `${post(2, '{}')}hello\r\n\r\n`],
    ['a tunnel behind a body', [405, 405], post(2, '{}') + request('CONNECT', 'localhost:1', HOST)],
    ['too much behind a body', [405, 413], post(2, '{}') + post(2 * MEBIBYTE, 'abc')],
  ])('is refused after what came whole before it is answered: %s', async (_, statuses, bytes) => {
    const held = async () => {
      const exchange = await holdOpen(server.port, bytes)
      expect(exchange.statuses).toEqual(statuses)
      return exchange.heldFor
    }
    expect(await leastOf(1000, held)).toBeLessThan(1000)
  })

  it('has nothing done that comes on it later', async () => {
    const rows = () => [...authentik.world.authorization_codes.values()].length
    const removal = request('DELETE', '/api/v3/oauth2/authorization_codes/1/', HOST, 'Authorization: Bearer key')
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true }).on('error', () => {})
    const answered = new Promise((resolve) => socket.once('data', resolve))
    socket.write(post(2 * MEBIBYTE, 'abc'))
    await answered
    socket.write('x'.repeat(2 * MEBIBYTE - 3) + removal)
    await wait(300)
    socket.destroy()
    expect(rows()).toBe(1)
  })

  it('is not needed for the server to close', async () => {
    const timeOfClose = async () => {
      const closing = await serve(authentik, { port: 0 })
      const tunnel = holdOpen(closing.port, request('CONNECT', 'localhost:443', HOST))
      await wait(50)
      const time = await timeOf(() => closing.close())
      await tunnel
      return time
    }
    expect(await leastOf(2000, timeOfClose)).toBeLessThan(2000)
  })
})

describe('a client that goes away', () => {
  it.each([
    ['in a tunnel', request('CONNECT', 'localhost:443', HOST)],
    ['in an upgrade', request('GET', PATH, HOST, 'Connection: Upgrade', 'Upgrade: websocket')],
    ['in its upload', post(100, 'abc')],
    ['in an upload that is refused', post(2 * MEBIBYTE, 'abc')],
    ['before it may send', post(100, '', 'Expect: 100-continue')],
    ['in its headers', 'GET / HTTP/1.1\r\nX: '],
    ['after no HTTP', 'hello\r\n\r\n'],
  ])('ends nothing and is not logged: %s', async (_, bytes) => {
    messages.splice(0)
    await Promise.all([0, 1, 5, 20].map((delay) => breakOff(server.port, bytes, delay)))
    await wait(50)
    expect((await fetch(`${server.url}${PATH}`)).status).toBe(200)
    expect(messages).toEqual([])
  })

  it('holds no socket when it reads nothing of an answer', async () => {
    const long = { status: 200, headers: [], body: 'x'.repeat(16 * MEBIBYTE) }
    const silenceTimeout = 100
    const talkative = await serve(
      { ready: Promise.resolve(), answer: () => long },
      { port: 0 },
      { ...HASTY, silenceTimeout },
    )
    const lengthOf = async () => {
      const socket = connect(talkative.port, '127.0.0.1').on('error', () => {})
      socket.pause().write(request('GET', PATH, HOST))
      await wait(10 * silenceTimeout)
      let length = 0
      socket.on('data', (part) => (length += part.length)).resume()
      await new Promise((resolve) => socket.once('close', resolve))
      return length
    }
    // A server that is busy may come to it only when the client reads again.
    expect(await leastOf(long.body.length, lengthOf)).toBeLessThan(long.body.length)
    await talkative.close()
  })
})

describe('an upgrade', () => {
  it.each(['websocket', 'h2c', 'TLS/1.0'])(
    'to %s is answered as a request without it, on a connection that stays',
    async (protocol) => {
      const lines = ['Connection: Upgrade', `Upgrade: ${protocol}`]
      const requests = [request('GET', PATH, HOST, ...lines), post(2, '{}', ...lines), request('GET', PATH, HOST)]
      expect(await converse(server.port, requests)).toEqual([200, 405, 200])
    },
  )
})

describe('leave to send a body', () => {
  it('is given before the body is sent, and the connection stays', async () => {
    const requests = [post(2, '', 'Expect: 100-continue'), '{}', request('GET', PATH, HOST)]
    expect(await converse(server.port, requests)).toEqual([100, 405, 200])
  })
})

describe('what the server itself answers', () => {
  it.each([
    ['another host', 421, { Host: 'evil.example' }],
    ['two hosts', 400, { Host: ['localhost', 'localhost'] }],
  ])('is not to be taken for another media type: %s', async (_, status, { Host }) => {
    const { text, statuses } = await holdOpen(
      server.port,
      request('GET', PATH, 'Connection: close', ...[Host].flat().map((host) => `Host: ${host}`)),
    )
    expect(statuses).toEqual([status])
    expect(text).toContain('X-Content-Type-Options: nosniff')
  })

  it('is not to be taken for another media type: a failure of the mock', async () => {
    const failing = await serve(
      { ready: Promise.resolve(), answer: () => Promise.reject(new Error('broken')) },
      { port: 0 },
    )
    const response = await fetch(failing.url)
    expect([response.status, response.headers.get('x-content-type-options')]).toEqual([500, 'nosniff'])
    await failing.close()
  })
})
