/** Takes the world of a file anew whenever the file changes. */
import { watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { coreOf, type Mock } from '../mock/mock.ts'
import { MockError } from '../store/mock-error.ts'
import type { Terminal } from './command.ts'
import { UsageError } from './options.ts'
import { readWorldFile } from './world-file.ts'

/** How long a file is left alone before it is read, in milliseconds: an editor writes it in several steps. */
const SETTLING = 50

/**
 * Replaces the world of a mock when its file changes, and what `reset` goes back to. A world that is wrong is said in
 * the log, and the mock keeps the one that it has.
 * @returns what stops that
 */
export function watchWorld(authentik: Mock, file: string, log: Terminal['warn']): () => void {
  const name = basename(file)
  let timer: NodeJS.Timeout | undefined
  // The folder is watched: an editor puts a new file into the place of the old one.
  const watcher = watch(dirname(resolve(file)), (_event, changed) => {
    if (changed !== null && changed !== name) return
    clearTimeout(timer)
    timer = setTimeout(() => void take(), SETTLING)
  })
  async function take(): Promise<void> {
    try {
      await coreOf(authentik).begin(await readWorldFile('--world', file))
      log(`${file} has changed: its world is served now`)
    } catch (error) {
      if (!(error instanceof MockError || error instanceof UsageError)) throw error
      log(`${file} has changed, and is wrong: the world before it stays. ${error.message}`)
    }
  }
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}
