/** The client of the benchmark finds where an answer ends, however it arrives. */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { Connection, type Exchange } from '../../benchmarks/connection.ts'

let close = () => {}
afterEach(() => close())

/** Sends two requests to a server, which answers each with some parts. */
async function converse(parts: readonly string[]): Promise<Exchange[]> {
  const server = createServer((socket: Socket) => {
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('data', async () => {
      for (const part of parts) {
        socket.write(part)
        // The parts of an answer are to arrive on their own.
        await sleep(20)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const connection = await Connection.open({ host: '127.0.0.1', port })
  close = () => {
    connection.close()
    server.close()
  }
  const requests = ['GET / HTTP/1.1\r\n\r\n', 'GET / HTTP/1.1\r\n\r\n']
  const exchanges: Exchange[] = []
  await connection.converse(
    () => requests.pop(),
    (exchange) => exchanges.push(exchange),
  )
  return exchanges
}

it.each([
  { form: 'with a Content-Length', parts: ['HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd'] },
  { form: 'whose body arrives in parts', parts: ['HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab', 'c', 'd'] },
  { form: 'whose head arrives in parts', parts: ['HTTP/1.1 20', '0 OK\r\nContent-Length: 4\r\n\r', '\nabcd'] },
  { form: 'in chunks', parts: ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n'] },
  {
    form: 'in chunks, whose end arrives in parts',
    parts: ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n', '0\r\n', '\r\n'],
  },
  { form: 'of no chunk', parts: ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', '0\r\n\r\n'] },
  { form: 'without a body', parts: ['HTTP/1.1 200 OK\r\n\r\n'] },
])('an answer $form ends where its last byte arrives', async ({ parts }) => {
  const exchanges = await converse(parts)

  expect(exchanges.map(({ status, bytes }) => ({ status, bytes }))).toEqual([
    { status: 200, bytes: parts.join('').length },
    { status: 200, bytes: parts.join('').length },
  ])
  // Each part but the last was waited for.
  expect(exchanges[0]?.duration).toBeGreaterThan((parts.length - 1) * 15)
})

it('a connection that closes before an answer is complete is told', async () => {
  const server = createServer((socket) =>
    socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab')),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const connection = await Connection.open({ host: '127.0.0.1', port: (server.address() as AddressInfo).port })
  close = () => server.close()

  await expect(
    connection.converse(
      () => 'GET / HTTP/1.1\r\n\r\n',
      () => {},
    ),
  ).rejects.toThrow('The server closed the connection.')
})
