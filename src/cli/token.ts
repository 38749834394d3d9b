/** Reads an API token as people keep them: in a variable or a file, often with the end of a line. */
import { statSync } from 'node:fs'
import { isToken } from '../mock/options.ts'
import { readText } from './files.ts'
import { UsageError } from './options.ts'

/**
 * Reads the text of a token. @returns undefined where there is none
 * @throws UsageError, which does not show the token, for one that cannot be sent
 */
export function toToken(source: string, text: string | undefined = ''): string | undefined {
  const token = text.trim()
  if (token !== '' && !isToken(token))
    throw new UsageError(`${source} holds what no header can carry. Give the key of an API token, and nothing else.`)
  return token || undefined
}

/**
 * Reads the file that an option names, and warns of one that others can read.
 * @throws UsageError where there is no token in it, too
 */
export function readTokenFile(
  option: string,
  path: string | undefined,
  warn: (message: string) => void,
): string | undefined {
  if (path === undefined) return undefined
  const token = toToken(`${option} ${path}`, readText(option, path))
  if (token === undefined) throw new UsageError(`${option} ${path} is empty. Give the key of an API token.`)
  if (isReadByOthers(path)) warn(`${option} ${path} can be read by others. Take that from them: chmod 600 ${path}`)
  return token
}

/** Windows has no such modes; what is no file, such as a pipe, is nobody else's. */
function isReadByOthers(path: string): boolean {
  const stats = statSync(path)
  return process.platform !== 'win32' && stats.isFile() && (stats.mode & 0o044) !== 0
}
