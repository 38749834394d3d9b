/** Answers whatever comes to a server: requests, tunnels, expectations, and what is no HTTP. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { mapReply } from '../layer.ts'
import type { Log } from '../log.ts'
import type { Answering, Reply, Stream } from '../message.ts'
import { createBatch } from './batch.ts'
import { createCompression, type Compressed } from './compression.ts'
import { hangUp } from './hang-up.ts'
import { refusal, type Guard } from './host-guard.ts'
import type { PageNotices } from './notices.ts'
import { hasBody, headerOf, MAX_BODY, readBody, toCall } from './request.ts'
import { createTurns } from './turns.ts'

/** A reply on a socket. */
interface SocketReply extends Reply {
  /** Whether nothing more is read from the socket, because its client may still send what was refused. */
  isLast?: true
}

/** The responses whose bodies come piece by piece. */
type Streams = Set<ServerResponse>

/**
 * How many requests are answered before the first of the answers is sent, and with how many characters in all. Each step
 * takes less for many in a row, whose code and data are still near the processor; what is answered has to stay there too,
 * until it is sent.
 */
const TOGETHER = { replies: 32, length: 256 * 1024 }

/**
 * Has a server answer whatever comes.
 * @param explain is called with each answer of the mock
 * @param log is called with what fails inside the mock, and must not throw
 * @returns what ends the streams, which their readers leave open for as long as they are there
 */
export function answerRequests(
  server: Server,
  mock: Answering,
  guard: Guard,
  explain: PageNotices,
  log: Log,
): () => void {
  const streams: Streams = new Set()
  const { respond, fail } = createRespond(server, guard, log, streams)
  const batch = createBatch<Exchange>(respond)
  const turns = createTurns()
  let connections = 0
  const enqueue = (exchange: Exchange) => {
    const { request, response } = exchange
    // Its client may have sent its last, so that it is answered before the socket is looked at again.
    if (!response.socket) turns.await(request, response, () => respond([exchange]))
    else if (connections > 1) batch.add(exchange)
    else {
      // Whoever is alone shares a turn with nobody, and need not wait for its end.
      batch.flush()
      respond([exchange])
    }
  }
  const refuse = (socket: Duplex, reply: Reply) => {
    batch.flush()
    turns.refuse(socket, reply)
  }

  function answer(request: IncomingMessage): SocketReply | Promise<SocketReply> {
    const refusalReply = guard.refuse(request)
    if (refusalReply) return refused(request, refusalReply)
    const preflight = guard.answerPreflight(request)
    if (preflight)
      return mapReply(mock.answer(toCall(request, '', guard.isTrusted)), (reply) =>
        reply.decidesOrigins ? reply : preflight,
      )
    return hasBody(request)
      ? readBody(request, limitOf(request)).then((body) => give(request, body))
      : give(request, '')
  }
  const limitOf = ({ url = '' }: IncomingMessage) => mock.bodyLimit?.(url.split('?')[0] ?? '') ?? MAX_BODY
  const isRefused = (request: IncomingMessage) =>
    guard.refuse(request) !== undefined || !!guard.answerPreflight(request)
  /** Tells of what is refused before the mock sees it. */
  function refused<Refusal extends SocketReply>(request: IncomingMessage, reply: Refusal): Refusal {
    mock.refused?.(toCall(request, '', guard.isTrusted), reply)
    return reply
  }
  /** @param body undefined for one that is too long */
  function give(request: IncomingMessage, body: string | undefined): SocketReply | Promise<SocketReply> {
    if (body === undefined) return refused(request, tooLong(limitOf(request)))
    const call = toCall(request, body, guard.isTrusted)
    return mapReply(mock.answer(call), (reply) => {
      explain(call, reply)
      return reply
    })
  }

  for (const event of ['connection', 'secureConnection'])
    server.on(event, (socket: Duplex) => {
      socket.on('error', ignore)
      // Node closes a connection whose client has sent its last, with what is not answered by then.
      socket.prependListener('end', batch.flush)
    })
  server.on('connection', (socket) => {
    connections++
    socket.once('close', () => connections--)
  })
  server.on('request', (request, response) => {
    turns.note(request, response)
    if (!hasBody(request) || isRefused(request)) {
      enqueue({ request, response, makeReply: answer })
      return
    }
    // A body is read as it comes, because its client may be gone at the end of the turn.
    readBody(request, limitOf(request))
      .then((body) => enqueue({ request, response, makeReply: () => give(request, body) }))
      .catch((error: unknown) => fail({ request, response }, error))
  })
  // A client that waits for leave to send its body may not send it at all when it is refused.
  server.on('checkContinue', (request, response) => {
    turns.note(request, response)
    const makeReply = () => {
      const refusalReply = guard.refuse(request)
      if (refusalReply) return refused(request, { ...refusalReply, isLast: true })
      const limit = limitOf(request)
      if (Number(headerOf(request, 'content-length')) > limit) return refused(request, tooLong(limit))
      response.writeContinue()
      return answer(request)
    }
    enqueue({ request, response, makeReply })
  })
  server.on('checkExpectation', (request, response) => {
    turns.note(request, response)
    const makeReply = () => refused(request, { ...(guard.refuse(request) ?? unmet()), isLast: true as const })
    enqueue({ request, response, makeReply })
  })
  server.on('connect', (request, socket) => refuse(socket, refused(request, guard.refuse(request) ?? noTunnel())))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // A handshake that failed leaves nothing to answer on.
    if (/^(?:ECONNRESET$|ERR_SSL_|ERR_TLS_)/.test(error.code ?? '')) socket.destroy()
    // What follows a request that says it is the last is not answered, and the answer to that one closes the socket.
    else if (error.code !== 'HPE_CLOSED_CONNECTION') refuse(socket, broken(error.code))
  })
  return () => {
    for (const response of streams) response.end()
  }
}

