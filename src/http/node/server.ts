/** Serves a mock on a socket. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Answering, Reply } from '../message.ts'
import { createCompression, type Compressed } from './compression.ts'
import { createGuard, refusal } from './host-guard.ts'
import { hasBody, headerOf, MAX_BODY, readBody, toCall } from './request.ts'

/** Where a server listens, and whom it answers. */
export interface ServeOptions {
  /** The port to listen on; 0 picks a free one. @default 9000 */
  port?: number
  /** The address to listen on. @default '127.0.0.1' */
  host?: string
  /** Names that a request's Host may have beside `host` and the loopback names; `*` for any. */
  allowHosts?: readonly string[]
  /** Origins whose pages may read the answers; `*` for any. A real authentik allows none. */
  cors?: readonly string[]
  /** Is called with what fails inside the mock. */
  log?: (message: string) => void
}

/** A server that listens. */
export interface Server {
  /** The server's address, such as `http://127.0.0.1:9000`. */
  url: string
  port: number
  /** Closes the server, which answers the requests in flight for at most a second and a half. */
  close(): Promise<void>
}

// An import would evaluate every lazy export of node:http, undici among them.
const { createServer } = process.getBuiltinModule('node:http')

/** How long requests in flight may take when the server closes, in milliseconds. */
const GRACE_PERIOD = 1500

/** How long the headers of a request may take, and how often that is looked at, in milliseconds. @internal Tests have no patience. */
interface Timeouts {
  headersTimeout: number
  connectionsCheckingInterval: number
}

const OPTIONS: readonly string[] = ['port', 'host', 'allowHosts', 'cors', 'log'] satisfies (keyof ServeOptions)[]

/** @throws TypeError for what TypeScript would refuse */
function checkArguments(mock: Partial<Answering>, options: ServeOptions): void {
  if (typeof mock.answer !== 'function')
    throw new TypeError('Failed to serve: the first argument is no mock. Write serve(mock(), { port: 0 }).')
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name))
  if (unknown !== undefined)
    throw new TypeError(`Failed to serve: there is no option "${unknown}". There are ${OPTIONS.join(', ')}.`)
}

/** Serves a mock. Rejects with a TypeError for what is no mock or no option, and with Node's own error when the address cannot be had (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`). */
export async function serve(
  mock: Answering,
  options: ServeOptions = {},
  { headersTimeout, connectionsCheckingInterval }: Timeouts = {
    headersTimeout: 10_000,
    connectionsCheckingInterval: 1000,
  },
): Promise<Server> {
  checkArguments(mock, options)
  const { port = 9000, host = '127.0.0.1', allowHosts = [], cors = [], log = () => {} } = options
  const guard = createGuard({ host, allowHosts, cors })
  const compress = createCompression()
  const server = createServer({
    headersTimeout,
    requestTimeout: 30_000,
    connectionsCheckingInterval,
    requireHostHeader: false,
  })

  function answer(request: IncomingMessage): Reply | Promise<Reply> {
    const refusalReply = guard.refuse(request)
    if (refusalReply) return refusalReply
    if (!hasBody(request)) return mock.answer(toCall(request, ''))
    return readBody(request).then((body) =>
      body === undefined
        ? refusal(413, `The body is over ${MAX_BODY} bytes. Send less.`)
        : mock.answer(toCall(request, body)),
    )
  }

  server.on('request', (request, response) => {
    const finish = (reply: Reply, extraHeaders = guard.corsHeaders(request)) => {
      const isEmpty = reply.body === ''
      const compressed = isEmpty ? undefined : compress(headerOf(request, 'accept-encoding'), reply.body)
      send(response, reply, extraHeaders, compressed)
    }
    const fail = (error: unknown) => {
      log(`Failed to answer ${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`)
      if (response.headersSent) response.destroy()
      else finish(refusal(500, 'The mock failed: its log says why.'), [])
    }
    try {
      const reply = answer(request)
      // A reply that is no promise is sent at once, because waiting would cost a turn of the microtask queue.
      if (reply instanceof Promise) reply.then((late) => finish(late)).catch(fail)
      else finish(reply)
    } catch (error) {
      fail(error)
    }
  })
  server.on('clientError', refuseBroken)
  server.on('connect', (_request, socket) =>
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'),
  )

  await mock.ready
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  const { port: boundPort } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`,
    port: boundPort,
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), GRACE_PERIOD)
        server.close(() => {
          clearTimeout(timer)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

function send(
  response: ServerResponse,
  reply: Reply,
  extraHeaders: Reply['headers'],
  compressed: Compressed | undefined,
): void {
  const headers: string[] = []
  for (const [name, value] of reply.headers) headers.push(name, value)
  for (const [name, value] of extraHeaders) headers.push(name, value)
  if (compressed) headers.push('Content-Encoding', compressed.encoding)
  headers.push('Content-Length', String(compressed ? compressed.bytes.length : Buffer.byteLength(reply.body)))
  response.sendDate = false
  if (reply.status === 413) response.shouldKeepAlive = false
  response.writeHead(reply.status, headers)
  response.end(compressed?.bytes ?? reply.body)
}

/** Answers what Node could not read as HTTP, or did not receive in time. */
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
