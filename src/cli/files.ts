/** Files that are given with an option. */
import { readFileSync } from 'node:fs'
import { UsageError } from './options.ts'

/** @throws UsageError for what cannot be read */
export function readText(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(
      `${option} ${path} cannot be read (${(error as NodeJS.ErrnoException).code}). Give the path of a file.`,
    )
  }
}
