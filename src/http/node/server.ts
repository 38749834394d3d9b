/** Serves a mock on a socket, or on two: one of HTTP and one of HTTPS. */
import type { Server as HttpServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { copyOf, quote, readKey } from '../../schema/json.ts'
import { guardLog, type Log } from '../log.ts'
import { serveError } from './serve-error.ts'
import type { Answering } from '../message.ts'
import { reachOf, toUrl } from './addresses.ts'
import { createGuard } from './host-guard.ts'
import { createPageNotices } from './notices.ts'
import { answerRequests } from './respond.ts'
import { toListenError } from './listen-error.ts'
import type { TlsOptions } from './tls-options.ts'

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
   * Origins whose pages may read the answers, and change something, with the session of their visitor
   * (`credentials: 'include'`); `*` for any, without the session. A real authentik allows none.
   * @example ['http://localhost:5173']
   */
  cors?: readonly string[]
  /**
   * A certificate and its key, in PEM: the server speaks HTTPS on `port`. @default HTTP
   * @example { key: readFileSync('key.pem'), cert: readFileSync('cert.pem') }
   */
  tls?: TlsOptions
  /**
   * The port of HTTPS, where HTTP is to be served on `port` beside it, of the same world; 0 picks a free one. It needs
   * `tls`.
   */
  httpsPort?: number
  /**
   * Is called with what fails inside the mock, and once for each page of an origin that is not allowed. What it throws
   * is ignored.
   */
  log?: (message: string) => void
}

/** A server that listens. */
export interface Server {
  /**
   * The server's address on this machine, such as `http://127.0.0.1:9000`, with the mock's base path: `…:9000/auth`. It
   * is that of HTTP where it speaks both.
   */
  url: string
  port: number
  /** Its address of HTTPS, such as `https://127.0.0.1:9443`, which is `url` where it speaks nothing else; undefined without `tls`. */
  httpsUrl: string | undefined
  /**
   * Addresses by which other machines reach it, such as `http://192.0.2.2:9000`, as far as the system tells them;
   * undefined when only this machine reaches it.
   */
  networkUrls: readonly string[] | undefined
  /** Closes the server, both its ports, which answers the requests in flight for at most a second and a half. */
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

const OPTIONS: readonly string[] = [
  'port',
  'host',
  'allowHosts',
  'cors',
  'tls',
  'httpsPort',
  'log',
] satisfies (keyof ServeOptions)[]

/** Whether a server can listen there: a text that is no number Node takes for the path of a socket. */
const isPort = (port: unknown): boolean =>
  (typeof port === 'number' || typeof port === 'string') && /^\d{1,5}$/.test(String(port)) && Number(port) <= 65_535

/** The options, copied. @throws MockError ERR_OPTION for what TypeScript would refuse */
function readArguments(mock: Answering, values: ServeOptions): ServeOptions {
  if (typeof readKey(mock, 'answer') !== 'function')
    throw serveError('the first argument is no mock. Write serve(mock(), { port: 0 }).')
  const options = copyOf(values)
  if (!options) throw serveError(`the options are ${quote(values)}. Write serve(mock(), { port: 9000 }).`)
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name))
  if (unknown !== undefined) throw serveError(`there is no option "${unknown}". There are ${OPTIONS.join(', ')}.`)
  const { log, tls, host, httpsPort } = options
  for (const name of ['port', 'httpsPort'])
    if (options[name] !== undefined && !isPort(options[name]))
      throw serveError(`${name} is no whole number from 0 to 65535. Give 0 for any that is free.`)
  if (host !== undefined && typeof host !== 'string')
    throw serveError('host is no text. Give a name or an address, such as 127.0.0.1.')
  if (tls !== undefined && !copyOf(tls)) throw serveError('tls is no certificate. Give { key, cert }, each in PEM.')
  if (httpsPort !== undefined && tls === undefined)
    throw serveError('httpsPort is given without a certificate. Give tls: { key, cert } too.')
  if (log !== undefined && typeof log !== 'function')
    throw serveError('log is no function. Give one that takes a message.')
  return options
}

