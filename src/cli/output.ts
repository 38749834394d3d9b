/** Prints on a stream of this process, whatever becomes of whoever reads it. */
import { fstatSync, writeFileSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { codeOf } from './files.ts'

/** A stream to print on. No reader that goes away, or does not read, and no full disk ends or holds up the program. */
export interface Output {
  print(text: string): void
  /** Whether a text could not be written, although its reader did not go away. */
  hasFailed(): boolean
  /** Settles when all is written, or has failed to be. */
  settled(): Promise<void>
}

/**
 * Creates an output.
 * @param stream such as `process.stdout`
 * @param options.limit how many bytes may wait for a reader that does not read; what is printed meanwhile is lost
 * @param options.onFailure is called with the code of the first error, such as `ENOSPC`; not when the reader goes away,
 * because it has read what it wanted
 */
export function createOutput(
  stream: Writable & { fd: number },
  { limit = Infinity, onFailure = () => {} }: { limit?: number; onFailure?: (code: string) => void },
): Output {
  let failure: string | undefined
  const fail = (error: unknown) => {
    const code = codeOf(error) ?? 'an unknown error'
    if (code === 'EPIPE' || failure !== undefined) return
    failure = code
    onFailure(code)
  }
  stream.on('error', fail)
  const isFile = isRegularFile(stream.fd)
  return {
    print(text) {
      if (isFile) {
        // Node's own stream takes what of a text has no room on the disk for written.
        try {
          writeFileSync(stream.fd, text)
        } catch (error) {
          fail(error)
        }
      } else if (stream.writableLength <= limit) stream.write(text)
    },
    hasFailed: () => failure !== undefined,
    // An empty text is written after all that was printed before.
    settled: () => new Promise((resolve) => void stream.write('', () => resolve())),
  }
}

function isRegularFile(fd: number): boolean {
  try {
    return fstatSync(fd).isFile()
  } catch {
    return false
  }
}
