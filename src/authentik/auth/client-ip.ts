/** Where a call comes from. */
import type { Call } from '../../http/message.ts'
import { readAddress } from '../../schema/ip-address.ts'

/** What authentik takes for the address where a proxy says none. */
const NOBODY = '255.255.255.255'

/** Who sent a call, as a proxy says. */
export function clientIpOf(call: Call): string {
  const forwarded = call.header('x-forwarded-for')
  if (forwarded === undefined) return '127.0.0.1'
  return readAddress(forwarded.split(',')[0]?.trim() ?? '') ?? NOBODY
}
