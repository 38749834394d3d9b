/** authentik-mock/node: a mock on a socket. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { deflateRawSync, gzipSync } from 'node:zlib'
import type { Answering, Reply } from '../message.ts'
import { createGuard, refusal } from './host-guard.ts'
import { hasBody, MAX_BODY, readBody, toCall } from './request.ts'

export interface ServeOptions {
  /** 0 picks a free one. @default 9000 */
  port?: number
  /** The address to listen on. @default '127.0.0.1' */
  host?: string
  /** Names that a request's Host may have beside loopback ones and `host`; `*` for any. */
  allowHosts?: readonly string[]
  /** Origins whose pages may read the answers; `*` for any. A real authentik lets none. */
  cors?: readonly string[]
  /** Told of what fails inside the mock. */
  log?: (message: string) => void
}

export interface Server {
  /** Such as `http://127.0.0.1:9000`. */
  url: string
  port: number
  /** Answers what is in flight, for a second and a half at most, and closes. */
  close(): Promise<void>
}

// An import evaluates every lazy export of node:http, undici among them.
const { createServer } = process.getBuiltinModule('node:http')

const GRACE = 1500

/** Serves a mock. Rejects with Node's own error when the address cannot be had (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`). */
export async function serve(mock: Answering, options: ServeOptions = {}): Promise<Server> {
  const { port = 9000, host = '127.0.0.1', allowHosts = [], cors = [], log = () => {} } = options
  const guard = createGuard({ host, allowHosts, cors })
  const server = createServer({
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    connectionsCheckingInterval: 1000,
    requireHostHeader: false,
  })

  function answer(request: IncomingMessage): Reply | Promise<Reply> {
    const refused = guard.refuse(request)
    if (refused) return refused
    if (!hasBody(request)) return mock.answer(toCall(request, ''))
    return readBody(request).then((body) =>
      body === undefined
        ? refusal(413, `The body is over ${MAX_BODY} bytes. Send less.`)
        : mock.answer(toCall(request, body)),
    )
  }

  server.on('request', async (request, response) => {
    try {
      const reply = answer(request)
      // What is there already goes out at once: waiting would cost a turn of the microtask queue.
      send(request, response, reply instanceof Promise ? await reply : reply, guard.corsHeaders(request))
    } catch (error) {
      log(`Failed to answer ${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`)
      if (response.headersSent) response.destroy()
      else send(request, response, refusal(500, 'The mock failed: its log says why.'), [])
    }
  })
  server.on('clientError', refuseBroken)
  server.on('connect', (_request, socket) =>
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'),
  )

  await mock.ready
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  const bound = (server.address() as AddressInfo).port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        const late = setTimeout(() => server.closeAllConnections(), GRACE)
        server.close(() => {
          clearTimeout(late)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply, more: Reply['headers']): void {
  const packed = reply.body === '' ? undefined : pack(request.headers['accept-encoding'], reply.body)
  const headers: string[] = []
  for (const [name, value] of reply.headers) headers.push(name, value)
  for (const [name, value] of more) headers.push(name, value)
  if (packed) headers.push('Content-Encoding', packed.encoding)
  headers.push('Content-Length', String(packed ? packed.bytes.length : Buffer.byteLength(reply.body)))
  response.sendDate = false
  if (reply.status === 413) response.shouldKeepAlive = false
  response.writeHead(reply.status, headers)
  response.end(packed?.bytes ?? reply.body)
}

/** Compresses as authentik's front does: by the first of gzip and raw deflate that the client lists (recorded in front-2024.8.4). */
function pack(accepted: string | string[] | undefined, body: string): { encoding: string; bytes: Buffer } | undefined {
  if (accepted === undefined) return undefined
  for (const encoding of String(accepted)
    .split(',')
    .map((one) => one.trim())) {
    if (encoding === 'gzip') return { encoding, bytes: gzipSync(body) }
    if (encoding === 'deflate') return { encoding, bytes: deflateRawSync(body) }
  }
  return undefined
}

/** Answers what Node could not read as HTTP, or did not get in time. */
function refuseBroken(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const [status, message] = BROKEN[error.code ?? ''] ?? ['400 Bad Request', 'This cannot be read as an HTTP request.']
  const body = `authentik-mock: ${message}\n`
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  )
}

const BROKEN: Record<string, [status: string, message: string]> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are over 16 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time.'],
}
