/** Cookies, as Django reads and writes them. */
import type { Call } from './message.ts'

/** The value of a cookie; of several of one name the last counts. */
export function cookieOf(call: Call, name: string): string | undefined {
  const values = (call.header('cookie') ?? '').split(';').flatMap((pair) => {
    const [key, ...value] = pair.trim().split('=')
    return key === name ? [value.join('=').replace(/^"(.*)"$/, '$1')] : []
  })
  return values.at(-1)
}
