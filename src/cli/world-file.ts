/** Reads a world from a file of JSON or YAML. */
import { isObject } from '../schema/json.ts'
import { parseUniqueKeys, RepeatedKeyError } from '../schema/unique-keys.ts'
import { readTextFile, reasonOf } from './files.ts'
import { messageOf, UsageError } from './options.ts'

/** Whether a file is to be read as YAML, by its name. */
export const isYaml = (path: string): boolean => /\.ya?ml$/i.test(path)

/**
 * Reads the file of a world.
 * @param option what named the file, such as `--world`
 * @returns the parsed file
 * @throws UsageError for a file that cannot be read, is empty, or is neither JSON nor YAML
 */
export async function readWorldFile(option: string, path: string): Promise<object> {
  const language = isYaml(path) ? 'YAML' : 'JSON'
  const fail = (reason: string) => new UsageError(`${option} ${path}: ${reason}. Give a world in ${language}.`)
  let text: string
  try {
    text = readTextFile(path)
  } catch (error) {
    throw new UsageError(
      `${option} ${path}: cannot be read (${reasonOf(error)}). Give the path of a world in JSON or YAML.`,
    )
  }
  if (text.trim() === '') throw fail('is empty')
  try {
    return language === 'YAML' ? withLists(await parseYaml(text)) : (parseUniqueKeys(text) as object)
  } catch (error) {
    if (error instanceof RepeatedKeyError)
      throw new UsageError(`${option} ${path}: ${error.message}. Leave one of them.`)
    throw fail(`is no ${language}: ${messageOf(error).replace(/[.:]?\s*$/, '')}`)
  }
}

/** A list whose rows are all commented out is null in YAML. */
const withLists = (value: unknown): object =>
  isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, item ?? []]))
    : (value as object)

/** Reads YAML, in which `<<` merges. @throws Error that says where it is wrong */
export async function parseYaml(text: string): Promise<unknown> {
  const { CORE_SCHEMA, load, mergeTag, YAMLException } = await import('js-yaml')
  let value: unknown
  try {
    value = load(text, { schema: CORE_SCHEMA.withTags(mergeTag) })
  } catch (error) {
    throw error instanceof YAMLException ? new Error(describeYaml(error), { cause: error }) : error
  }
  if (countValues(value, MAX_VALUES) > MAX_VALUES) throw new Error('its aliases stand for more than a million values')
  return value
}

/** What is wrong, and where, in one line: the excerpt of the library has several. */
function describeYaml({ reason, mark }: { reason: string; mark?: { buffer: string; line: number; column: number } }) {
  if (!mark) return reason
  const line = mark.buffer.split(/\r?\n/)[mark.line]?.replaceAll('\0', '').trim() ?? ''
  return `${reason}, in line ${mark.line + 1}, column ${mark.column + 1}${line && `: ${line.slice(0, 80)}`}`
}

/** How many values a file of YAML has, where each alias is written out. */
const MAX_VALUES = 1_000_000

/** How deep aliases may nest what a file says. */
const MAX_DEPTH = 1000

/**
 * Counts values in one another, and no further than needed.
 * @param open what the value stands in
 * @throws Error where it stands in itself, or deeper than anything is read
 */
function countValues(value: unknown, limit: number, open = new Set<object>()): number {
  let count = 1
  if (typeof value !== 'object' || value === null) return count
  if (open.has(value)) throw new Error('it has an alias for what it stands in')
  if (open.size === MAX_DEPTH) throw new Error(`its aliases nest it deeper than ${MAX_DEPTH} levels`)
  open.add(value)
  for (const item of Object.values(value)) {
    if (count > limit) break
    count += countValues(item, limit - count, open)
  }
  open.delete(value)
  return count
}
