/** The web's own Request and Response, to and from the mock's call and reply. */
import { decodeText } from './body.ts'
import { browserHeaders, isInBrowser } from './browser.ts'
import type { Call, Reply, Stream } from './message.ts'

/** A request as a call. @param cookie what a browser sends with it; by default, what its page sees */
export function toCall(request: Request, cookie?: string): Call {
  const { pathname, search, host, protocol } = new URL(request.url)
  // What a server reads from these headers, a Request has in its URL.
  const implied: Record<string, string | undefined> = {
    host,
    'x-forwarded-proto': protocol.slice(0, -1),
  }
  const isInPage = isInBrowser()
  return {
    method: request.method,
    path: pathname,
    query: search.slice(1),
    // What the browser adds is read anew: an answer that redirects may have set a cookie.
    header: (name) =>
      request.headers.get(name) ?? implied[name] ?? (isInPage ? browserHeaders(request, cookie)[name] : undefined),
    rawHeaders: () => [...request.headers].flat(),
    body: async () => decodeText(new Uint8Array(await request.arrayBuffer())),
  }
}

/**
 * A reply as a response.
 * @param method that of the request: an answer to HEAD says how long its body would be, and has none
 * @param signal ends a body that comes piece by piece
 * @throws TypeError as `fetch` does where a connection is reset
 */
export function toResponse(reply: Reply, method: string, signal?: AbortSignal): Response {
  const { stream, fault } = reply
  if (fault === 'reset') throw new TypeError('Failed to fetch: the connection was reset.')
  const headers = new Headers(reply.headers)
  if (stream) return new Response(toReadable(stream, signal), { status: reply.status, headers })
  const body = new TextEncoder().encode(reply.body)
  headers.set('Content-Length', String(body.length))
  const content = fault === 'truncated' ? halfOf(body) : body
  return new Response(body.length === 0 || method === 'HEAD' ? null : content, { status: reply.status, headers })
}

/** A body that breaks off in the middle. */
const halfOf = (body: Uint8Array) =>
  new ReadableStream({
    start: (controller) => controller.enqueue(body.subarray(0, body.length >> 1)),
    pull: (controller) => controller.error(new TypeError('Failed to fetch: the connection was reset.')),
  })

/** How much of a stream may wait for its reader, in bytes. */
const MAX_UNREAD = 1024 * 1024

/** What a stream sends, as bytes, until its reader goes away, or reads so slowly that too much waits for it. */
function toReadable(stream: Stream, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let stop = () => {}
  const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    const fail = (reason: unknown) => {
      stop()
      controller.error(reason)
    }
    const giveUp = () => fail(signal?.reason)
    const finish = stream((text) => {
      if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(text))
      else fail(new TypeError('Failed to fetch: too much of the body was left unread.'))
    })
    signal?.addEventListener('abort', giveUp, { once: true })
    stop = () => {
      signal?.removeEventListener('abort', giveUp)
      finish()
    }
  }
  const strategy = new ByteLengthQueuingStrategy({ highWaterMark: MAX_UNREAD })
  return new ReadableStream({ start, cancel: () => stop() }, strategy)
}
