/** Where the values of a command come from: its flags, then the environment, then the configuration of the project. */
import { dirname, resolve } from 'node:path'
import type { Command, Terminal } from './command.ts'
import { findConfigFile, readConfigFile, type ConfigFile } from './config-file.ts'
import { messageOf, suggest, UsageError, type Option, type Options, type Values } from './options.ts'

/** What the name of an option is in a configuration: `base-path` is `basePath`. */
export const toCamelCase = (name: string): string => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** What it is in the environment: `base-path` is `AUTHENTIK_MOCK_BASE_PATH`. */
export const toVariable = (name: string): string => `AUTHENTIK_MOCK_${name.toUpperCase().replaceAll('-', '_')}`

/** What a command has of its own, which no project says for all time. */
const NOT_CONFIGURED: ReadonlySet<string> = new Set(['config', 'print-config', 'schema'])

/**
 * Adds to what the flags say what the environment and the configuration say.
 * @param values what the flags say
 * @param folder where the configuration is looked for, and above
 * @param allowed the names of the options that a configuration may say, although this command has no use for them
 * @throws UsageError for a value that cannot be, with where it stands
 */
export async function addSettings<O extends Options>(
  { options }: Pick<Command<O>, 'options'>,
  values: Values<O>,
  { env, folder, allowed }: { env: Terminal['env']; folder: string; allowed: readonly string[] },
): Promise<Values<O>> {
  const path = values['config'] === undefined ? findConfigFile(folder) : String(values['config'])
  const file = path === undefined ? undefined : await readConfigFile(path)
  const names = Object.keys(options).filter((name) => !NOT_CONFIGURED.has(name))
  if (file)
    checkNames(
      file,
      allowed.filter((name) => !NOT_CONFIGURED.has(name)),
    )
  const merged: Record<string, unknown> = { ...values }
  const sources = new Map<string, string>()
  for (const name of Object.keys(options)) if (values.optionNames.has(name)) sources.set(name, `--${name}`)
  for (const name of names) {
    const option = options[name]
    if (!option || sources.has(name)) continue
    const variable = toVariable(name)
    const [source, value] =
      (env[variable] ?? '') === ''
        ? [file?.path, readConfigured(name, option, file)]
        : [variable, readVariable(name, option, env)]
    if (value === undefined || source === undefined) continue
    merged[name] = value
    sources.set(name, source)
  }
  return { ...merged, sources, optionNames: new Set(sources.keys()) } as unknown as Values<O>
}

function checkNames({ path, values }: ConfigFile, names: readonly string[]): void {
  const keys = names.map(toCamelCase)
  for (const key of Object.keys(values))
    if (key !== '$schema' && !keys.includes(key))
      throw new UsageError(`${path}: ${key} is no option. ${suggest(key, keys)}`)
}

/** What stands for the value of an option that is on or off. */
const SWITCH = 'on|off'

function readVariable(name: string, option: Option, env: Terminal['env']): unknown {
  const variable = toVariable(name)
  const text = env[variable] ?? ''
  const isOn = /^(1|true|yes|on)$/i.test(text)
  const isSwitch = isOn || /^(0|false|no|off)$/i.test(text)
  if (option.value === undefined) {
    if (!isSwitch) throw new UsageError(`${variable} is "${text}". Give true or false.`)
    return isOn || undefined
  }
  if (option.value === SWITCH && isSwitch) return readTexts(variable, option, [isOn ? 'on' : 'off'])
  const texts = option.multiple ? text.split(',') : [text]
  return readTexts(
    variable,
    option,
    texts.map((part) => part.trim()).filter((part) => part !== ''),
  )
}

function readConfigured(name: string, option: Option, file: ConfigFile | undefined): unknown {
  const key = toCamelCase(name)
  const value = file?.values[key]
  if (!file || value === undefined || value === null) return undefined
  const place = `${file.path}: ${key}`
  if (option.value === undefined) {
    if (typeof value !== 'boolean') throw new UsageError(`${place} is ${nameOf(value)}. Give true or false.`)
    return value || undefined
  }
  if (option.isObject && typeof value === 'object') return value
  const isSwitch = option.value === SWITCH && typeof value === 'boolean'
  const list = option.multiple && Array.isArray(value) ? value : [isSwitch ? (value ? 'on' : 'off') : value]
  return readTexts(
    place,
    option,
    list.map((item) => toText(place, option, item, dirname(file.path))),
  )
}

/** A value of a configuration as the command line would have it. */
function toText(place: string, option: Option, value: unknown, folder: string): string {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value.toISOString()
  if (typeof value === 'number' && option.value === 'N') return String(value)
  // 2025.10 without quotes is 2025.1.
  if (typeof value === 'number') throw new UsageError(`${place} is the number ${value}. Write it in quotes.`)
  if (typeof value === 'string') return option.isPath ? resolve(folder, value) : value
  throw new UsageError(`${place} is ${nameOf(value)}. Give what ${option.value ?? ''} stands for in the help.`)
}

/** What a value is called in a message; some have no JSON. */
const nameOf = (value: unknown): string =>
  ['object', 'boolean', 'string'].includes(typeof value) ? JSON.stringify(value) : `a ${typeof value}`

function readTexts(place: string, option: Option, texts: readonly string[]): unknown {
  const values = texts.map((text) => {
    try {
      return option.read(text)
    } catch (error) {
      throw new UsageError(`${place}: ${text}: ${messageOf(error)}`)
    }
  })
  return option.multiple ? values.flat() : values[0]
}

/** Every option of a command that can be configured, with its value and where that comes from; secrets are not shown. */
export function printSettings<O extends Options>({ options }: Pick<Command<O>, 'options'>, values: Values<O>): string {
  const rows = Object.entries(options)
    .filter(([name]) => !NOT_CONFIGURED.has(name))
    .map(([name, { fallback = '', isSecret }]) => {
      const source = values.sources?.get(name)
      const value = isSecret ? '***' : JSON.stringify(values[name])
      return [toCamelCase(name), source === undefined ? fallback : value, source ?? 'default']
    })
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0))
  const [names, contents] = [width(0), width(1)]
  return rows
    .map(([name = '', value = '', source]) => `${name.padEnd(names)}  ${value.padEnd(contents)}  ${source}\n`)
    .join('')
}