/** Every socket has a listener for its errors: without one, a client that goes away would end the process. */
function ignore(): void {}

/** A request with the response that it waits for. */
interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  makeReply: (request: IncomingMessage) => SocketReply | Promise<SocketReply>
}
/** One that is being answered. */
type Begun = Omit<Exchange, 'makeReply'>

/** Creates what gives requests their replies: all that are there at once, and then the others as they come. */
function createRespond(server: Server, guard: Guard, log: Log, streams: Streams) {
  const compress = createCompression()
  const finish = (
    { request, response }: Begun,
    reply: SocketReply,
    extraHeaders = reply.decidesOrigins ? [] : guard.corsHeaders(request),
  ) => {
    // Its client is gone, and nobody would end a stream.
    if (response.destroyed) return
    if (reply.isLast && response.socket) {
      hangUp(response.socket, { ...reply, headers: [...reply.headers, ...extraHeaders] }, request.method)
      return
    }
    if (reply.fault === 'reset') {
      reset(request)
      return
    }
    // A connection that is kept would hold up a server that is told to close.
    if (!server.listening) response.shouldKeepAlive = false
    if (reply.stream) {
      streams.add(response)
      response.once('close', () => streams.delete(response))
      sendStream(response, reply, reply.stream)
      return
    }
    const isEmpty = reply.body === ''
    const accepted = headerOf(request, 'accept-encoding')
    const compressed = isEmpty ? undefined : compress(accepted, request.url ?? '', reply.body)
    send(response, reply, extraHeaders, compressed)
  }
  const fail = (exchange: Begun, error: unknown) => {
    const { request, response } = exchange
    // The client broke off its upload: nobody waits for an answer, and nothing is wrong with the mock.
    if (error === request.errored) {
      response.destroy()
      return
    }
    // A query may hold a token, or a code.
    const path = request.url?.split('?')[0]
    log(`Failed to answer ${request.method} ${path}: ${error instanceof Error ? error.stack : String(error)}`)
    if (response.headersSent) response.destroy()
    else finish(exchange, refusal(500, 'The mock failed: its log says why.'), [])
  }
  /** Calls a function of an exchange. @returns undefined when it failed, which is answered then */
  const attempt = <Result>(exchange: Begun, run: () => Result): Result | undefined => {
    try {
      return run()
    } catch (error) {
      fail(exchange, error)
      return undefined
    }
  }
  const respond = (exchanges: readonly Exchange[]): void => {
    let replies: [Begun, SocketReply][] = []
    let length = 0
    const sendReplies = () => {
      for (const [exchange, reply] of replies) attempt(exchange, () => finish(exchange, reply))
      replies = []
      length = 0
    }
    for (const exchange of exchanges) {
      const reply = attempt(exchange, () => exchange.makeReply(exchange.request))
      // A reply that is no promise is sent without one, because waiting would cost a turn of the microtask queue.
      if (reply instanceof Promise)
        reply.then((late) => finish(exchange, late)).catch((error: unknown) => fail(exchange, error))
      else if (reply) {
        replies.push([exchange, reply])
        length += reply.body.length
        if (replies.length === TOGETHER.replies || length >= TOGETHER.length) sendReplies()
      }
    }
    sendReplies()
  }
  return { respond, fail }
}