/** A server of Node that is to listen on a port. */
interface Listener {
  scheme: 'http' | 'https'
  port: number
  server: HttpServer
}

/** Makes the servers that the options ask for: that of HTTP first, where there are two. @throws MockError ERR_OPTION for a bad `tls` */
async function createListeners(
  { port = 9000, tls, httpsPort }: ServeOptions,
  { silenceTimeout, ...timeouts }: Timeouts,
  log: Log,
): Promise<[Listener, ...Listener[]]> {
  const options = { ...timeouts, requireHostHeader: false }
  const plain = (): Listener => ({ scheme: 'http', port, server: createServer(options).setTimeout(silenceTimeout) })
  if (tls === undefined) return [plain()]
  const { createTlsServer } = await import('./tls.ts')
  const server = createTlsServer(tls, options, log).setTimeout(silenceTimeout)
  const secure: Listener = { scheme: 'https', port: httpsPort ?? port, server }
  return httpsPort === undefined ? [secure] : [plain(), secure]
}

/**
 * Serves a mock. Rejects with a MockError (`ERR_OPTION`) for what is no mock, no option, an origin or a name that no
 * request has, or a certificate that is not its key's; when an address cannot be had, with an error that says what to do,
 * and has the `code` of Node's own (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`). Nothing listens then.
 * @example const server = await serve(mock(), { port: 0, cors: ['http://localhost:5173'] })
 * @example const server = await serve(mock(), { port: 9000, httpsPort: 9443, tls: { key, cert } })
 */
export async function serve(
  mock: Answering,
  settings: ServeOptions = {},
  patience: Partial<Timeouts> = {},
): Promise<Server> {
  const options = readArguments(mock, settings)
  const { allowHosts = [], cors = [] } = options
  const base = (mock.basePath ?? '/').replace(/\/$/, '')
  const host = (options.host || '127.0.0.1').replace(/^\[(.*)\]$/, '$1')
  const log = guardLog(options.log ?? (() => {}))
  const listeners = await createListeners(options, { ...TIMEOUTS, ...patience }, log)
  const reach = () => reachOf(host, addressOf(listeners[0]))
  const guard = createGuard({ host, allowHosts, cors, addresses: () => reach().addresses })
  const explain = createPageNotices(log, guard.isAllowed)
  const closings = listeners.map(({ server }) => {
    return createClosing(server, answerRequests(server, mock, guard, explain, log))
  })
  const close = async () => {
    await Promise.all(closings.map((closing) => closing()))
  }

  await mock.ready
  try {
    for (const listener of listeners) await listen(listener, host)
  } catch (error) {
    await close()
    throw toListenError(error, { host, port: options.port ?? 9000, httpsPort: options.httpsPort })
  }
  // A connection that cannot be accepted ends no others.
  for (const { server } of listeners)
    server.on('error', (error) => log(`Failed to accept a connection: ${error.message}`))
  const { local, network } = reach()
  const urlsOf = (name: string) =>
    listeners.map((listener) => toUrl(name, addressOf(listener).port, listener.scheme) + base)
  const urls = urlsOf(local)
  return {
    url: urls[0] ?? '',
    port: addressOf(listeners[0]).port,
    httpsUrl: options.tls && urls.at(-1),
    networkUrls: network?.flatMap(urlsOf),
    close,
  }
}

const addressOf = ({ server }: Listener) => server.address() as AddressInfo

const listen = ({ server, port }: Listener, host: string) =>
  new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))

/** Creates what closes a server, whether or not it listens. @param endStreams ends what its readers would leave open */
function createClosing(server: HttpServer, endStreams: () => void): () => Promise<void> {
  // Of a connection that never ends its handshake Node's own server of HTTPS knows nothing.
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return () =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, GRACE_PERIOD)
      server.close(() => {
        clearTimeout(timer)
        resolve()
      })
      endStreams()
      server.closeIdleConnections()
    })
}
