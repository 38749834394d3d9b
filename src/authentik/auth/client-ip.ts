/** Where a call comes from. */
import type { Call } from '../../http/message.ts'

/** Who sent a call, as a proxy says. */
export const clientIpOf = (call: Call): string => call.header('x-forwarded-for')?.split(',')[0]?.trim() || '127.0.0.1'
