/** Defines and reads the options of a command. */
import { parseArgs } from 'node:util'
import { findNear } from '../schema/nearest.ts'
import { readInstant } from '../store/clock.ts'

/** The user asked for what cannot be: the command prints one line that says what to do, and ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** An option of a command, such as `--port N`. */
export interface Option<T = unknown> {
  /** What stands for the value in the help; none for a flag. */
  value?: string
  /** A letter that stands for the name: `p` for `-p N`. */
  short?: string
  help: string
  /** Whether it may be given several times. */
  multiple?: boolean
  /** What it is where nobody says. */
  fallback?: string
  /** Whether it is a path, which a configuration has relative to itself. */
  isPath?: boolean
  /** Whether a configuration may have an object there. */
  isObject?: boolean
  /** Whether nobody may see it. */
  isSecret?: boolean
  /** What an argument looks like that is meant for it and stands there without its name. */
  looksLike?: RegExp
  /** Reads the value. @throws Error whose message ends with "Give ..." for a value that cannot be */
  read(text: string): T
}

/** The options of a command, by name. */
export type Options = Record<string, Option>

/** The values of those options that were given. */
export type Values<O extends Options> = { [Name in keyof O]?: ReturnType<O[Name]['read']> } & {
  /** The names of the options that were given. */
  optionNames: ReadonlySet<string>
  /** Where the value of each option comes from that has one: a flag, a variable of the environment, or a file. */
  sources?: ReadonlyMap<string, string>
  operands: readonly string[]
}

/** What a command can be given. */
export interface Syntax<O extends Options = Options> {
  name: string
  options: O
  /** What is said of options that it does not have, although others do. */
  absent?: Readonly<Record<string, string>>
  /** The arguments that are given without a name, in order. */
  operands?: readonly string[]
  /** What each of them may be. */
  operandForm?: string
}

/** Reads the arguments of a command. @throws UsageError */
export function readOptions<O extends Options>(
  args: readonly string[],
  { name: commandName, options, absent = {}, operands = [], operandForm }: Syntax<O>,
): Values<O> {
  const values: Record<string, unknown> = {}
  const optionNames = new Set<string>()
  const positionals: string[] = []
  for (const token of parseTokens(args, options)) {
    if (token.kind === 'positional' && positionals.push(token.value) > operands.length)
      throw new UsageError(`"${token.value}" is one too many. ${suggestOption(token.value, options)}`)
    if (token.kind !== 'option') continue
    const { name, rawName } = token
    const option = Object.hasOwn(options, name) ? options[name] : undefined
    if (!option) throw unknownOption(rawName, options, Object.hasOwn(absent, name) ? absent[name] : undefined)
    const value = readValue(rawName, option, token.value)
    const earlier = values[name]
    values[name] = option.multiple ? [...(Array.isArray(earlier) ? earlier : []), ...[value].flat()] : value
    optionNames.add(name)
  }
  if (positionals.length < operands.length)
    throw new UsageError(
      `${operands[positionals.length]} is missing. Write: authentik-mock ${commandName} ${operands.join(' ')}${operandForm === undefined ? '' : `, each ${operandForm}`}`,
    )
  return { ...values, optionNames, operands: positionals } as unknown as Values<O>
}

function parseTokens(args: readonly string[], options: Options) {
  const config = Object.fromEntries(
    Object.entries(options).map(([name, { value, multiple, short }]) => [
      name,
      {
        type: value ? ('string' as const) : ('boolean' as const),
        multiple: multiple === true,
        ...(short && { short }),
      },
    ]),
  )
  return parseArgs({ args: [...args], options: config, strict: false, allowPositionals: true, tokens: true }).tokens
}

function unknownOption(rawName: string, options: Options, reason?: string): UsageError {
  const rawNames = Object.keys(options).map((name) => `--${name}`)
  return new UsageError(`${rawName} is no option. ${reason ?? suggest(rawName, rawNames)}`)
}

/** Says which option an argument is meant for that stands there without one, or where to look. */
function suggestOption(argument: string, options: Options): string {
  const [name] = Object.entries(options).find(([, { looksLike }]) => looksLike?.test(argument)) ?? []
  return name === undefined ? 'See: authentik-mock --help' : `Did you mean --${name} ${argument}?`
}

/** Reads the value of an option. @throws UsageError for a value that is missing, superfluous or cannot be */
function readValue(rawName: string, option: Option, content: string | undefined): unknown {
  if (option.value && !content)
    throw new UsageError(`${rawName} is given without its value. Write: ${rawName} ${option.value}`)
  if (!option.value && content !== undefined) throw new UsageError(`${rawName} takes no value. Write: ${rawName}`)
  try {
    return option.read(content ?? '')
  } catch (error) {
    throw new UsageError(`${rawName} ${content ?? ''}: ${messageOf(error)}`)
  }
}

/** The message of whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Says "Did you mean ...?", or where to look. */
export function suggest(word: string, candidates: readonly string[]): string {
  const isBeginning = (candidate: string) => candidate.startsWith(word)
  const match = candidates.find(isBeginning) ?? findNear(word, candidates, Math.max(2, word.length / 3))
  return match ? `Did you mean ${match}?` : 'See: authentik-mock --help'
}

/** Defines a flag, which takes no value. */
export const flag = (help: string): Option<true> => ({ help, read: () => true })

/** Defines an option whose value is a whole number. */
export const whole = (help: string, value: string, { min, max }: { min: number; max: number }): Option<number> => ({
  help,
  value,
  read(text) {
    const number = Number(text)
    if (!/^\d+$/.test(text) || number < min || number > max)
      throw new Error(`Give a whole number from ${min} to ${max}.`)
    return number
  },
})

/** Defines an option whose value is one of a few words. */
export const choice = <const Word extends string>(help: string, words: readonly Word[]): Option<Word> => ({
  help,
  value: words.join('|'),
  read(text) {
    const match = words.find((word) => word === text)
    if (!match) throw new Error(`Give one of ${words.join(', ')}.`)
    return match
  },
})

/** Defines an option whose value is any text. */
export const text = (help: string, value: string): Option<string> => ({ help, value, read: (content) => content })

/** Defines an option whose value is the path of a file. */
export const path = (help: string): Option<string> => ({ ...text(help, 'FILE'), isPath: true })

/** Defines an option that may be given several times, with any text. */
export const texts = (help: string, value: string): Option<string[]> => ({
  help,
  value,
  multiple: true,
  read: (content) => [content],
})

/** Defines an option whose value is an instant in RFC 3339, with its zone. */
export const instant = (help: string): Option<Date> => ({
  help,
  value: 'ISO',
  read: (content) => new Date(readInstant(content)),
})

/** The options of every command whose others a configuration can say. */
export const configOptions = {
  config: path('what says the options, instead of the authentik-mock.config of this folder or one above'),
  'print-config': flag('print each option with its value and where that comes from, and nothing else'),
}

/** Picks the values of some options, and leaves out those that were not given. */
export function pick<T extends object, K extends keyof T>(
  values: T,
  names: readonly K[],
): { [Name in K]?: NonNullable<T[Name]> } {
  const entries = names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]]))
  return Object.fromEntries(entries) as never
}
