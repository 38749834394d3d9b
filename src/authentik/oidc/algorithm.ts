/** By which algorithm a key signs (RFC 7518, section 3.1). */

/** By which algorithm a provider signs. */
export type Algorithm = 'HS256' | 'RS256' | 'ES256' | 'ES384' | 'ES512'

/** The curves by their object identifiers, as DER has them (RFC 5480, section 2.1.1.1). */
const CURVES: readonly [oid: string, alg: Exclude<Algorithm, 'HS256'>][] = [
  ['\x2a\x86\x48\xce\x3d\x03\x01\x07', 'ES256'],
  ['\x2b\x81\x04\x00\x22', 'ES384'],
  ['\x2b\x81\x04\x00\x23', 'ES512'],
]

/** What stands between the first and the last line of a PEM: DER in base64. */
export const bodyOf = (pem: string): string => pem.replace(/-----[^-]+-----|\s/g, '')

/** The algorithm of a private key, by the curve that its PKCS #8 names; RSA where it names none. */
export function algorithmOf(pem: string): Exclude<Algorithm, 'HS256'> {
  const der = atob(bodyOf(pem))
  return CURVES.find(([oid]) => der.includes(oid))?.[1] ?? 'RS256'
}
