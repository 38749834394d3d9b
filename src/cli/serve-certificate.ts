/** Finds the certificate that `serve` shows: one of the user's own, or that for this machine. */
import { X509Certificate } from 'node:crypto'
import { resolve } from 'node:path'
import { reachOf } from '../http/node/addresses.ts'
import type { TlsOptions } from '../http/node/tls-options.ts'
import { readKeyPair, type KeyPairOptions } from './certificates.ts'
import type { Terminal } from './command.ts'
import { isFor, localhostCertificate } from './localhost-certificate.ts'
import type { Values } from './options.ts'

/** A certificate to serve with. */
export interface ServedCertificate {
  tls: TlsOptions
  /** The path of what a client has to trust. */
  trusted: string
  /** Whether it is signed by the CA that this program keeps. */
  hasOurCa: boolean
  /** Returns the address of a server by a name that the certificate is for, where that is one of the loopback. */
  toUrl(url: string): string
}

/**
 * Finds the certificate of the options.
 * @param options.host what the server is told to listen on, which the certificate for this machine is for too
 * @throws UsageError for files that cannot be used
 */
export async function findCertificate(
  values: Values<KeyPairOptions>,
  { host, allowHosts }: { host: string; allowHosts: readonly string[] },
  { env, warn }: Pick<Terminal, 'env' | 'warn'>,
): Promise<ServedCertificate> {
  const { local, network = [] } = reachOf(host, { address: host, family: '', port: 0 })
  const pair = readKeyPair(values)
  if (!pair) {
    const names = [local, ...network, ...allowHosts.filter((name) => name !== '*')]
    const { ca, ...tls } = await localhostCertificate(names, env)
    return { tls, trusted: ca, hasOurCa: true, toUrl: (url) => url }
  }
  const certificate = new X509Certificate(pair.cert)
  const { validToDate, subjectAltName = 'no name' } = certificate
  if (validToDate.getTime() < Date.now())
    warn(`the certificate of --cert expired at ${validToDate.toISOString()}: clients refuse it. Give another.`)
  const name = [local, 'localhost'].find((candidate) => isFor(certificate, candidate))
  if (name === undefined)
    warn(
      `the certificate of --cert is for ${subjectAltName}, and not for ${local}: clients that ask ${local} refuse it.`,
    )
  return {
    tls: pair,
    trusted: resolve(values.cert ?? ''),
    hasOurCa: false,
    toUrl: (url) => (name === 'localhost' ? url.replace(/(?<=^https:\/\/)(?:127\.0\.0\.1|\[::1\])(?=:)/, name) : url),
  }
}
