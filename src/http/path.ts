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
  const encoder = new TextEncoder()
  const parts = path.match(/%[0-9a-f]{2}|[^%]+|%/gi) ?? []
  return Uint8Array.from(
    parts.flatMap((part) =>
      part.length === 3 && part.startsWith('%') ? [Number.parseInt(part.slice(1), 16)] : [...encoder.encode(part)],
    ),
  )
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
