/** Reads files that are given with an option. */
import { readFileSync } from 'node:fs'
import { UsageError } from './options.ts'

/** Reads a file. @throws UsageError for a file that cannot be read */
export function readText(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${option} ${path} cannot be read (${codeOf(error)}). Give the path of a file.`)
  }
}

/** The code of an error of Node, such as ENOENT. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined
