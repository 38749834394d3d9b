/** Private keys as a world file gives them, by which tokens are signed. */

/** Whether a key is of the kind that its certificate says; undefined for one that is. */
export function faultOfKind(pem: string | undefined, type: string | null): string | undefined {
  const kind = pem === undefined ? undefined : kindOf(pem)
  if (type === null || kind === undefined || kind === type || (kind === 'ec' && type === 'ecdsa')) return undefined
  return `has a key_data of the kind ${kind}, and says ${type}. Say ${kind}, or give it another key`
}

/** What is wrong with a private key by which tokens are to be signed; undefined for nothing. */
export function checkKey(pem: string | number): string | undefined {
  if (kindOf(String(pem)) !== undefined) return undefined
  return 'is no private key of RSA or of the curves P-256, P-384 and P-521, unencrypted and in PEM; write what `openssl pkcs8 -topk8 -nocrypt -in KEY` prints'
}

/** The kind of a private key; undefined for what is none that signs. */
function kindOf(pem: string): string | undefined {
  const [, label, body = ''] = /^\s*-----BEGIN ([A-Z ]*)-----([^-]*)-----END \1-----\s*$/.exec(pem) ?? []
  return KINDS.find(([name, mark]) => label === name && toBinary(body).includes(mark))?.[2]
}

/** Keys by the label of their PEM, what their DER holds, and their kind. */
const KINDS: readonly [label: string, mark: string, kind: string][] = [
  ['PRIVATE KEY', '\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01', 'rsa'],
  ['RSA PRIVATE KEY', '\x02\x01\x00\x02', 'rsa'],
  ...['PRIVATE KEY', 'EC PRIVATE KEY'].flatMap((label) =>
    ['\x2a\x86\x48\xce\x3d\x03\x01\x07', '\x2b\x81\x04\x00\x22', '\x2b\x81\x04\x00\x23'].map(
      (curve): [string, string, string] => [label, curve, 'ec'],
    ),
  ),
]

/** The bytes of a DER that is as long as it says; empty for what is none. */
function toBinary(body: string): string {
  const letters = body.replace(/\s/g, '')
  if (!/^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(letters)) return ''
  const der = atob(letters)
  const first = der.charCodeAt(1)
  const digits = first < 128 ? 0 : first & 127
  let length = digits === 0 ? first : 0
  for (let index = 0; index < digits; index++) length = length * 256 + der.charCodeAt(2 + index)
  return der.startsWith('0') && der.length === 2 + digits + length ? der : ''
}
