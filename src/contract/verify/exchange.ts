/** Sends one request to a server that we do not own: within limits, and without following a redirect. */
import type { Agent, IncomingHttpHeaders, request as httpRequest, RequestOptions } from 'node:http'
import { EXIT, Silence, VerifyFailure } from './failure.ts'

/** A request to a server that we do not own. */
export interface OutgoingRequest {
  url: string
  method?: string
  headers?: Record<string, string>
  /** Certificates to trust beside those that Node trusts, in PEM. */
  ca?: string | undefined
  body?: string | undefined
  /** Keeps connections for the next request; without one, each request opens its own. */
  agent?: Agent | undefined
  /** How long the answer may take, in milliseconds. @default 4000 */
  timeout?: number
}

/** What the server answered, whole. */
export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** Sends a request. @throws VerifyFailure when there is no whole answer, or one that is too large */
export type Send = (request: OutgoingRequest) => Promise<Answer>

/** How much of an answer is read, in bytes. */
const MAX_ANSWER = 10 * 1024 * 1024

/** Sends a request, and reads its answer. @throws VerifyFailure when there is no whole answer, or one that is too large */
export const sendRequest: Send = (outgoing) => {
  const { url, method = 'GET', headers = {}, ca, body, agent = false, timeout = 4000 } = outgoing
  const options: RequestOptions & { ca?: string[] } = {
    method,
    headers: { 'Accept-Encoding': 'identity', ...headers },
    signal: AbortSignal.timeout(timeout),
    agent,
    ...(ca === undefined || agent ? {} : { ca: trustBeside(ca) }),
  }
  const fail = (cause: string, remedy: string) => new VerifyFailure(EXIT.unreachable, originOf(url), cause, remedy)
  const cutOff = () => fail('breaks off in the middle of an answer', 'Look at its log, and at what stands before it.')
  return new Promise((resolve, reject) => {
    const request = requestOf(url)(url, options, (response) => {
      const parts: Buffer[] = []
      let length = 0
      response.on('data', (part: Buffer) => {
        length += part.length
        if (length > MAX_ANSWER)
          response.destroy(fail('answers more than 10 MiB', 'Is this the address of authentik itself?'))
        else parts.push(part)
      })
      response.on('error', (error: NodeJS.ErrnoException) =>
        reject(error instanceof VerifyFailure || isLate(error) ? toFailure(error, url, timeout) : cutOff()),
      )
      response.on('end', () => {
        const { statusCode = 0, complete } = response
        if (!complete) return reject(cutOff())
        try {
          const bytes = decode(Buffer.concat(parts), response.headers['content-encoding'])
          resolve({ status: statusCode, headers: response.headers, text: bytes.toString() })
        } catch {
          const encoding = String(response.headers['content-encoding'])
          reject(fail(`answers with what is no ${encoding} of at most 10 MiB`, 'Look at what stands before it.'))
        }
      })
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      // A server may close a connection that was kept just when it is used again.
      if (request.reusedSocket && CLOSED.has(error.code)) resolve(sendRequest({ ...outgoing, agent: undefined }))
      else reject(toFailure(error, url, timeout))
    })
    request.end(body)
  })
}

/** Unpacks an answer: some servers pack it though they are asked not to. @throws Error for what cannot be unpacked */
function decode(bytes: Buffer, encoding = 'identity'): Buffer {
  const { brotliDecompressSync, gunzipSync, inflateSync } = process.getBuiltinModule('node:zlib')
  const limit = { maxOutputLength: MAX_ANSWER }
  if (bytes.length === 0 || encoding === 'identity') return bytes
  if (/^(x-)?gzip$/i.test(encoding)) return gunzipSync(bytes, limit)
  if (/^deflate$/i.test(encoding)) return inflateSync(bytes, limit)
  if (/^br$/i.test(encoding)) return brotliDecompressSync(bytes, limit)
  throw new Error(`The encoding ${encoding} is not known.`)
}

const CLOSED: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE'])

/** The certificates that Node trusts, and these. */
const trustBeside = (ca: string) => [...process.getBuiltinModule('node:tls').rootCertificates, ca]

