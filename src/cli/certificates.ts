/** Reads the certificates that a command trusts beside those that Node trusts, and the one that it shows of itself. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readText } from './files.ts'
import { text, UsageError, type Values } from './options.ts'

/** The options of a command that asks a server over TLS. */
export const credentialOptions = {
  ca: text('certificates to trust, in PEM', 'FILE'),
  cert: text('a certificate to show to the server, in PEM', 'FILE'),
  key: text('its key, in PEM, where it is in another file', 'FILE'),
}

/** Reads the files of the options. @throws UsageError for a file that has not what it is for */
export function readCredentials({ ca, cert, key, optionNames }: Values<typeof credentialOptions>) {
  if (optionNames.has('key') && cert === undefined)
    throw new UsageError('--key is the key of a certificate. Give that too: --cert FILE')
  return {
    ca: readCertificates('--ca', ca),
    cert: readCertificates('--cert', cert),
    key: readKey('--key', key) ?? readKey('--cert', cert),
  }
}

function readCertificates(option: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  const pem = readText(option, path)
  try {
    void new X509Certificate(pem)
  } catch {
    throw new UsageError(`${option} ${path} holds no certificate. Give one in PEM.`)
  }
  return pem
}

function readKey(option: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  const pem = readText(option, path)
  try {
    createPrivateKey(pem)
  } catch {
    throw new UsageError(`${option} ${path} holds no private key. Give one in PEM, without a password: --key FILE`)
  }
  return pem
}
