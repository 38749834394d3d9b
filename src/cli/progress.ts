/** What a run is doing, for who waits for it at a terminal: one line, which goes again. */

export interface Progress {
  step(text: string): void
  done(): void
}

/** How long nobody wonders, in milliseconds. */
const PATIENCE = 2000

/** @param show puts a text into the last line of the terminal; undefined where there is none */
export function startProgress(show: ((line: string) => void) | undefined): Progress {
  let last = ''
  let isShown = false
  const timer = setTimeout(() => {
    isShown = true
    show?.(last)
  }, PATIENCE)
  return {
    step(text) {
      last = `${text} ...`
      if (isShown) show?.(last)
    },
    done() {
      clearTimeout(timer)
      if (isShown) show?.('')
    },
  }
}
