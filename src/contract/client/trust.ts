/** Decides whose certificates are trusted. */
import type { SecureContext } from 'node:tls'
import { RequestFailure } from './failure.ts'

/** What a client trusts beside what Node trusts, and what it shows of itself; all in PEM. */
export interface Credentials {
  ca?: string | undefined
  cert?: string | undefined
  key?: string | undefined
}

/**
 * Makes what a connection is secured by. Certificates that are given come beside those that Node trusts, among which are
 * those of NODE_EXTRA_CA_CERTS.
 * @returns undefined where nothing is given
 * @throws RequestFailure for what is no certificate, or no key that goes with it
 */
export function toSecureContext({ ca, cert, key }: Credentials): SecureContext | undefined {
  if (ca === undefined && cert === undefined) return undefined
  const { createSecureContext } = process.getBuiltinModule('node:tls')
  try {
    return createSecureContext({
      ...(ca === undefined ? {} : { ca: [...trustedCertificates(), ca] }),
      ...(cert === undefined ? {} : { cert, key: key ?? cert }),
    })
  } catch (error) {
    throw new RequestFailure('the certificates', `cannot be used (${String(error)})`, 'Give them in PEM.')
  }
}

/** The certificates that Node trusts. Before 22.15 it does not tell which of them are extra ones. */
function trustedCertificates(): readonly string[] {
  const { getCACertificates, rootCertificates } = process.getBuiltinModule('node:tls')
  if (typeof getCACertificates === 'function') return getCACertificates('default')
  const extra = process.env['NODE_EXTRA_CA_CERTS']
  if (!extra) return rootCertificates
  try {
    return [...rootCertificates, process.getBuiltinModule('node:fs').readFileSync(extra, 'utf8')]
  } catch {
    // Node itself warns of a file that it cannot read.
    return rootCertificates
  }
}
