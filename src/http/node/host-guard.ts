/** Which requests a socket answers: a page of another site must not read the mock through its visitor's browser. */
import type { IncomingMessage } from 'node:http'
import type { Reply } from '../message.ts'
import { hostsOf } from './request.ts'

export interface Guard {
  /** An answer that is no authentik's, for a request that is not let through. */
  refuse(request: IncomingMessage): Reply | undefined
  /** What lets a page of an allowed origin read the answer. */
  corsHeaders(request: IncomingMessage): Reply['headers']
}

export function createGuard({
  host,
  allowHosts,
  cors,
}: {
  host: string
  allowHosts: readonly string[]
  cors: readonly string[]
}): Guard {
  const known = new Set([host.toLowerCase(), ...allowHosts.map(toName)])
  const isAllowed = (name: string) => known.has('*') || known.has(name) || LOOPBACK.test(name)
  let latest = ''

  return {
    refuse(request) {
      const { host: named, target } = hostsOf(request)
      if (named.length !== 1) return refusal(400, `The request has ${named.length} Host headers. Send exactly one.`)
      const authority = target ?? named[0]!
      if (authority !== latest) {
        const name = toName(authority)
        if (!isAllowed(name))
          return refusal(
            421,
            `The host "${name}" is not served. To allow it: --allow-host ${name || 'NAME'} (or --allow-host '*' for any).`,
          )
        latest = authority
      }
      return isPreflight(request) && isOrigin(request.headers.origin!, cors) ? preflight(request) : undefined
    },

    corsHeaders({ headers: { origin } }) {
      if (cors.length === 0) return []
      const vary: [string, string] = ['Vary', 'Origin']
      return origin !== undefined && isOrigin(origin, cors)
        ? [
            ['Access-Control-Allow-Origin', origin],
            ['Access-Control-Expose-Headers', 'X-Authentik-Id, X-Authentik-Mock, Allow'],
            vary,
          ]
        : [vary]
    },
  }
}

/** An answer of the server's own, in plain text. */
export const refusal = (status: number, message: string): Reply => ({
  status,
  headers: [
    ['Content-Type', 'text/plain; charset=utf-8'],
    ['Date', new Date().toUTCString()],
  ],
  body: `authentik-mock: ${message}\n`,
})

const isOrigin = (origin: string, allowed: readonly string[]) => allowed.includes('*') || allowed.includes(origin)

const isPreflight = ({ method, headers }: IncomingMessage) =>
  method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined

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

/** The name in `name:port`, lower-case, without IPv6's brackets. */
const toName = (authority: string) =>
  (/^\[([^\]]*)\](?::\d*)?$/.exec(authority)?.[1] ?? authority.replace(/:\d*$/, '').replace(/\.$/, '')).toLowerCase()

const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|::1)$/
