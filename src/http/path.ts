/** Paths of requests: what their percent-encoding says, and how Go's router cleans them. */

/** A percent-encoded path, decoded; bytes that are no UTF-8 become U+FFFD. */
export function decodePath(path: string): string {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return new TextDecoder().decode(toBytes(path))
  }
}

/** The bytes that a path stands for; a `%` that no two hexadecimal digits follow is itself. */
function toBytes(path: string): Uint8Array {
  const bytes = new TextEncoder().encode(path)
  let length = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    const escaped = byte === PERCENT ? toByte(bytes[index + 1], bytes[index + 2]) : undefined
    bytes[length++] = escaped ?? byte
    if (escaped !== undefined) index += 2
  }
  return bytes.subarray(0, length)
}

const PERCENT = 0x25

/** The byte that two hexadecimal digits write; undefined for other signs. */
function toByte(...digits: (number | undefined)[]): number | undefined {
  const hex = String.fromCharCode(...digits.map((digit = 0) => digit))
  return /^[0-9a-f]{2}$/i.test(hex) ? Number.parseInt(hex, 16) : undefined
}

/** A decoded path without its empty, `.` and `..` segments. */
export function cleanPath(path: string): string {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return `/${segments.join('/')}${segments.length && path.endsWith('/') ? '/' : ''}`
}

/** Escapes what Go's net/url escapes in a path. */
export const encodePath = (path: string) =>
  encodeURI(path.toWellFormed()).replace(/[!'()*?#]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
