/** Reads the certificates that a command trusts beside those that Node trusts, and the one that it shows of itself. */
import { faultOf, parseCertificate } from '../http/node/tls.ts'
import { readText } from './files.ts'
import { text, UsageError, type Values } from './options.ts'

/** The options of a command that asks a server over TLS. */
export const credentialOptions = {
  ca: text('certificates to trust, in PEM', 'FILE'),
  cert: text('a certificate to show to the server, in PEM', 'FILE'),
  key: text('its key, in PEM, where it is in another file', 'FILE'),
}

/** Those of them with which a server shows its own certificate too. */
export type KeyPairOptions = Pick<typeof credentialOptions, 'cert' | 'key'>

/** Reads the files of the options, each once. @throws UsageError for a file that has not what it is for */
export function readCredentials({ ca, ...options }: Values<typeof credentialOptions>) {
  return { ca: readAuthorities(ca), cert: undefined, key: undefined, ...readKeyPair(options) }
}

function readAuthorities(path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  const { content } = readPem('--ca', path)
  if (!parseCertificate(content)) throw new UsageError(`--ca ${path} holds no certificate. Give one in PEM.`)
  return content
}

/**
 * Reads a certificate and its key, each file once.
 * @returns undefined where no option names one
 * @throws UsageError for a file that has not what it is for, and for a key of another certificate
 */
export function readKeyPair({ cert, key, optionNames }: Values<KeyPairOptions>) {
  if (cert === undefined) {
    if (!optionNames.has('key')) return undefined
    throw new UsageError('--key is the key of a certificate. Give that too: --cert FILE')
  }
  const certificate = readPem('--cert', cert)
  const keyPem = key === undefined ? certificate : readPem('--key', key)
  const pair = { cert: certificate.content, key: keyPem.content }
  const fault = faultOf(pair)
  if (fault?.field === 'cert') throw new UsageError(`--cert ${certificate.path} ${fault.reason}`)
  if (fault) {
    const [option, remedy] = key === undefined ? ['--cert', ' Where it is in another file: --key FILE'] : ['--key', '']
    throw new UsageError(`${option} ${keyPem.path} ${fault.reason}${remedy}`)
  }
  return pair
}

/** A file of an option, and what is in it. */
interface Pem {
  path: string
  content: string
}

const readPem = (option: string, path: string): Pem => ({ path, content: readText(option, path) })
