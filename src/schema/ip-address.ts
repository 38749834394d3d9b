/** Addresses of machines, as Python and PostgreSQL take them. */

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`)

/** What authentik says of a text that is no address. */
export const NO_ADDRESS = 'Enter a valid IPv4 or IPv6 address.'

/**
 * Reads an address of IPv4 or IPv6.
 * @returns it in its shortest form, undefined for what is none
 * @example readAddress('2001:DB8:0::1') // '2001:db8::1'
 */
export function readAddress(text: string): string | undefined {
  if (IPV4.test(text)) return text
  // Only what stands within brackets is read by a URL as IPv6, and it takes no sign that could end them.
  if (!/^(?=.*:)[\da-f:.]+$/i.test(text) || !URL.canParse(`http://[${text}]`)) return undefined
  return new URL(`http://[${text}]`).hostname.slice(1, -1)
}
