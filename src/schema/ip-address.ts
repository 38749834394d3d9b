/** Addresses of machines, as Python and PostgreSQL take them. */

/**
 * Reads an address of IPv4 or IPv6.
 * @returns it in its shortest form, undefined for what is none
 * @example readAddress('2001:DB8:0::1') // '2001:db8::1'
 */
export function readAddress(text: string): string | undefined {
  const url = `http://${text.includes(':') ? `[${text}]` : text}`
  if (!/^[\da-f:.]+$/i.test(text) || !URL.canParse(url)) return undefined
  const { hostname } = new URL(url)
  if (hostname.startsWith('[')) return hostname.slice(1, -1)
  // A host that ends in a number is IPv4; a URL reads octal numbers, too, and writes them as others.
  return hostname === text && /\.\d+$/.test(text) ? text : undefined
}
