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

/** Reads the files of the options, each once. @throws UsageError for a file that has not what it is for */
export function readCredentials({ ca, cert, key, optionNames }: Values<typeof credentialOptions>) {
  if (optionNames.has('key') && cert === undefined)
    throw new UsageError('--key is the key of a certificate. Give that too: --cert FILE')
  const certificate = readPem('--cert', cert)
  const keyOption = key === undefined ? '--cert' : '--key'
  return {
    ca: checkCertificate('--ca', readPem('--ca', ca)),
    cert: checkCertificate('--cert', certificate),
    key: checkKey(keyOption, key === undefined ? certificate : readPem('--key', key)),
  }
}

/** A file of an option, and what is in it. */
interface Pem {
  path: string
  content: string
}

const readPem = (option: string, path: string | undefined): Pem | undefined =>
  path === undefined ? undefined : { path, content: readText(option, path) }

const checkCertificate = (option: string, pem: Pem | undefined) =>
  check(option, pem, (content) => new X509Certificate(content), 'certificate. Give one in PEM.')

const checkKey = (option: string, pem: Pem | undefined) =>
  check(option, pem, createPrivateKey, 'private key. Give one in PEM, without a password: --key FILE')

/** Gives the content back. @throws UsageError for one that cannot be parsed */
function check(
  option: string,
  pem: Pem | undefined,
  parse: (content: string) => unknown,
  remedy: string,
): string | undefined {
  try {
    if (pem) parse(pem.content)
  } catch {
    throw new UsageError(`${option} ${pem?.path} holds no ${remedy}`)
  }
  return pem?.content
}
