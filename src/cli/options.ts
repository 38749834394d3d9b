/** Command line options: how they are stated, read and refused. */
import { parseArgs } from 'node:util'
import { nearest } from './nearest.ts'

/** What the user asked for cannot be: one line on standard error that says what to do, and exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface Option<T = unknown> {
  /** What stands for the value in the help; none for a flag. */
  value?: string
  help: string
  /** May be given several times. */
  multiple?: boolean
  /** @throws Error that ends "Give ..." for a value that cannot be */
  read(text: string): T
}

export type Options = Record<string, Option>

export type Values<O extends Options> = { [Name in keyof O]?: ReturnType<O[Name]['read']> } & {
  given: ReadonlySet<string>
  operands: readonly string[]
}

/**
 * @param operands what has to be given without a name, in order
 * @throws UsageError
 */
export function readOptions<O extends Options>(
  args: readonly string[],
  options: O,
  operands: readonly string[] = [],
): Values<O> {
  const known = Object.fromEntries(
    Object.entries(options).map(([name, { value, multiple }]) => [
      name,
      { type: value ? ('string' as const) : ('boolean' as const), multiple: multiple === true },
    ]),
  )
  const { tokens } = parseArgs({ args: [...args], options: known, strict: false, allowPositionals: true, tokens: true })
  const values: Record<string, unknown> = {}
  const given = new Set<string>()
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional' && positionals.push(token.value) > operands.length)
      throw new UsageError(`"${token.value}" is one too many. See: authentik-mock --help`)
    if (token.kind !== 'option') continue
    const option = options[token.name]
    if (!option)
      throw new UsageError(
        `${token.rawName} is no option. ${suggest(
          token.rawName,
          Object.keys(options).map((name) => `--${name}`),
        )}`,
      )
    if (option.value && (token.value === undefined || token.value === ''))
      throw new UsageError(`${token.rawName} is given without its value. Write: ${token.rawName} ${option.value}`)
    if (!option.value && token.value !== undefined)
      throw new UsageError(`${token.rawName} takes no value. Write: ${token.rawName}`)
    const value = readValue(token.rawName, option, token.value ?? '')
    values[token.name] = option.multiple ? [...((values[token.name] as unknown[]) ?? []), ...[value].flat()] : value
    given.add(token.name)
  }
  if (positionals.length < operands.length)
    throw new UsageError(`${operands[positionals.length]} is missing. Write: authentik-mock ... ${operands.join(' ')}`)
  return { ...values, given, operands: positionals } as unknown as Values<O>
}

function readValue(name: string, option: Option, text: string): unknown {
  try {
    return option.read(text)
  } catch (error) {
    throw new UsageError(`${name} ${text}: ${(error as Error).message}`)
  }
}

/** "Did you mean ...?", or where to look. */
export function suggest(word: string, known: readonly string[]): string {
  const close = nearest(word, known)
  return close ? `Did you mean ${close}?` : 'See: authentik-mock --help'
}

/** A flag. */
export const flag = (help: string): Option<true> => ({ help, read: () => true })

/** A whole number. */
export const whole = (help: string, value: string, { from, to }: { from: number; to: number }): Option<number> => ({
  help,
  value,
  read(text) {
    const number = Number(text)
    if (!/^\d+$/.test(text) || number < from || number > to)
      throw new Error(`Give a whole number from ${from} to ${to}.`)
    return number
  },
})

/** One of a few words. */
export const choice = <const Word extends string>(help: string, words: readonly Word[]): Option<Word> => ({
  help,
  value: words.join('|'),
  read(given) {
    const found = words.find((one) => one === given)
    if (!found) throw new Error(`Give one of ${words.join(', ')}.`)
    return found
  },
})

/** Any text. */
export const text = (help: string, value: string): Option<string> => ({ help, value, read: (given) => given })

/** Any texts, by giving the option several times. */
export const texts = (help: string, value: string): Option<string[]> => ({
  help,
  value,
  multiple: true,
  read: (given) => [given],
})

/** An instant in ISO 8601. */
export const instant = (help: string): Option<Date> => ({
  help,
  value: 'ISO',
  read(given) {
    const date = new Date(given)
    if (!/^\d{4}-\d{2}-\d{2}/.test(given) || Number.isNaN(date.getTime()))
      throw new Error('Give an instant such as 2024-09-27T14:26:18Z.')
    return date
  },
})
