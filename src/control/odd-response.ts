/** Responses of the web that no answer of authentik is: a stream, a body that breaks off, a connection that is reset. */
import type { Reply, Stream } from '../http/message.ts'

/** A reply that makes its own response, because it streams or fails; any other as it is. */
export const withOddResponse = (reply: Reply): Reply =>
  reply.stream || reply.fault
    ? { ...reply, toResponse: (method, signal) => toOddResponse(reply, method, signal) }
    : reply

/** @throws TypeError as `fetch` does where a connection is reset */
function toOddResponse(
  { status, headers, body, stream, fault }: Reply,
  method: string,
  signal?: AbortSignal,
): Response {
  if (fault === 'reset') throw new TypeError('Failed to fetch: the connection was reset.')
  const response = { status, headers: new Headers(headers) }
  if (stream) return new Response(toReadable(stream, signal), response)
  const bytes = new TextEncoder().encode(body)
  response.headers.set('Content-Length', String(bytes.length))
  return new Response(bytes.length === 0 || method === 'HEAD' ? null : halfOf(bytes), response)
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