/** The function of Node that speaks the protocol of an address. */
const requestOf = (url: string): typeof httpRequest =>
  isSecure(url) ? process.getBuiltinModule('node:https').request : process.getBuiltinModule('node:http').request

/** Makes an agent that keeps connections to a server; those that wait hold up no process that ends. */
function createAgent(url: string, ca: string | undefined): Agent {
  const { Agent: HttpAgent } = process.getBuiltinModule('node:http')
  const { Agent: HttpsAgent } = process.getBuiltinModule('node:https')
  const { createSecureContext } = process.getBuiltinModule('node:tls')
  if (!isSecure(url)) return new HttpAgent({ keepAlive: true })
  // All certificates are read once here, and not for each connection.
  const trust = ca === undefined ? {} : { secureContext: createSecureContext({ ca: trustBeside(ca) }) }
  return new HttpsAgent({ keepAlive: true, ...trust })
}

/**
 * Makes a function that sends requests to one server, and trusts a certificate. Once a request was not answered in time, it sends no
 * more and fails at once, so that a silent server is waited for once and not for every interaction.
 */
export function createSend(ca: string | undefined): Send {
  let silence: Silence | undefined
  let agent: Agent | undefined
  return async (request) => {
    if (silence) throw silence
    try {
      agent ??= createAgent(request.url, ca)
      return await sendRequest({ ca, agent, ...request })
    } catch (error) {
      if (error instanceof Silence) silence = error
      throw error
    }
  }
}

const isSecure = (url: string) => new URL(url).protocol === 'https:'

/** The scheme, host and port of an address. */
export const originOf = (url: string) => new URL(url).origin

const isLate = ({ name }: Error) => name === 'TimeoutError' || name === 'AbortError'

function toFailure(error: NodeJS.ErrnoException, url: string, timeout: number): VerifyFailure {
  if (error instanceof VerifyFailure) return error
  const code = error.code ?? ''
  if (isLate(error) || code === 'ETIMEDOUT')
    return new Silence(
      EXIT.unreachable,
      originOf(url),
      `does not answer within ${timeout / 1000} seconds`,
      'Is it up, and does a firewall let this machine through?',
    )
  const [cause, remedy] = CAUSES[code] ?? [`the request failed (${code || error.message})`, 'Is the address right?']
  return new VerifyFailure(EXIT.unreachable, originOf(url), cause, remedy)
}

const SELF_SIGNED: [string, string] = [
  'its certificate is signed by nobody that is trusted here',
  'Give the certificate of its authority: --ca FILE',
]
const CUT_OFF: [string, string] = [
  'breaks the connection off',
  'Is it http where https is meant, or the other way round? Look at its log.',
]

const CAUSES: Record<string, [cause: string, remedy: string]> = {
  ECONNREFUSED: ['refuses the connection', 'Is it up, and is the port right?'],
  ENOTFOUND: ['the name is not known', 'Is it spelt right, and known to this machine?'],
  EAI_AGAIN: ['the name cannot be looked up now', 'Is there a network, and a name server?'],
  EHOSTUNREACH: ['cannot be reached from here', 'Is there a way to that network?'],
  ENETUNREACH: ['cannot be reached from here', 'Is there a way to that network?'],
  DEPTH_ZERO_SELF_SIGNED_CERT: SELF_SIGNED,
  SELF_SIGNED_CERT_IN_CHAIN: SELF_SIGNED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: SELF_SIGNED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: SELF_SIGNED,
  CERT_HAS_EXPIRED: ['its certificate has expired', 'Renew it.'],
  CERT_NOT_YET_VALID: ['its certificate is not valid yet', 'Is the clock of this machine right?'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['its certificate is for another name', 'Give the name that the certificate is for.'],
  ECONNRESET: CUT_OFF,
  EPROTO: CUT_OFF,
  ERR_SSL_WRONG_VERSION_NUMBER: CUT_OFF,
  HPE_INVALID_CONSTANT: CUT_OFF,
}
