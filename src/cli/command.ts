/** One thing that the command line does. */
import type { Options, Values } from './options.ts'

export interface Command<O extends Options = Options> {
  name: string
  /** One line for the help. */
  summary: string
  options: O
  /** @throws UsageError */
  run(values: Values<O>): Promise<void>
}

/** States a command, keeping the types of its options. */
export const command = <O extends Options>(stated: Command<O>): Command => stated as unknown as Command
