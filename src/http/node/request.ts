/** Reads a request of Node into a call to the mock. */
import type { IncomingMessage } from 'node:http'
import { BlockList, isIPv6, type Socket } from 'node:net'
import { decodeText } from '../body.ts'
import { originOf, type Call } from '../message.ts'
import { toName } from './addresses.ts'

/** The longest body that is read, in bytes, unless a path has another limit. */
export const MAX_BODY = 1024 * 1024

/**
 * Returns the call that a request makes.
 * @param isTrusted tells whether pages of an origin are trusted like the server's own
 */
export function toCall(request: IncomingMessage, body: string, isTrusted: (origin: string) => boolean): Call {
  const { method = '', url = '' } = request
  const target = url.startsWith('/') ? url : url.replace(ORIGIN, '') || '/'
  const queryMark = target.indexOf('?')
  const call: Call = {
    method,
    path: queryMark < 0 ? target : target.slice(0, queryMark),
    query: queryMark < 0 ? '' : target.slice(queryMark + 1),
    header(name) {
      if (name === 'x-forwarded-proto' && isEncrypted(request)) return 'https'
      if (FORWARDED.has(name) && !hasTrustedPeer(request)) return undefined
      const value = name === 'host' ? authorityOf(request) : headerOf(request, name)
      return name === 'origin' && value !== undefined && isTrusted(value) ? originOf(call) : value
    },
    rawHeaders: () => request.rawHeaders,
    body: () => Promise.resolve(body),
  }
  const origin = headerOf(request, 'origin')
  if (origin !== undefined && isTrusted(origin)) call.pageOrigin = origin
  return call
}

/** What authentik believes of a proxy that it trusts: neither X-Forwarded-Scheme nor Forwarded (docs/authentik.md). */
const FORWARDED: ReadonlySet<string> = new Set(['x-forwarded-proto', 'x-forwarded-host'])

const isEncrypted = ({ socket }: IncomingMessage) => 'encrypted' in socket && socket.encrypted === true

/** Proxies that authentik trusts unless it is told otherwise (AUTHENTIK_LISTEN__TRUSTED_PROXY_CIDRS). */
const TRUSTED_PROXIES = new BlockList()
TRUSTED_PROXIES.addSubnet('127.0.0.0', 8)
TRUSTED_PROXIES.addSubnet('10.0.0.0', 8)
TRUSTED_PROXIES.addSubnet('172.16.0.0', 12)
TRUSTED_PROXIES.addSubnet('192.168.0.0', 16)
TRUSTED_PROXIES.addSubnet('fe80::', 10, 'ipv6')
TRUSTED_PROXIES.addAddress('::1', 'ipv6')

/** Tells whether the other end of a connection may be a proxy, whose word for scheme and host counts. */
export function isTrustedProxy(address: string | undefined): boolean {
  if (address === undefined) return false
  const name = toName(address)
  return TRUSTED_PROXIES.check(name, isIPv6(name) ? 'ipv6' : 'ipv4')
}

const hasTrustedPeer = ({ socket }: IncomingMessage) => isTrustedProxy(socket.remoteAddress)

/**
 * Returns the hosts that a request names: those of its Host headers, and that of its target when it has one.
 * HTTP/1.0 has no Host, as what looks after a server sends it, so that a request without is for where it came to.
 */
export function hostsOf(request: IncomingMessage): { headers: string[]; target: string | undefined } {
  const { url = '', httpVersion, socket } = request
  const headers = valuesOf(request, 'host')
  return {
    headers: headers.length === 0 && httpVersion === '1.0' ? [authorityAt(socket)] : headers,
    target: url.startsWith('/') ? undefined : ORIGIN.exec(url)?.[1],
  }
}

/** What answers name the server by. A target that is a whole URL counts, whatever Host says (RFC 9112 3.2.2). */
function authorityOf(request: IncomingMessage): string | undefined {
  const host = headerOf(request, 'host')
  if (host !== undefined && request.url?.startsWith('/')) return host
  const { headers, target } = hostsOf(request)
  return target ?? headers[0]
}

/** The address and port of the server's own end of a connection. */
function authorityAt({ localAddress = '', localPort }: Socket): string {
  const name = toName(localAddress)
  return `${isIPv6(name) ? `[${name}]` : name}:${localPort}`
}

/**
 * Returns a header by its lower-case name, several joined by a comma. It reads what was sent: Node's `headers` keeps
 * only the first of some, and is built of all headers when a single one is read.
 */
export function headerOf(request: IncomingMessage, name: string): string | undefined {
  const values = valuesOf(request, name)
  return values.length > 1 ? values.join(',') : values[0]
}

function valuesOf({ rawHeaders }: IncomingMessage, name: string): string[] {
  const values: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const header = rawHeaders[index] ?? ''
    if (header.length === name.length && header.toLowerCase() === name) values.push(rawHeaders[index + 1] ?? '')
  }
  return values
}

/** Tells whether the headers of a request announce a body. */
export const hasBody = (request: IncomingMessage) =>
  headerOf(request, 'transfer-encoding') !== undefined || Number(headerOf(request, 'content-length') ?? 0) !== 0

/**
 * Reads the body of a request.
 * @param limit the longest that is read, in bytes
 * @returns undefined when it is longer; Node then discards the rest
 */
export async function readBody(request: IncomingMessage, limit = MAX_BODY): Promise<string | undefined> {
  const { headers } = request
  if (Number(headers['content-length']) > limit) {
    request.resume()
    return undefined
  }
  const parts: Buffer[] = []
  let length = 0
  return new Promise((resolve, reject) => {
    request.on('data', (part: Buffer) => {
      length += part.length
      if (length > limit) resolve(undefined)
      else parts.push(part)
    })
    request.on('end', () => resolve(decodeText(Buffer.concat(parts))))
    request.on('error', reject)
  })
}

/** Matches the scheme and host of a request target, which may be a whole URL (RFC 9112 3.2.2). */
const ORIGIN = /^https?:\/\/([^/?]*)/i
