/** The address of a server, as it is given on the command line. */
import { UsageError } from './options.ts'

/**
 * What is given, without a slash at its end. Never says what stands before an "@", which may be a password.
 * @param instead where the credentials belong
 * @throws UsageError
 */
export function readAddress(given: string, instead: string): string {
  const shown = given.replace(/:.*@/s, '://')
  const url = URL.canParse(given) ? new URL(given) : undefined
  if (!url?.host || !/^https?:$/.test(url.protocol))
    throw new UsageError(`${shown} is no address of a server. Give one such as https://authentik.example.`)
  if (given.includes('@'))
    throw new UsageError(`${shown} is given with a user or a password. Give it without, and ${instead}.`)
  return url.origin + url.pathname.replace(/\/$/, '')
}

/** Where an authentik stands, whether or not its API's prefix was given too. @throws UsageError */
export const readAuthentik = (given: string) =>
  readAddress(given, 'a token in AUTHENTIK_TOKEN or --token-file').replace(/\/api\/v3$/, '')
