/** UUIDs as Python reads them, which authentik is written in. */

/**
 * Reads a text as Python's `uuid.UUID()` does: in capitals, within braces, after `urn:uuid:`, with its hyphens anywhere.
 * @returns the UUID in the form in which it is kept, in lower case and with hyphens; undefined where Python raises ValueError
 * @example toUuid('{F8358F6E-0048-4B1C-8E32-AB93FAF0C44B}') // 'f8358f6e-0048-4b1c-8e32-ab93faf0c44b'
 */
export function toUuid(text: string): string | undefined {
  if (CANONICAL.test(text)) return text
  const hex = withoutBraces(text.replaceAll('urn:', '').replaceAll('uuid:', '')).replaceAll('-', '')
  if (hex.length !== 32 || !/^[0-9a-f]+$/i.test(hex)) return undefined
  return hex.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** A regular expression would look at the rest of the text again at each brace within it. */
function withoutBraces(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && '{}'.includes(text.charAt(start))) start++
  while (start < end && '{}'.includes(text.charAt(end - 1))) end--
  return text.slice(start, end)
}
