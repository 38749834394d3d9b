/** The client for servers that are not ours: within limits, through a proxy where there is one, and without following. */
import type { Agent, ClientRequest, IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http'
import type { Readable, Transform } from 'node:stream'
import type { ConnectionOptions, SecureContext } from 'node:tls'
import { RequestFailure, Silence, toFailure } from './failure.ts'
import {
  addressOf,
  findProxy,
  openTunnel,
  proxyHeaders,
  refusal,
  toProxyFailure,
  type Environment,
  type Proxy,
} from './proxy.ts'
import { toSecureContext, type Credentials } from './trust.ts'

/** A request to a server that is not ours. */
export interface OutgoingRequest {
  url: string
  method?: string
  headers?: Record<string, string>
  body?: string | undefined
  /** How long the server may take until its answer begins, in milliseconds. @default 4000 */
  timeout?: number
  /** How long the answer may take from its first byte to its last, in milliseconds. @default 7000 */
  duration?: number
}

/** What the server answered, whole and unpacked. */
export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** Sends a request. @throws RequestFailure when there is no whole answer, or one that is too large */
export type Send = (request: OutgoingRequest) => Promise<Answer>

/** What all requests of a client have in common. */
export interface ClientOptions extends Credentials {
  /** Where the names of proxies stand. @default process.env */
  env?: Environment
}

/** How much of an answer is read, in bytes, when it is unpacked. */
const MAX_ANSWER = 10 * 1024 * 1024

/**
 * Makes a client. Once a request was not answered in time, it sends no more to that server and fails at once, so that a
 * silent server is waited for once and not for every request.
 *
 * @example
 * const send = createClient({ ca: readFileSync('authority.pem', 'utf8') })
 * const { status, text } = await send({ url: 'https://authentik.company/api/v3/root/config/' })
 *
 * @throws RequestFailure for certificates that cannot be used
 */
export function createClient({ env = process.env, ...credentials }: ClientOptions = {}): Send {
  const secureContext = toSecureContext(credentials)
  const agents = createAgents(secureContext)
  const silences = new Map<string, Silence>()
  return async (request) => {
    const address = new URL(request.url).origin
    const silence = silences.get(address)
    if (silence) throw silence
    try {
      return await sendRequest(request, { proxy: findProxy(request.url, env), secureContext, agents })
    } catch (error) {
      const failure = toFailure(error, address)
      if (failure instanceof Silence) silences.set(address, failure)
      throw failure
    }
  }
}

/** How a request gets to its server. */
interface Route {
  proxy: Proxy | undefined
  secureContext: SecureContext | undefined
  /** Keep connections for the next request; without them, each opens its own. */
  agents: Agents | undefined
}

/** Keep connections to servers, by the protocol; those that wait hold up no process that ends. */
type Agents = Readonly<Record<'http:' | 'https:', Agent>>

function createAgents(secureContext: SecureContext | undefined): Agents {
  const { Agent: HttpAgent } = process.getBuiltinModule('node:http')
  const { Agent: HttpsAgent } = process.getBuiltinModule('node:https')
  // All certificates are read once, and not for each connection.
  const options = { keepAlive: true, ...(secureContext && { secureContext }) }
  return { 'http:': new HttpAgent({ keepAlive: true }), 'https:': new HttpsAgent(options) }
}

async function sendRequest(outgoing: OutgoingRequest, route: Route): Promise<Answer> {
  const { url, timeout = 4000, duration = 7000 } = outgoing
  const { proxy } = route
  const { origin, host } = new URL(url)
  const controller = new AbortController()
  const stopWaiting = abortAfter(
    timeout,
    controller,
    () =>
      new Silence(
        origin,
        `does not answer within ${timeout / 1000} seconds`,
        'Is it up, and does a firewall let this machine through?',
      ),
  )
  let stopReading = () => {}
  try {
    const response = await openResponse(outgoing, route, controller.signal)
    stopWaiting()
    stopReading = abortAfter(
      duration,
      controller,
      () =>
        new RequestFailure(
          origin,
          `does not come to the end of its answer within ${duration / 1000} seconds`,
          'Is this the address of authentik itself?',
        ),
    )
    const { statusCode: status = 0, headers } = response
    if (proxy && isPlain(url) && status === 407) throw refusal(proxy, status, host)
    return { status, headers, text: await readText(response, origin) }
  } catch (error) {
    const cause: unknown = controller.signal.aborted ? controller.signal.reason : error
    // What is left of the answer is not waited for.
    controller.abort(cause)
    throw cause
  } finally {
    stopWaiting()
    stopReading()
  }
}

/** Aborts with a reason when a time is over. @returns a function that stops this */
function abortAfter(time: number, controller: AbortController, createReason: () => RequestFailure): () => void {
  const signal = AbortSignal.timeout(time)
  const abort = () => controller.abort(createReason())
  signal.addEventListener('abort', abort)
  return () => signal.removeEventListener('abort', abort)
}

/** Sends a request, and waits until its answer begins. */
async function openResponse(outgoing: OutgoingRequest, route: Route, signal: AbortSignal): Promise<IncomingMessage> {
  const { proxy, agents } = route
  const request = await openRequest(outgoing, route, signal)
  return new Promise((resolve, reject) => {
    request
      .on('response', resolve)
      .on('error', (error: NodeJS.ErrnoException) => {
        // A server may close a connection that was kept just when it is used again.
        if (agents && request.reusedSocket && CLOSED.has(error.code))
          resolve(openResponse(outgoing, { ...route, agents: undefined }, signal))
        else reject(proxy && isPlain(outgoing.url) ? toProxyFailure(error, proxy) : error)
      })
      .end(outgoing.body)
  })
}

const CLOSED: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE'])

/** Whether it is the proxy itself that answers: what is secret goes through it in a tunnel. */
const isPlain = (url: string) => new URL(url).protocol === 'http:'

async function openRequest(
  { url, method = 'GET', headers = {} }: OutgoingRequest,
  { proxy, secureContext, agents }: Route,
  signal: AbortSignal,
): Promise<ClientRequest> {
  const [http, https] = [process.getBuiltinModule('node:http'), process.getBuiltinModule('node:https')]
  const target = new URL(url)
  const secured = secureContext && { secureContext }
  const options: RequestOptions & ConnectionOptions = {
    method,
    headers: { 'Accept-Encoding': 'identity', ...headers },
    signal,
    agent: false,
    ...secured,
  }
  if (!proxy) {
    const agent = agents?.[isPlain(url) ? 'http:' : 'https:'] ?? false
    return (isPlain(url) ? http : https).request(target, { ...options, agent })
  }
  if (isPlain(url)) {
    const { request } = isPlain(proxy.url.href) ? http : https
    const fullHeaders = { ...options.headers, Host: target.host, ...proxyHeaders(proxy) }
    return request({ ...options, ...addressOf(proxy.url), path: target.href, headers: fullHeaders })
  }
  const socket = await openTunnel(proxy, target, signal)
  const { host } = addressOf(target)
  // An address is no name that a server could be asked for.
  const servername = process.getBuiltinModule('node:net').isIP(host) ? '' : host
  const tlsSocket = process.getBuiltinModule('node:tls').connect({ socket, host, servername, ...secured })
  const { agent: _, ...withoutAgent } = options
  return https.request(target, { ...withoutAgent, createConnection: () => tlsSocket })
}

/** Reads the body of an answer, and unpacks it: some servers pack whatever they are asked for. */
async function readText(response: IncomingMessage, address: string): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  try {
    for await (const part of unpack(response, address)) {
      length += part.length
      if (length > MAX_ANSWER)
        throw new RequestFailure(address, 'answers more than 10 MiB', 'Is this the address of authentik itself?')
      parts.push(part)
    }
  } catch (error) {
    response.destroy()
    const isCutOff =
      error instanceof Error && 'code' in error && /^(ECONNRESET|ERR_STREAM_PREMATURE_CLOSE)$/.test(String(error.code))
    if (isCutOff || (!(error instanceof RequestFailure) && !response.complete && !isUnpacking(error)))
      throw new RequestFailure(
        address,
        'breaks off in the middle of an answer',
        'Look at its log, and at what stands before it.',
      )
    throw error
  }
  return Buffer.concat(parts).toString()
}

const isUnpacking = (error: unknown) => error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')

function unpack(response: IncomingMessage, address: string): Readable {
  const zlib = process.getBuiltinModule('node:zlib')
  const { pipeline } = process.getBuiltinModule('node:stream')
  const encodings = (response.headers['content-encoding'] ?? '')
    .toLowerCase()
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '' && encoding !== 'identity')
  const unpackers: Readonly<Record<string, () => Transform>> = {
    gzip: () => zlib.createGunzip(),
    'x-gzip': () => zlib.createGunzip(),
    deflate: () => zlib.createInflate(),
    br: () => zlib.createBrotliDecompress(),
  }
  const [encoding = ''] = encodings
  if (encodings.length === 0) return response
  const create = Object.hasOwn(unpackers, encoding) ? unpackers[encoding] : undefined
  if (!create || encodings.length > 1)
    throw new RequestFailure(
      address,
      `packs its answer as ${encodings.join(', ')}, which was not asked for`,
      'Look at what stands before it.',
    )
  const unpacker = create()
  pipeline(response, unpacker, () => {})
  return unpacker
}
