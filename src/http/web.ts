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
 * @throws TypeError as `fetch` does where a connection is reset
 */
export function toResponse(reply: Reply, method: string): Response {
  const { stream, fault } = reply
  if (fault === 'reset') throw new TypeError('Failed to fetch: the connection was reset.')
  const headers = new Headers(reply.headers)
  if (stream) return new Response(toReadable(stream), { status: reply.status, headers })
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

/** What a stream sends, as bytes. */
function toReadable(stream: Stream): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let stop: () => void
  return new ReadableStream({
    start(controller) {
      stop = stream((text) => controller.enqueue(encoder.encode(text)))
    },
    cancel: () => stop(),
  })
}
