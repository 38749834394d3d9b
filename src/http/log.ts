/** Guards a log: it is the user's function, and what becomes of it changes no answer. */

/** Takes a message. */
export type Log = (message: string) => void

/**
 * Wraps a log so that what it throws, and a promise of its that is rejected, ends nothing and changes no answer.
 * @example const log = guardLog(options.log) // log('...') never throws
 */
export function guardLog(log: (message: string) => unknown): Log {
  return (message) => {
    try {
      const result = log(message)
      // The log may be async, although nobody waits for it.
      if (result !== undefined) Promise.resolve(result).catch(() => {})
    } catch {
      // There is nowhere to say that the log itself fails.
    }
  }
}
