/** Private keys as WebCrypto takes them (PKCS #8, RFC 5958): authentik writes its own in older forms. */
import { bodyOf } from './algorithm.ts'

/** A value of DER (X.690) with its tag and its length. */
function der(tag: number, ...parts: readonly (readonly number[])[]): number[] {
  const content = parts.flat()
  const size: number[] = []
  for (let rest = content.length; rest > 0; rest >>= 8) size.unshift(rest & 255)
  const length = content.length < 128 ? [content.length] : [128 | size.length, ...size]
  return [tag, ...length, ...content]
}

const [INTEGER, OCTETS, NULL, OBJECT, SEQUENCE, PARAMETERS] = [0x02, 0x04, 0x05, 0x06, 0x30, 0xa0] as const
const RSA = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]
const EC = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01]

/** A private key in PKCS #8, whichever of the forms it is in: PKCS #1 (RFC 8017) and SEC 1 (RFC 5915) are the others. */
export function toPkcs8(pem: string): string {
  const [, kind = ''] = /-----BEGIN (RSA |EC |)PRIVATE KEY-----/.exec(pem) ?? []
  if (kind === '') return pem
  const key = Array.from(atob(bodyOf(pem)), (sign) => sign.charCodeAt(0))
  const algorithm =
    kind === 'RSA ' ? der(SEQUENCE, der(OBJECT, RSA), der(NULL)) : der(SEQUENCE, der(OBJECT, EC), curveOf(key))
  const whole = der(SEQUENCE, der(INTEGER, [0]), algorithm, der(OCTETS, key))
  return `-----BEGIN PRIVATE KEY-----\n${btoa(String.fromCharCode(...whole))}\n-----END PRIVATE KEY-----\n`
}

/**
 * The curve that a key of SEC 1 names behind its number: an object identifier, whole. The number is stepped over, because
 * by chance it has the same bytes.
 */
function curveOf(key: readonly number[]): readonly number[] {
  const [, size = 0] = key
  const octets = (size < 128 ? 2 : 2 + (size & 127)) + der(INTEGER, [1]).length
  const index = octets + 2 + (key[octets + 1] ?? 0)
  return key[index] === PARAMETERS ? key.slice(index + 2, index + 4 + (key[index + 3] ?? 0)) : []
}
