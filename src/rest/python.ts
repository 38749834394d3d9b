/** How Python, which authentik is written in, reads what comes in a URL. */

/**
 * A text as Python's `int()` reads it: spaces around, a sign, `_` between digits and the digits of any script are fine.
 * @returns undefined where Python raises ValueError, which it also does beyond 4300 digits.
 */
export function toInteger(text: string): bigint | undefined {
  if (/^\d{1,15}$/.test(text)) return BigInt(text)
  const found = NUMBER.exec(text)
  if (!found) return undefined
  const digits = found[2]!.replaceAll('_', '')
  if (digits.length > 4300) return undefined
  const value = BigInt(/^[0-9]+$/.test(digits) ? digits : [...digits].map(toDigit).join(''))
  return found[1] === '-' ? -value : value
}

/** What Python strips is not quite what JavaScript's `\s` matches. */
const SPACE = '[\\t-\\r\\x1c- \\x85\\p{Zs}\\u2028\\u2029]*'
const NUMBER = new RegExp(`^${SPACE}([+-]?)(\\p{Nd}+(?:_\\p{Nd}+)*)${SPACE}$`, 'u')

/** A text as Python's `uuid.UUID()` reads it, in the form in which it is kept. @returns undefined where Python raises ValueError */
export function toUuid(text: string): string | undefined {
  const hex = text
    .replaceAll(/urn:|uuid:/g, '')
    .replaceAll(/^[{}]+|[{}]+$/g, '')
    .replaceAll('-', '')
    .toLowerCase()
  return /^[0-9a-f]{32}$/.test(hex) ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') : undefined
}

/** A query parameter as Django reads it: the last, where it stands several times. */
export const lastOf = (query: URLSearchParams, name: string): string | undefined => query.getAll(name).at(-1)

/** A percent-encoded path, decoded; bytes that are no UTF-8 become U+FFFD. */
export function decodePath(path: string): string {
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    const bytes = path.replace(/%([0-9a-f]{2})|([^%]+)|%/gi, (all, hex: string | undefined) =>
      hex ? String.fromCharCode(Number.parseInt(hex, 16)) : String.fromCharCode(...new TextEncoder().encode(all)),
    )
    return new TextDecoder().decode(Uint8Array.from(bytes, (sign) => sign.charCodeAt(0)))
  }
}

/** Unicode's decimal digits stand in runs of ten, from zero to nine. */
function toDigit(sign: string): number {
  const at = sign.codePointAt(0)!
  let start = at
  while (/\p{Nd}/u.test(String.fromCodePoint(start - 1))) start--
  return (at - start) % 10
}
