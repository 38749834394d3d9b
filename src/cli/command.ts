/** One thing that the command line does, and what it does it with. */
import type { Options, Values } from './options.ts'

/** Where a command reads from and prints to. */
export interface Terminal {
  print(text: string): void
  /** On standard error, as a line of its own that says who speaks. */
  warn(message: string): void
  bold(text: string): string
  /** Puts a text into the last line of the terminal, over what was there; undefined where nobody watches. */
  status?(line: string): void
  env: Record<string, string | undefined>
  /** Resolves when the user, or the system, asks the command to stop. */
  stopped(): Promise<void>
}

export interface Command<O extends Options = Options> {
  name: string
  /** One line for the help. */
  summary: string
  options: O
  /** What is given without a name, in order. */
  operands?: readonly string[]
  /** @returns the exit code; 0 for none. @throws UsageError, Failure */
  run(values: Values<O>, terminal: Terminal): Promise<number | void>
}

/** What went wrong outside the mock: one line on standard error, and an exit code of its own. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

/** States a command, keeping the types of its options. */
export const command = <O extends Options>(stated: Command<O>): Command => stated as unknown as Command
