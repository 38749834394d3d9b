/** When something is to expire, as people write it. */
import { quote } from '../schema/json.ts'
import { readInstant, type Clock } from '../store/clock.ts'
import { fromNow } from '../store/relative-time.ts'
import { controlError } from './control-error.ts'

/**
 * Reads when something is to expire.
 * @param expires an instant, a duration from now such as `+5m`, or null for never
 * @returns milliseconds since 1970; null for never, undefined where nothing is said
 * @throws MockError ERR_CONTROL
 */
export function readExpiry(expires: unknown, clock: Pick<Clock, 'now'>): number | null | undefined {
  if (expires === undefined || expires === null) return expires
  const instant = typeof expires === 'string' ? fromNow(expires, clock.now()) : undefined
  try {
    return readInstant(instant ?? String(expires))
  } catch {
    throw controlError([
      `expires: ${quote(expires)} is neither an instant nor a duration; write 2024-09-27T14:26:18Z or +5m`,
    ])
  }
}
