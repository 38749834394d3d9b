/** Decides which requests a socket answers: a page of another site must not read the mock through its visitor's browser. */
import type { IncomingMessage } from 'node:http'
import type { Reply } from '../message.ts'
import { hostsOf } from './request.ts'

/** Decides which requests are let through, and which pages may read the answers. */
export interface Guard {
  /** Returns the answer to a request that is not let through, which is not one that an authentik gives; undefined otherwise. */
  refuse(request: IncomingMessage): Reply | undefined
  /** Returns the headers that let a page of an allowed origin read the answer. */
  corsHeaders(request: IncomingMessage): Reply['headers']
}

/**
 * Creates the guard of a server.
 * @param options.host the address that the server listens on
 * @param options.allowHosts further names that a request's Host may have; `*` for any
 * @param options.cors origins whose pages may read the answers; `*` for any
 */
export function createGuard({
  host,
  allowHosts,
  cors,
}: {
  host: string
  allowHosts: readonly string[]
  cors: readonly string[]
}): Guard {
  const allowedNames = new Set([host.toLowerCase(), ...allowHosts.map(toName)])
  const isAllowed = (name: string) => allowedNames.has('*') || allowedNames.has(name) || LOOPBACK.test(name)
  // The authority that was let through last is not checked again, because most clients only ever send the same.
  let latestAuthority = ''

  return {
    refuse(request) {
      const { headers, target } = hostsOf(request)
      const [hostHeader] = headers
      if (hostHeader === undefined || headers.length > 1)
        return refusal(400, `The request has ${headers.length} Host headers. Send exactly one.`)
      const authority = target ?? hostHeader
      if (authority !== latestAuthority) {
        const name = toName(authority)
        if (!isAllowed(name))
          return refusal(
            421,
            `The host "${name}" is not served. To allow it: --allow-host ${name || 'NAME'} (or --allow-host '*' for any).`,
          )
        latestAuthority = authority
      }
      return isPreflight(request) && isOrigin(request.headers.origin, cors) ? preflight(request) : undefined
    },

    corsHeaders(request) {
      if (cors.length === 0) return []
      const { origin } = request.headers
      const vary: [string, string] = ['Vary', 'Origin']
      return isOrigin(origin, cors)
        ? [
            ['Access-Control-Allow-Origin', origin],
            ['Access-Control-Expose-Headers', 'X-Authentik-Id, X-Authentik-Mock, Allow'],
            vary,
          ]
        : [vary]
    },
  }
}

/** Returns an answer in plain text that comes from the server itself and not from the mock. */
export const refusal = (status: number, message: string): Reply => ({
  status,
  headers: [
    ['Content-Type', 'text/plain; charset=utf-8'],
    ['Date', new Date().toUTCString()],
  ],
  body: `authentik-mock: ${message}\n`,
})

const isOrigin = (origin: string | undefined, allowedOrigins: readonly string[]): origin is string =>
  origin !== undefined && (allowedOrigins.includes('*') || allowedOrigins.includes(origin))

const isPreflight = (request: IncomingMessage) =>
  request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined

function preflight({ headers }: IncomingMessage): Reply {
  return {
    status: 204,
    headers: [
      ['Access-Control-Allow-Methods', 'GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS'],
      ['Access-Control-Allow-Headers', String(headers['access-control-request-headers'] ?? '')],
      ['Date', new Date().toUTCString()],
    ],
    body: '',
  }
}

/** Returns the name in `name:port`, in lower case and without the brackets of IPv6. */
const toName = (authority: string) =>
  (/^\[([^\]]*)\](?::\d*)?$/.exec(authority)?.[1] ?? authority.replace(/:\d*$/, '').replace(/\.$/, '')).toLowerCase()

const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|::1)$/
