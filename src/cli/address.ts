/** Reads the address of a server, as it is given on the command line. */
import { UsageError } from './options.ts'

/**
 * Reads an address, and leaves out the slash at its end. No message shows what stands before an "@", which may be a
 * password.
 *
 * @param remedy where the credentials belong
 * @throws UsageError
 */
export function readAddress(address: string, remedy: string): string {
  const printable = address.replace(/:.*@/s, '://')
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url?.host || !/^https?:$/.test(url.protocol))
    throw new UsageError(`${printable} is no address of a server. Give one such as https://authentik.example.`)
  if (address.includes('@'))
    throw new UsageError(`${printable} is given with a user or a password. Give it without, and ${remedy}.`)
  return url.origin + url.pathname.replace(/\/$/, '')
}

/** Reads where an authentik stands, whether or not the prefix of its API was given too. @throws UsageError */
export const readAuthentik = (address: string) =>
  readAddress(address, 'a token in AUTHENTIK_TOKEN or --token-file').replace(/\/api\/v3$/, '')
