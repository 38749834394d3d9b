/** A connection's requests are answered one after another, whatever comes of each, and in time for who has sent its last. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Call, Reply } from '../../../src/http/message.ts'
import { serve, type Server } from '../../../src/http/node/server.ts'
import { get, statusesIn } from '../../support/raw-http.ts'
import { certify } from '../../contract/verify/certificate.ts'

const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const text = (body: string): Reply => ({ status: 200, headers: [['Content-Type', 'text/plain']], body })
const pair = certify({ names: ['localhost'], expires: new Date('2049-01-01') })

const calls: string[] = []
let readers = 0
const stream: Reply = {
  ...text(''),
  stream: () => {
    readers++
    return () => void readers--
  },
}
const answer = async ({ path, body }: Call): Promise<Reply> => {
  if (path.startsWith('/late')) await wait(20)
  calls.push(`${path} ${await body()}`.trim())
  if (path === '/late/stream') return stream
  return path === '/reset' ? { ...text(''), fault: 'reset' } : text(`${path}\n`)
}
/** Answers at once what need not wait, as the mock does. */
const answering = ({ path, ...call }: Call): Reply | Promise<Reply> => {
  if (path !== '/now') return answer({ ...call, path })
  calls.push(path)
  return text(`${path}\n`)
}

let server: Server
beforeAll(async () => {
  server = await serve({ ready: Promise.resolve(), answer: answering }, { port: 0, httpsPort: 0, tls: pair })
})
afterAll(() => server.close())
afterEach(() => {
  calls.length = 0
})

const post = (path: string, body: string) => get(path, `Content-Length: ${body.length}`).replace('GET', 'POST') + body
const broken = `${get('/broken', 'Transfer-Encoding: chunked').replace('GET', 'POST')}zz\r\n`
const closing = get('/closing', 'Connection: close')

/** Sends bytes in one piece. @returns the statuses that came back until the server closed the connection */
const statusesOf = (bytes: string, { end = false } = {}) =>
  new Promise<number[]>((resolve) => {
    let received = ''
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
    socket.on('data', (part) => (received += part.toString('latin1')))
    socket.on('error', () => {}).on('end', () => socket.end())
    socket.on('close', () => resolve(statusesIn(received)))
    if (end) socket.end(bytes)
    else socket.write(bytes)
  })
describe('a connection with several requests', () => {
  it('has the second find what the first did, though the first has a body and comes late', async () => {
    const statuses = await statusesOf(post('/late', 'a') + get('/now') + post('/3', 'b') + closing)
    expect(statuses).toEqual([200, 200, 200, 200])
    expect(calls).toEqual(['/late a', '/now', '/3 b', '/closing'])
  })

  it.each([
    ['with a body', post('/1', 'a'), ['/1 a']],
    ['that comes late', get('/late'), ['/late']],
    ['behind another', post('/late', 'a') + get('/now'), ['/late a', '/now']],
  ])('has what came whole answered before a body that cannot be read: a request %s', async (_, bytes, answered) => {
    expect(await statusesOf(bytes + broken)).toEqual([...answered.map(() => 200), 400])
    expect(calls).toEqual(answered)
  })

  it('has what came before a reset answered, and nothing done that comes behind it', async () => {
    expect(await statusesOf(get('/now') + get('/now') + get('/reset') + post('/4', 'a'))).toEqual([200, 200])
    await wait(20)
    expect(calls).toEqual(['/now', '/now', '/reset'])
  })

  it('has nothing done that comes behind an expectation that nobody meets', async () => {
    expect(await statusesOf(get('/1', 'Expect: miracles') + get('/now'))).toEqual([417])
    await wait(20)
    expect(calls).toEqual([])
  })

  it('is answered all of them at once, so that its client may send its last with them', async () => {
    expect(await statusesOf(get('/now').repeat(20), { end: true })).toEqual(Array.from({ length: 20 }, () => 200))
  })
})

describe('a client that is done', () => {
  it.each([
    ['a request', get('/now')],
    ['a request with a body', post('/now', 'a')],
  ])('is answered, also when %s and its last come in one turn over TLS', async (_, bytes) => {
    const raw = connect(Number(new URL(server.httpsUrl ?? '').port), '127.0.0.1')
    const held: Buffer[] = []
    let isHeld = false
    const carrier = new Duplex({
      read() {},
      write(part: Buffer, _encoding, proceed) {
        if (isHeld) held.push(part)
        else raw.write(part)
        proceed()
      },
    })
    raw.on('data', (part) => carrier.push(part)).on('end', () => carrier.push(null))
    const client = connectTls({ socket: carrier, ca: pair.cert, servername: 'localhost' })
    let received = ''
    client.on('data', (part) => (received += part.toString('latin1')))
    await once(client, 'secureConnect')
    isHeld = true
    client.end(bytes)
    await wait(20)
    raw.write(Buffer.concat(held))
    await once(client, 'end')
    raw.destroy()
    expect(statusesIn(received)).toEqual([200])
  })

  it('leaves no stream open that it went away before', async () => {
    const socket = connect(server.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(get('/late/stream'))
    await wait(10)
    socket.destroy()
    await expect.poll(() => calls).toEqual(['/late/stream'])
    await wait(20)
    // A machine that is busy may answer before the socket is gone, and then closes what it opened.
    await expect.poll(() => readers).toBe(0)
  })
})
