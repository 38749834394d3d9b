/** Shows at a terminal what a run is doing: one line, which is cleared at the end. */

/** The line that shows what a run is doing. */
export interface Progress {
  /** Shows the next step. */
  show(step: string): void
  /** Clears the line. */
  clear(): void
}

/** How long a run may take before it says what it is doing, in milliseconds. */
const PATIENCE = 2000

/**
 * Starts to show what a run is doing, unless it ends soon.
 *
 * @param printStatus puts a text into the last line of the terminal; undefined where there is none
 */
export function startProgress(printStatus: ((line: string) => void) | undefined): Progress {
  let line = ''
  let isShown = false
  const timer = setTimeout(() => {
    isShown = true
    printStatus?.(line)
  }, PATIENCE)
  return {
    show(step) {
      line = `${step} ...`
      if (isShown) printStatus?.(line)
    },
    clear() {
      clearTimeout(timer)
      if (isShown) printStatus?.('')
    },
  }
}