/** Resets a connection; one that is encrypted can only be closed. */
function reset({ socket }: IncomingMessage): void {
  if ('encrypted' in socket) socket.destroy()
  else socket.resetAndDestroy()
}

function send(
  response: ServerResponse,
  reply: SocketReply,
  extraHeaders: Reply['headers'],
  compressed: Compressed | undefined,
): void {
  const headers: string[] = []
  for (const [name, value] of reply.headers) headers.push(name, value)
  for (const [name, value] of extraHeaders) headers.push(name, value)
  if (compressed) headers.push('Content-Encoding', compressed.encoding)
  const body = compressed?.text ?? reply.body
  const length = compressed ? body.length : Buffer.byteLength(body)
  headers.push('Content-Length', String(length))
  response.sendDate = false
  if (reply.isLast) response.shouldKeepAlive = false
  response.writeHead(reply.status, headers)
  // Where each character takes one byte, Node writes them as they are, which is faster than to encode them.
  const encoding = length === body.length ? 'latin1' : 'utf8'
  if (reply.fault === 'truncated') response.write(body.slice(0, body.length >> 1), encoding, () => response.destroy())
  else response.end(body, encoding)
}

/** How much of a stream may wait for its reader, in bytes. */
const MAX_UNREAD = 1024 * 1024

/** Sends a body that comes piece by piece, until its reader goes away, or reads so slowly that too much waits for it. */
function sendStream(response: ServerResponse, { status, headers }: Reply, stream: Stream): void {
  response.shouldKeepAlive = false
  response.sendDate = false
  response.writeHead(status, headers.flat())
  response.flushHeaders()
  // A reader of events may say nothing for as long as it likes.
  response.socket?.setTimeout(0)
  response.once(
    'close',
    stream((text) => {
      response.write(text)
      // Who is closed upon asks again; who is sent a part would not know what it missed.
      if (response.writableLength > MAX_UNREAD) response.destroy()
    }),
  )
}

const tooLong = (limit: number): SocketReply => ({
  ...refusal(413, `The body is over ${limit} bytes. Send less.`),
  isLast: true,
})

const unmet = () => refusal(417, 'The request expects what no server does. Send Expect: 100-continue, or none.')

const noTunnel = () =>
  refusal(405, 'There is no tunnel through the mock. Send the request to it without a proxy.', [
    ['Allow', 'GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS'],
  ])

/** The answer to what Node could not read as HTTP, or did not receive in time. @param code that of Node's error */
function broken(code = ''): Reply {
  const [status, message] = BROKEN[code] ?? [400, 'This cannot be read as an HTTP request.']
  return refusal(status, message)
}

const BROKEN: Record<string, [status: number, message: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'The headers are over 16 KiB.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The extensions of the chunks are over 16 KiB.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not arrive in time.'],
}
