/** The folder that reports are written into, each whole or not at all. */
import { randomUUID } from 'node:crypto'
import { accessSync, closeSync, constants, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { codeOf, makeFolder } from './files.ts'
import { UsageError } from './options.ts'

/**
 * Makes sure of a folder, so that nobody works for minutes on a report that cannot be written.
 * @throws UsageError for what is no folder, cannot be made one, or cannot be written into
 */
export function openFolder(path: string): void {
  try {
    makeFolder(resolve(path))
  } catch (error) {
    throw new UsageError(`--output ${path} cannot be made (${codeOf(error)}). Give a folder.`)
  }
  try {
    accessSync(path, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new UsageError(`--output ${path} cannot be written into (${codeOf(error)}). Give a folder that can be.`)
  }
}

/**
 * Writes a file of the folder: aside, to the disk, and then under its name. What stood there stays whole when this ends
 * early, and a link is replaced, not followed.
 * @throws UsageError when it cannot be written
 */
export function writeWhole(path: string, content: string): void {
  const aside = join(dirname(path), `.${basename(path)}.${randomUUID()}`)
  try {
    const descriptor = openSync(aside, 'wx')
    try {
      writeFileSync(descriptor, content)
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(aside, path)
  } catch (error) {
    rmSync(aside, { force: true })
    const remedy = 'Give a folder that can be written to.'
    throw new UsageError(`--output: ${path} cannot be written (${codeOf(error)}). ${remedy}`)
  }
}
