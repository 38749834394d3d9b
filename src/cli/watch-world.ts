/** Takes the world of a file anew whenever the file changes. */
import { statSync } from 'node:fs'
import { coreOf, type Mock } from '../mock/mock.ts'
import { MockError } from '../store/mock-error.ts'
import type { Terminal } from './command.ts'
import { UsageError } from './options.ts'
import { readWorldFile } from './world-file.ts'

/**
 * How often the file is looked at, in milliseconds. It is looked at by its path, because an editor puts a new file into
 * the place of the old one, a link may be led elsewhere, and a folder be replaced by another of its name.
 */
const INTERVAL = 100

/**
 * Replaces the world of a mock when its file changes, and what `reset` goes back to. A world that is wrong is said in
 * the log, and the mock keeps the one that it has.
 * @returns what stops that
 */
export function watchWorld(authentik: Mock, file: string, log: Terminal['warn']): () => void {
  async function take(): Promise<void> {
    try {
      await coreOf(authentik).begin(await readWorldFile('--world', file))
      log(`${file} has changed: its world is served now`)
    } catch (error) {
      if (!(error instanceof MockError || error instanceof UsageError)) throw error
      log(`${file} has changed, and is wrong: the world before it stays. ${error.message}`)
    }
  }
  // Node's own watchFile looks first when it has time to, and misses what changes before that.
  let mark = markOf(file)
  const timer = setInterval(() => {
    const current = markOf(file)
    if (current === mark) return
    mark = current
    void take()
  }, INTERVAL)
  return () => clearInterval(timer)
}

/** What is another text when a file, or what a link leads to, was changed or took the place of another. */
function markOf(file: string): string {
  try {
    const { ino, size, mtimeMs } = statSync(file)
    return [ino, size, mtimeMs].join(' ')
  } catch {
    return 'it cannot be read'
  }
}
