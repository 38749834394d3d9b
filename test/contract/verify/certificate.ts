/** Makes certificates that sign themselves, as X.509 asks (RFC 5280), so that no test needs a file, or openssl. */
import { generateKeyPairSync, sign } from 'node:crypto'

/** What a certificate is to say. */
export interface Certificate {
  /** The addresses of IPv4, or the names, that it is for. */
  names: string[]
  expires: Date
}

const der = (tag: number, ...parts: Uint8Array[]) => {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts)
const hex = (text: string) => Buffer.from(text, 'hex')
const time = (date: Date) => der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`))
const extension = (id: string, content: Uint8Array) => sequence(der(0x06, hex(id)), der(0x04, content))

const ECDSA_WITH_SHA256 = sequence(der(0x06, hex('2a8648ce3d040302')))
const COMMON_NAME = '550403'
const ALTERNATIVE_NAMES = '551d11'
const BASIC_CONSTRAINTS = '551d13'

/** Makes a certificate. @returns its key and itself, in PEM */
export function certify({ names, expires }: Certificate): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const name = sequence(der(0x31, sequence(der(0x06, hex(COMMON_NAME)), der(0x0c, Buffer.from('authentik-mock test')))))
  const alternatives = names.map((entry) =>
    /^[\d.]+$/.test(entry) ? der(0x87, Buffer.from(entry.split('.').map(Number))) : der(0x82, Buffer.from(entry)),
  )
  const extensions = sequence(
    extension(BASIC_CONSTRAINTS, sequence(der(0x01, hex('ff')))),
    extension(ALTERNATIVE_NAMES, sequence(...alternatives)),
  )
  const content = sequence(
    der(0xa0, der(0x02, hex('02'))),
    der(0x02, hex('01')),
    ECDSA_WITH_SHA256,
    name,
    sequence(time(new Date('2020-01-01T00:00:00Z')), time(expires)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  )
  const signed = sequence(content, ECDSA_WITH_SHA256, der(0x03, hex('00'), sign('sha256', content, privateKey)))
  const lines = signed.toString('base64').match(/.{1,64}/g) ?? []
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
  }
}
