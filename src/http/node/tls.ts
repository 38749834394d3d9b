/** Serves HTTPS: looks at the key and the certificate, and says why a client ends a handshake. */
import type { ServerOptions } from 'node:http'
import type { Server } from 'node:https'
import type { Log } from '../log.ts'
import { serveError } from './serve-error.ts'
import { createNotices } from './notices.ts'
import type { TlsOptions } from './tls-options.ts'

// Only whoever serves HTTPS loads these.
const { createServer } = process.getBuiltinModule('node:https')
const { createPrivateKey, X509Certificate } = process.getBuiltinModule('node:crypto')

/** What is wrong with a key or a certificate, and what to give instead. */
export interface TlsFault {
  field: keyof TlsOptions
  reason: string
}

/** Looks for what is wrong with a certificate and its key; undefined for a pair that can be used. */
export function faultOf({ key, cert }: Record<keyof TlsOptions, string>): TlsFault | undefined {
  const certificate = parseCertificate(cert)
  if (!certificate) return { field: 'cert', reason: 'holds no certificate. Give one in PEM.' }
  if (/^-----BEGIN ENCRYPTED|^Proc-Type: 4,ENCRYPTED/m.test(key))
    return {
      field: 'key',
      reason: 'is protected by a passphrase. Give it without one, as this writes it: openssl pkey -in FILE -out KEY',
    }
  const privateKey = attempt(() => createPrivateKey(key))
  if (!privateKey) return { field: 'key', reason: 'holds no private key. Give one in PEM.' }
  if (!certificate.checkPrivateKey(privateKey))
    return { field: 'key', reason: 'is not the key of the certificate. Give the two that were made together.' }
  return undefined
}

/** Reads a certificate in PEM, the first of several. @returns undefined for what is none */
export const parseCertificate = (pem: string) => attempt(() => new X509Certificate(pem))

function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch {
    return undefined
  }
}

const toText = (pem: string | Uint8Array) => (pem instanceof Uint8Array ? new TextDecoder().decode(pem) : String(pem))

/**
 * Creates a server of HTTPS.
 * @throws MockError ERR_OPTION for a key or a certificate that cannot be used
 */
export function createTlsServer(tls: TlsOptions, options: ServerOptions, log: Log): Server {
  const pair = { key: toText(tls.key), cert: toText(tls.cert) }
  const fault = faultOf(pair)
  if (fault) throw serveError(`tls.${fault.field} ${fault.reason}`)
  const handshakeTimeout = options.headersTimeout
  const server = createServer({ ...options, ...pair, ...(handshakeTimeout && { handshakeTimeout }) })
  const notify = createNotices(log)
  server.on('tlsClientError', (error: NodeJS.ErrnoException) => {
    const message = HANDSHAKE_ENDS.get(error.code ?? '')
    if (message !== undefined) notify(message)
  })
  return server
}

const UNTRUSTED =
  'A client does not trust the certificate of this server. Have it trust the CA that signed it: NODE_EXTRA_CA_CERTS=FILE in Node, --cacert FILE in curl.'

/** What it means when a handshake ends with an error of OpenSSL. */
const HANDSHAKE_ENDS: ReadonlyMap<string, string> = new Map([
  ['ERR_SSL_HTTP_REQUEST', 'A client speaks HTTP on the port of HTTPS. Its address must begin with https://.'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', UNTRUSTED],
  ['ERR_SSL_TLS_ALERT_UNKNOWN_CA', UNTRUSTED],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', UNTRUSTED],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', UNTRUSTED],
  ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN', UNTRUSTED],
])
