/** A client that writes all its requests to one connection before it reads an answer. */
import { connect } from 'node:net'
import type { Mock } from '../../src/entries/index.ts'
import { serve } from '../../src/http/node/server.ts'

/** A request with a body, which may be empty. */
export interface PipelinedRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: string
}

/** An answer: its status, and its body as text. */
export interface PipelinedAnswer {
  status: number
  text: string
}

/** Serves a mock, and sends requests to it. @returns what is answered, in their order */
export async function pipeline(authentik: Mock, requests: readonly PipelinedRequest[]): Promise<PipelinedAnswer[]> {
  const server = await serve(authentik, { port: 0 })
  const texts = requests.map(({ method, path, headers, body }, index) => {
    const connection = index === requests.length - 1 ? { Connection: 'close' } : {}
    const lines = Object.entries({ Host: 'localhost', ...headers, ...connection, 'Content-Length': body.length })
    return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`
  })
  let received = ''
  await new Promise<void>((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(texts.join('')))
    socket.on('data', (part) => (received += part.toString()))
    socket.on('end', resolve)
    socket.on('error', reject)
  }).finally(() => server.close())
  return received
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((answer) => answer !== '')
    .map((answer) => ({
      status: Number(answer.split(' ')[1]),
      text: answer.slice(answer.indexOf('\r\n\r\n') + 4),
    }))
}
