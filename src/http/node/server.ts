/** Serves a mock on a socket. */
import type { AddressInfo } from 'node:net'
import { guardLog } from '../log.ts'
import type { Answering } from '../message.ts'
import { reachOf, toUrl } from './addresses.ts'
import { createGuard } from './host-guard.ts'
import { answerRequests } from './respond.ts'

/** Where a server listens, and whom it answers. */
export interface ServeOptions {
  /** The port to listen on; 0 picks a free one. @default 9000 */
  port?: number
  /** The address to listen on; `0.0.0.0` and `::` let the network reach the server. @default '127.0.0.1' */
  host?: string
  /**
   * Names that a request's Host may have beside `host`, the addresses listened on and the loopback names; `*` for any.
   * @example ['auth.example', 'xn--mnchen-3ya.test']
   */
  allowHosts?: readonly string[]
  /**
   * Origins whose pages may read the answers; `*` for any. A real authentik allows none.
   * @example ['http://localhost:5173']
   */
  cors?: readonly string[]
  /** Is called with what fails inside the mock. What it throws is ignored. */
  log?: (message: string) => void
}

/** A server that listens. */
export interface Server {
  /** The server's address on this machine, such as `http://127.0.0.1:9000`, with the mock's base path: `…:9000/auth`. */
  url: string
  port: number
  /**
   * Addresses by which other machines reach it, such as `http://192.0.2.2:9000`, as far as the system tells them;
   * undefined when only this machine reaches it.
   */
  networkUrls: readonly string[] | undefined
  /** Closes the server, which answers the requests in flight for at most a second and a half. */
  close(): Promise<void>
}

// An import would evaluate every lazy export of node:http, undici among them.
const { createServer } = process.getBuiltinModule('node:http')

/** How long requests in flight may take when the server closes, in milliseconds. */
const GRACE_PERIOD = 1500

/** How long a request may take, and how often that is looked at, in milliseconds. @internal Tests have no patience. */
interface Timeouts {
  headersTimeout: number
  requestTimeout: number
  /** How long a client may read nothing of an answer. */
  silenceTimeout: number
  connectionsCheckingInterval: number
}

const TIMEOUTS: Timeouts = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  silenceTimeout: 60_000,
  connectionsCheckingInterval: 1000,
}

const OPTIONS: readonly string[] = ['port', 'host', 'allowHosts', 'cors', 'log'] satisfies (keyof ServeOptions)[]

/** @throws TypeError for what TypeScript would refuse */
function checkArguments(mock: Partial<Answering>, options: Record<string, unknown>): void {
  if (typeof mock.answer !== 'function')
    throw new TypeError('Failed to serve: the first argument is no mock. Write serve(mock(), { port: 0 }).')
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name))
  if (unknown !== undefined)
    throw new TypeError(`Failed to serve: there is no option "${unknown}". There are ${OPTIONS.join(', ')}.`)
  const { log } = options
  if (log !== undefined && typeof log !== 'function')
    throw new TypeError('Failed to serve: log is no function. Give one that takes a message.')
}

/**
 * Serves a mock. Rejects with a TypeError for what is no mock, no option, or an origin or a name that no request has,
 * and with Node's own error when the address cannot be had (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`).
 * @example const server = await serve(mock(), { port: 0, cors: ['http://localhost:5173'] })
 */
export async function serve(
  mock: Answering,
  options: ServeOptions = {},
  patience: Partial<Timeouts> = {},
): Promise<Server> {
  checkArguments(mock, { ...options })
  const { port = 9000, allowHosts = [], cors = [] } = options
  const base = (mock.basePath ?? '/').replace(/\/$/, '')
  const host = (options.host || '127.0.0.1').replace(/^\[(.*)\]$/, '$1')
  const log = guardLog(options.log ?? (() => {}))
  const { silenceTimeout, ...timeouts } = { ...TIMEOUTS, ...patience }
  const server = createServer({ ...timeouts, requireHostHeader: false }).setTimeout(silenceTimeout)
  const reach = () => reachOf(host, server.address() as AddressInfo)
  const guard = createGuard({ host, allowHosts, cors, addresses: () => reach().addresses })
  answerRequests(server, mock, guard, log)

  await mock.ready
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  // A connection that cannot be accepted ends no others.
  server.on('error', (error) => log(`Failed to accept a connection: ${error.message}`))
  const { local, network } = reach()
  const { port: boundPort } = server.address() as AddressInfo
  return {
    url: toUrl(local, boundPort) + base,
    port: boundPort,
    networkUrls: network?.map((address) => toUrl(address, boundPort) + base),
    close: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => server.closeAllConnections(), GRACE_PERIOD)
        server.close(() => {
          clearTimeout(timer)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}
