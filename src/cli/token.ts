/** Reads an API token as people keep them: in a variable or a file, often with the end of a line. */
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

/** Reads the file that an option names. @throws UsageError where there is no token in it, too */
export function readTokenFile(option: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  const token = toToken(`${option} ${path}`, readText(option, path))
  if (token === undefined) throw new UsageError(`${option} ${path} is empty. Give the key of an API token.`)
  return token
}
