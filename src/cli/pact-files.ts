/** Reads what the option --pact names: a Pact file, or a folder of them. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readText } from './files.ts'

/** A file, with its text. */
export interface PactText {
  file: string
  content: string
}

/** Whether a path is that of a folder. */
export const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false

/** Reads a file, or the `.json` files of a folder. @throws UsageError for what cannot be read */
export function readPactTexts(path: string): PactText[] {
  const files = isFolder(path)
    ? readdirSync(path)
        .filter((name) => name.endsWith('.json'))
        .map((name) => join(path, name))
    : [path]
  return files.map((file) => ({ file, content: readText('--pact', file, 'a pact, or of a folder of them') }))
}
