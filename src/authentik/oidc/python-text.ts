/** Texts as Python writes them: JSON with spaces, and what it escapes in a URL. */
import { toAscii } from '../../rest/python.ts'
import { isObject } from '../../schema/json.ts'

/** A value as Python's `json.dumps` writes it by default: spaces behind commas and colons, and ASCII alone. */
export function toPythonJson(value: unknown, indent?: number): string {
  const text = indent === undefined ? spaced(value) : JSON.stringify(value, null, indent)
  return toAscii(text)
}

/** JSON in one line, with spaces. */
function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`
  if (!isObject(value)) return JSON.stringify(value) ?? 'null'
  const pairs = Object.entries(value).filter(([, item]) => item !== undefined)
  return `{${pairs.map(([key, item]) => `${JSON.stringify(key)}: ${spaced(item)}`).join(', ')}}`
}

/** Escapes a text as Python's `urllib.parse.quote` does. @param slash what becomes of a slash */
export const quoteUrl = (text: string, slash = '/') =>
  encodeURIComponent(text).replace(/%2F|[!'()*]/g, (sign) => {
    if (sign === '%2F') return slash
    return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
  })

/** Pairs as Python's `urllib.parse.urlencode` writes them, which escapes a star, and no tilde. */
export const encodeForm = (pairs: Iterable<readonly [name: string, value: string]>) =>
  Array.from(pairs, (pair) => pair.map((text) => quoteUrl(text, '%2F').replaceAll('%20', '+')).join('=')).join('&')

/** An address as a header can carry it: Django's `iri_to_uri` escapes what has no place in one (RFC 3986, section 2). */
export const toUri = (address: string): string =>
  address.toWellFormed().replace(/[^\w.~/#%[\]=:;$&()+,!?*@'-]/gu, (sign) => encodeURIComponent(sign))
