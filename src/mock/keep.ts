/** Keeps a mock's world in a page's sessionStorage, so that a reload does not lose it. Imported where that is desired. */
import type { Mock } from './mock.ts'

/** Reads what the last page kept under a key; undefined for nothing, and for what is no JSON. */
export function readKept(key: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') ?? undefined
  } catch (error) {
    warn('What the last page kept cannot be read', error)
    // Text that is no JSON would be warned of again by each reload.
    if (error instanceof SyntaxError) sessionStorage.removeItem(key)
    return undefined
  }
}

/**
 * Writes the world after each turn that changed it: a reload may come at any time after that.
 * @param loading settles when the kept world is loaded; what cannot be loaded is dropped
 */
export function keepWorld(mock: Mock, key: string, loading: Promise<void>): void {
  let isWritten = false
  let latest = sessionStorage.getItem(key)
  loading.catch((error: unknown) => {
    warn('The world of the last page is dropped', error)
    if (!isWritten) sessionStorage.removeItem(key)
  })
  const stop = mock.on('change', () => {
    try {
      const text = JSON.stringify(mock.save())
      // What was only loaded is not written: the page may be in a frame of one that has changed it since.
      if (text === latest) return
      sessionStorage.setItem(key, text)
      latest = text
      isWritten = true
    } catch (error) {
      stop()
      warn('The world is not kept any longer: a reload starts anew', error)
      // What was written last is no longer so.
      sessionStorage.removeItem(key)
    }
  })
}

const warn = (message: string, error: unknown) =>
  console.warn(`[authentik-mock] ${message}. ${error instanceof Error ? error.message : String(error)}`)
