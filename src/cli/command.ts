/** Describes a command: its name, its options, and the terminal that it runs in. */
import type { Options, Syntax, Values } from './options.ts'

/** Where a command reads from and prints to. */
export interface Terminal {
  print(text: string): void
  /** Prints a line on standard error that begins with the name of the program. */
  warn(message: string): void
  bold(text: string): string
  /** Puts a text into the last line of the terminal, over what was there; undefined where nobody watches. */
  status?(line: string): void
  env: Record<string, string | undefined>
  /** The folder that it was started in. @default that of this process */
  folder?: string
  /** Resolves when the user, or the system, asks the command to stop. */
  stopped(): Promise<void>
}

/** A command of `authentik-mock`. */
export interface Command<O extends Options = Options> extends Syntax<O> {
  /** One line for the help. */
  summary: string
  /** The variables of the environment that are no option's, and what each says. */
  variables?: Readonly<Record<string, string>>
  /** Whether the environment and a configuration file say its options too. */
  isConfigured?: boolean
  /** Runs the command. @returns the exit code; undefined for 0. @throws UsageError, Failure */
  run(values: Values<O>, terminal: Terminal): Promise<number | void>
}

/** Something went wrong outside the mock: the command prints one line on standard error, and ends with the exit code. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** Defines a command, whose `run` gets the values of its own options. */
export const command = <O extends Options>(definition: Command<O>): Command => definition
