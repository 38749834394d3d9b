/** Node's own request, to the core's call. */
import type { IncomingMessage } from 'node:http'
import type { Call } from '../message.ts'

/** How long a body may be, in bytes. */
export const MAX_BODY = 1024 * 1024

export function toCall(request: IncomingMessage, body: string): Call {
  const target = request.url!.replace(ORIGIN, '') || '/'
  const mark = target.indexOf('?')
  return {
    method: request.method!,
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    header: (name) => valuesOf(request, name)?.join(','),
    body: () => Promise.resolve(body),
  }
}

/** The hosts that a request names, in its target and its Host headers. */
export function hostsOf(request: IncomingMessage): { host: string[]; target: string | undefined } {
  return { host: valuesOf(request, 'host') ?? [], target: ORIGIN.exec(request.url!)?.[1] }
}

/** All values of a header: of several of one name Node's `headers` keeps only one. */
function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] | undefined {
  let found: string[] | undefined
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const header = rawHeaders[at]!
    if (header.length === name.length && header.toLowerCase() === name) (found ??= []).push(rawHeaders[at + 1]!)
  }
  return found
}

/** Whether the request says that it has a body. */
export const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0

/** Reads the body. @returns undefined when it is over `MAX_BODY`; the rest is left to pass */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const { headers } = request
  if (Number(headers['content-length']) > MAX_BODY) {
    request.resume()
    return undefined
  }
  const parts: Buffer[] = []
  let length = 0
  return new Promise((resolve, reject) => {
    request.on('data', (part: Buffer) => {
      length += part.length
      if (length > MAX_BODY) resolve(undefined)
      else parts.push(part)
    })
    request.on('end', () => resolve(Buffer.concat(parts).toString()))
    request.on('error', reject)
  })
}

/** A request target may name the whole address (RFC 9112 3.2.2). */
const ORIGIN = /^https?:\/\/([^/?]*)/i
