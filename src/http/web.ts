/** The web's own Request and Response, to and from the mock's call and reply. */
import { decodeText } from './body.ts'
import { browserHeaders, isInBrowser } from './browser.ts'
import type { Call, Reply } from './message.ts'

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
  const ownResponse = reply.toResponse?.(method, signal)
  if (ownResponse) return ownResponse
  const headers = new Headers(reply.headers)
  const body = new TextEncoder().encode(reply.body)
  headers.set('Content-Length', String(body.length))
  return new Response(body.length === 0 || method === 'HEAD' ? null : body, { status: reply.status, headers })
}
