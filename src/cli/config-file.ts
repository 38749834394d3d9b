/** Finds and reads the file in which a project says its options: `authentik-mock.config.mjs` and the like. */
import { existsSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isObject, type JsonObject } from '../schema/json.ts'
import { parseUniqueKeys } from '../schema/unique-keys.ts'
import { codeOf, EncodingError, readTextFile, reasonOf } from './files.ts'
import { messageOf, UsageError } from './options.ts'
import { parseYaml } from './world-file.ts'

/** What it may be called, by what it is written in. */
const NAMES = ['ts', 'mts', 'mjs', 'js', 'cjs', 'json', 'yaml', 'yml'].map(
  (ending) => `authentik-mock.config.${ending}`,
)

/** The options of a project. */
export interface ConfigFile {
  path: string
  /** Values by the names of the options in camelCase. */
  values: JsonObject
}

/**
 * Finds the configuration of a folder, or of the nearest folder above it that has one.
 * @returns its path; undefined for none
 * @throws UsageError where a folder has two
 */
export function findConfigFile(folder: string): string | undefined {
  const present = NAMES.map((name) => join(folder, name)).filter((path) => existsSync(path))
  const [first, second] = present
  if (first !== undefined && second !== undefined)
    throw new UsageError(`${folder} has ${basename(first)} and ${basename(second)}. Leave one of them.`)
  if (first !== undefined) return first
  const parent = dirname(folder)
  return parent === folder ? undefined : findConfigFile(parent)
}

/** Reads a configuration. @throws UsageError for one that cannot be read, or is no object */
export async function readConfigFile(name: string): Promise<ConfigFile> {
  const path = resolve(name)
  const values = await readContent(path)
  if (!isObject(values)) throw new UsageError(`${path} gives no object. Give one with options, such as { port: 9000 }.`)
  return { path, values }
}

async function readContent(path: string): Promise<unknown> {
  const ending = extname(path)
  try {
    if (ending === '.json') return parseUniqueKeys(readTextFile(path))
    if (ending === '.yaml' || ending === '.yml') return await parseYaml(readTextFile(path))
    // Node's own message of a module that is not there names the module that imports it.
    statSync(path)
    const { default: exported } = (await import(pathToFileURL(path).href)) as { default?: unknown }
    if (exported === undefined) throw new Error('it has no default export')
    return typeof exported === 'function' ? await (exported as () => unknown)() : await exported
  } catch (error) {
    if (codeOf(error) === 'ERR_UNKNOWN_FILE_EXTENSION')
      throw new UsageError(`${path} is in TypeScript, which this Node does not read. Use Node 22.18, or write .mjs.`)
    const [reason = ''] = (isOfFile(error) ? reasonOf(error) : messageOf(error))?.split('\n') ?? []
    throw new UsageError(
      `${path} cannot be read: ${reason.replace(/\.$/, '')}. Mend it, or give another: --config FILE`,
    )
  }
}

/** Whether an error is of reading the file, and not of what stands in it. */
const isOfFile = (error: unknown) => error instanceof EncodingError || (error instanceof Error && 'syscall' in error)
