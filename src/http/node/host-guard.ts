/** Decides which requests a socket answers: a page of another site must not read the mock through its visitor's browser. */
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { Header, Reply } from '../message.ts'
import { serveError } from './serve-error.ts'
import { isHostName, isLoopback, readHostName, readOrigin, toName } from './addresses.ts'
import { hostsOf } from './request.ts'

/**
 * Decides which requests are let through, and which pages may read the answers. Host alone is looked at, and never
 * X-Forwarded-Host: a browser sets the one by the address that it asks, and a page can set the other.
 */
export interface Guard {
  /** Returns the answer to a request that is not let through, which is not one that an authentik gives; undefined otherwise. */
  refuse(request: IncomingMessage): Reply | undefined
  /** Returns the answer to the question whether a page of an allowed origin may send a request; undefined otherwise. */
  answerPreflight(request: IncomingMessage): Reply | undefined
  /** Returns the headers that let a page of an allowed origin read the answer. */
  corsHeaders(request: IncomingMessage): Reply['headers']
  /** Tells whether pages of an origin may read the answers. */
  isAllowed(origin: string): boolean
  /** Tells whether pages of an origin may use the session of whoever looks at them: those of an origin with a name. */
  isTrusted(origin: string): boolean
}

/**
 * Creates the guard of a server.
 * @param options.host what the server is told to listen on
 * @param options.allowHosts further names that a request's Host may have; `*` for any
 * @param options.cors origins whose pages may read the answers, with the session of their visitor; `*` for any, without
 * @param options.addresses returns those that the server listens on
 * @throws TypeError for a name or an origin that no request has
 */
export function createGuard({
  host,
  allowHosts,
  cors,
  addresses,
}: {
  host: string
  allowHosts: readonly string[]
  cors: readonly string[]
  addresses: () => readonly string[]
}): Guard {
  const allowedNames = new Set([toName(host), ...readAll('allowHosts', allowHosts, readHostName)])
  const origins = new Set(readAll('cors', cors, readOrigin))
  // Any page can make itself one of no origin, which is sent as `null`.
  const isTrusted = (origin: string) => origin !== 'null' && origin !== '*' && origins.has(origin)
  const isOrigin = (origin: string) => origins.has('*') || origins.has(origin)
  // The machine's own addresses come last, because they may change, and are asked of the system.
  const isAllowed = (name: string) =>
    allowedNames.has('*') ||
    allowedNames.has(name) ||
    isLoopback(name) ||
    (isIP(name) !== 0 && addresses().includes(name))
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
            `The host "${name}" is not served. To allow it: --allow-host ${isHostName(name) ? name : 'NAME'} (or --allow-host '*' for any).`,
          )
        latestAuthority = authority
      }
      return undefined
    },

    answerPreflight: (request) =>
      isPreflight(request) && isOrigin(request.headers.origin ?? '') ? preflight(request) : undefined,

    corsHeaders(request) {
      if (origins.size === 0) return []
      const { origin } = request.headers
      const vary: Header = ['Vary', 'Origin']
      if (origin === undefined || !isOrigin(origin)) return [vary]
      return [
        // With `*` a browser sends no cookies, so that none of just any page reads what its visitor may.
        ['Access-Control-Allow-Origin', origins.has(origin) ? origin : '*'],
        ...(isTrusted(origin) ? [CREDENTIALS] : []),
        ['Access-Control-Expose-Headers', 'X-Authentik-Id, X-Authentik-Mock, Allow'],
        vary,
      ]
    },
    isAllowed: isOrigin,
    isTrusted,
  }
}

/** Reads the values of an option. @throws MockError ERR_OPTION that names the option and the value */
function readAll(option: string, values: readonly string[], read: (text: string) => string): string[] {
  if (!Array.isArray(values)) {
    const remedy = typeof values === 'string' ? JSON.stringify([values]) : 'a list of texts'
    throw serveError(`${option} is no list. Give ${remedy}.`)
  }
  return values.map((value: unknown) => {
    if (typeof value !== 'string') throw serveError(`${option} holds ${String(value)}. Give texts.`)
    try {
      return read(value)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      throw serveError(`${option}: "${value}" ${error.message}`)
    }
  })
}

/** Returns an answer in plain text that comes from the server itself and not from the mock. */
export const refusal = (status: number, message: string, headers: Reply['headers'] = []): Reply => ({
  status,
  headers: [
    ['Content-Type', 'text/plain; charset=utf-8'],
    ['X-Content-Type-Options', 'nosniff'],
    ['Date', new Date().toUTCString()],
    ...headers,
  ],
  body: `authentik-mock: ${message}\n`,
})

const isPreflight = (request: IncomingMessage) =>
  request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined

const CREDENTIALS: Header = ['Access-Control-Allow-Credentials', 'true']
/** How long a browser need not ask again, in seconds. */
const MAX_AGE = 600

function preflight({ headers }: IncomingMessage): Reply {
  return {
    status: 204,
    headers: [
      ['Access-Control-Allow-Methods', 'GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS'],
      ['Access-Control-Allow-Headers', String(headers['access-control-request-headers'] ?? '')],
      ['Access-Control-Max-Age', String(MAX_AGE)],
      ['Date', new Date().toUTCString()],
    ],
    body: '',
  }
}
