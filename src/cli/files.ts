/** Reads files that are given with an option, and makes folders. */
import { lstatSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { UsageError } from './options.ts'

/** Reads a file. @param content what the option takes @throws UsageError for a file that cannot be read */
export function readText(option: string, path: string, content = 'a file'): string {
  try {
    return readTextFile(path)
  } catch (error) {
    throw new UsageError(`${option} ${path} cannot be read (${reasonOf(error)}). Give the path of ${content}.`)
  }
}

/**
 * Reads a text file, in whichever encoding it is written: UTF-8, or UTF-16 as the `>` of PowerShell writes it.
 * @throws Error of the system for a file that cannot be read, EncodingError for one that is no text
 */
export const readTextFile = (path: string): string => decodeText(readFileSync(path))

/** The bytes of a file are no text in an encoding that is read. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError'
}

/**
 * Decodes a text by the byte order mark before it, which is left out. Without one, a NUL as the first byte or the second
 * tells UTF-16 from UTF-8, because no text of ours begins with a NUL, or has it second.
 * @throws EncodingError for bytes that are no text
 * @example decodeText(Buffer.from('\ufeff{}', 'utf16le')) // '{}'
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes)
  } catch {
    throw new EncodingError('it is neither UTF-8 nor UTF-16')
  }
}

function encodingOf([first, second]: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le'
  return (first === 0xfe && second === 0xff) || (first === 0 && second !== undefined) ? 'utf-16be' : 'utf-8'
}

/** Why a file cannot be read: the code of the system, such as ENOENT, or what its bytes are. */
export const reasonOf = (error: unknown): string | undefined =>
  error instanceof EncodingError ? error.message : codeOf(error)

/** The code of an error of Node, such as ENOENT. */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined

/**
 * Makes a folder, and those above it: Node's own `recursive` never ends below a link that points at nothing.
 * @param mode who may read what is made
 * @throws Error of the system for what cannot be made
 */
export function makeFolder(path: string, mode = 0o777): void {
  if (lstatSync(path, { throwIfNoEntry: false })) {
    if (statSync(path).isDirectory()) return
    throw Object.assign(new Error(`${path} is no folder.`), { code: 'ENOTDIR', syscall: 'mkdir' })
  }
  makeFolder(dirname(path), mode)
  try {
    mkdirSync(path, mode)
  } catch (error) {
    // Another process may have made it meanwhile.
    if (codeOf(error) !== 'EEXIST') throw error
    makeFolder(path, mode)
  }
}
