/** Reads the text of an OpenAPI document from a file, within limits. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { decodeText, reasonOf } from './files.ts'
import { UsageError } from './options.ts'

/** How much of a file is read, in bytes. */
const MAX_FILE = 32 * 1024 * 1024

/**
 * Reads a file, or what a pipe such as `<(curl ...)` has.
 * @throws UsageError for a file that cannot be read, or is too large
 */
export function readDocumentFile(path: string): string {
  try {
    return decodeText(readLimited(path))
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`${path} cannot be read (${reasonOf(error)}). Give a release, an OpenAPI file or a URL.`)
  }
}

function readLimited(path: string): Buffer {
  const descriptor = openSync(path, 'r')
  try {
    if (fstatSync(descriptor).isDirectory())
      throw new UsageError(`${path} is a folder. Give a release, an OpenAPI file or a URL.`)
    const parts: Buffer[] = []
    let length = 0
    for (;;) {
      const part = Buffer.allocUnsafe(256 * 1024)
      const count = readSync(descriptor, part)
      if (count === 0) return Buffer.concat(parts, length)
      length += count
      if (length > MAX_FILE) throw new UsageError(`${path} is larger than 32 MiB. Give an OpenAPI document.`)
      parts.push(part.subarray(0, count))
    }
  } finally {
    closeSync(descriptor)
  }
}
