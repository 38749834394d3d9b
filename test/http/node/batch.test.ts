/** Requests that come in one turn of the event loop are answered in a row, and each as if it were alone. */
import { connect, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { createBatch } from '../../../src/http/node/batch.ts'
import { serve, type Server } from '../../../src/http/node/server.ts'
import type { Call, Reply } from '../../../src/http/message.ts'
import { get, statusesIn } from '../../support/raw-http.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('a batch', () => {
  const handled: number[][] = []
  const open = () => createBatch<number>((items) => void handled.push([...items]))
  afterEach(() => {
    handled.length = 0
  })

  it('hands over what came in one turn at its end, in order', async () => {
    const batch = open()
    for (const item of [1, 2, 3]) batch.add(item)
    expect(handled).toEqual([])
    await turn()
    expect(handled).toEqual([[1, 2, 3]])
  })

  it('hands over at once what it is told to, and no item twice', async () => {
    const batch = open()
    batch.add(1)
    batch.flush()
    expect(handled).toEqual([[1]])
    batch.add(2)
    await turn()
    await turn()
    expect(handled).toEqual([[1], [2]])
  })

  it('leaves for the next turn what comes while it hands over', async () => {
    const batch = createBatch<number>((items) => {
      handled.push([...items])
      if (items[0] === 1) batch.add(2)
    })
    batch.add(1)
    batch.flush()
    expect(handled).toEqual([[1]])
    await turn()
    await turn()
    expect(handled).toEqual([[1], [2]])
  })
})

describe.each([
  ['many connections', 1],
  ['one connection, which waits for no other', 0],
])('a server that is asked over %s', (_title, idleConnections) => {
  const calls: string[] = []
  const log: string[] = []
  const text = (body: string): Reply => ({ status: 200, headers: [['Content-Type', 'text/plain']], body })
  let answered = 0
  let server: Server
  let idle: Socket[] = []
  beforeAll(async () => {
    const answer = ({ path }: Call): Reply | Promise<Reply> => {
      calls.push(path)
      if (path === '/fails') throw new Error('no answer')
      if (path === '/late') return turn().then(() => text(`${path}\n`))
      return text(`${path} ${answered++}\n`)
    }
    server = await serve({ ready: Promise.resolve(), answer }, { port: 0, log: (message) => log.push(message) })
    idle = Array.from({ length: idleConnections }, () => connect(server.port, '127.0.0.1'))
  })
  afterAll(() => {
    for (const socket of idle) socket.destroy()
    return server.close()
  })
  afterEach(() => {
    vi.useRealTimers()
    calls.length = 0
    log.length = 0
    answered = 0
  })

  /** Sends requests in one piece over one connection, the last of which closes it. @returns all that came back */
  const pipeline = (...requests: string[]) =>
    new Promise<string>((resolve, reject) => {
      let received = ''
      const socket = connect(server.port, '127.0.0.1')
      socket.on('data', (part) => (received += part.toString('latin1')))
      socket.on('error', reject).on('close', () => resolve(received))
      socket.write(requests.join(''))
    })

  it('gives each its own answer', async () => {
    const paths = Array.from({ length: 100 }, (_, index) => `/${index}`)
    const bodies = await Promise.all(paths.map(async (path) => (await fetch(server.url + path)).text()))
    expect(bodies.map((body) => body.split(' ')[0])).toEqual(paths)
    expect(new Set(bodies.map((body) => body.trim().split(' ')[1])).size).toBe(paths.length)
  })

  it('answers the others of a turn in which one fails', async () => {
    const received = await pipeline(get('/1'), get('/fails'), get('/2', 'Connection: close'))
    expect(statusesIn(received)).toEqual([200, 500, 200])
    expect(log).toEqual([expect.stringContaining('Failed to answer GET /fails: Error: no answer')])
  })

  it('sends the answers of a connection in the order of its requests, be they late or not', async () => {
    const received = await pipeline(get('/late'), get('/1'), get('/late'), get('/2', 'Connection: close'))
    expect(received.match(/^\/\w+/gm)).toEqual(['/late', '/1', '/late', '/2'])
  })

  it('answers what came whole before what it cannot read', async () => {
    const received = await pipeline(get('/1'), get('/2'), 'this is no HTTP\r\n\r\n')
    expect(statusesIn(received)).toEqual([200, 200, 400])
    expect(calls).toEqual(['/1', '/2'])
  })

  it('answers what came before a request that asks for leave to send its body', async () => {
    const asking = [
      'PUT /3 HTTP/1.1',
      'Host: localhost',
      'Content-Length: 2',
      'Expect: 100-continue',
      'Connection: close',
    ]
    const received = await pipeline(get('/1'), [...asking, '', '{}'].join('\r\n'))
    expect(calls).toEqual(['/1', '/3'])
    expect(statusesIn(received)).toEqual([200, 100, 200])
  })

  it('answers while a test fakes every timer', async () => {
    vi.useFakeTimers({ toFake: ['setImmediate', 'setTimeout', 'setInterval', 'Date'] })
    expect(statusesIn(await pipeline(get('/1', 'Connection: close')))).toEqual([200])
  })
})
