/** What goes into the mock and what comes out, free of any runtime's own request and response. */

/** One request. */
export interface Call {
  /** In capitals, as sent. */
  method: string
  /** As sent, still percent-encoded, without the query; below the base path, where there is one. */
  path: string
  /** What stands before every path, without its final slash: `/auth`. @default '' */
  base?: string
  /** What follows the `?`, as sent; empty without one. */
  query: string
  /** A header's value by its lower-case name; several of one name are joined by a comma. `host` is always there. */
  header(name: string): string | undefined
  /** All headers as they were sent, names and values in turn. */
  rawHeaders?(): readonly string[]
  /** The Origin of a page that a server trusts like its own, for which `header` gives the server's. */
  pageOrigin?: string
  /** Takes what becomes known of the call while it is answered, for who tells of it. */
  trace?: Trace
  /** The body as text; a byte that is no UTF-8 is half a surrogate pair in it. */
  body(): Promise<string>
}

/** What became known of a call while it was answered. */
export interface Trace {
  /** The key of the user who asks; undefined for nobody in particular. */
  user?: number | undefined
  /** Why it was refused, where the answer does not say it. */
  reason?: string | undefined
}

/** One answer, made for one call: the layers that it passes add to its headers. */
export interface Reply {
  status: number
  /** In the order in which they are sent; a name may stand more than once. */
  headers: Header[]
  /** Empty for none. An answer to HEAD carries the body that GET would have: the transport counts it and leaves it out. */
  body: string
  /** Whether it says itself which pages may read it, so that a transport adds nothing. */
  decidesOrigins?: true
  /** Sends the body piece by piece, for as long as its reader listens; `body` is empty then. */
  stream?: Stream
  /** What a transport does instead: it resets the connection at once, or when half of the body is sent. */
  fault?: 'reset' | 'truncated'
  /** Makes the response of the web, where that is more than status, headers and body. @throws TypeError as `fetch` does */
  toResponse?(method: string, signal: AbortSignal | undefined): Response
}

/** Sends texts until it is stopped. @returns what stops it, when nobody listens any more */
export type Stream = (send: (text: string) => void) => () => void

/** A header of an answer: its name and its value. */
export type Header = [name: string, value: string]

/** Answers a call: at once where that is possible. */
export type Answer = (call: Call) => Reply | Promise<Reply>

/** What a socket serves. */
export interface Answering {
  /** Settles when answers no longer wait. */
  readonly ready: Promise<void>
  /** What it answers below, with a slash at both ends. @default '/' */
  readonly basePath?: string
  answer(call: Call): Reply | Promise<Reply>
  /** The longest body that is read on a path, in bytes, where that is more than any other's. */
  bodyLimit?(path: string): number | undefined
  /** Hears of what the socket refused before it came to an answer. */
  refused?(call: Call, reply: Reply): void
}

/** Whether a method only reads. */
export const isSafe = (method: string) => SAFE.has(method)

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** Scheme and host by which the caller knows the server, as Django reads them behind a proxy: `https://authentik.company`. */
export function originOf(call: Call): string {
  const first = (name: string) => call.header(name)?.split(',')[0]?.trim()
  const scheme = first('x-forwarded-proto') === 'https' ? 'https' : 'http'
  return `${scheme}://${first('x-forwarded-host') || first('host') || 'localhost'}`
}

/** The address below which everything stands, without a slash at its end: `https://authentik.company/auth`. */
export const addressOf = (call: Call): string => originOf(call) + baseOf(call)

/** What stands before every path that an answer names, without its final slash. */
export const baseOf = ({ base = '' }: Pick<Call, 'base'>): string => base
