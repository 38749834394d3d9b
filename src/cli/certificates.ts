/** Reads the certificates that a command trusts beside those that Node trusts. */
import { X509Certificate } from 'node:crypto'
import { readText } from './files.ts'
import { UsageError } from './options.ts'

/** Reads the file of `--ca`. @returns undefined without one @throws UsageError for a file without a certificate */
export function readCertificates(path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  const pem = readText('--ca', path)
  try {
    void new X509Certificate(pem)
  } catch {
    throw new UsageError(`--ca ${path} holds no certificate. Give one in PEM.`)
  }
  return pem
}
