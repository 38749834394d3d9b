/** Finds the command, runs it, and turns what fails into a message and an exit code. */
import manifest from '../../package.json' with { type: 'json' }
import { Failure, type Command, type Terminal } from './command.ts'
import { readOptions, suggest, UsageError } from './options.ts'

/** Loads each command by its name: whoever serves does not wait for the code that verifies. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  seed: async () => (await import('./seed.ts')).seed,
  drift: async () => (await import('./drift.ts')).drift,
  verify: async () => (await import('./verify.ts')).verify,
}

/** Runs the command line. @returns the exit code, as `help` explains them */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await run(args, terminal)
  } catch (error) {
    if (error instanceof Failure) {
      terminal.warn(error.message.replace(/\s+/g, ' '))
      return error.code
    }
    if (error instanceof UsageError) {
      terminal.warn(error.message.replace(/\s+/g, ' '))
      return 2
    }
    terminal.warn(`failed: ${error instanceof Error ? error.stack : String(error)}`)
    return 70
  }
}

async function run([name = 'help', ...args]: readonly string[], terminal: Terminal): Promise<number> {
  const text = await findText(name, args)
  if (text !== undefined) {
    terminal.print(text)
    return 0
  }
  const command = await findCommand(name)
  return (await command.run(readOptions(args, command.options, command.operands), terminal)) ?? 0
}

/** Finds the text that is only to be printed. @returns undefined where a command is to be run */
async function findText(name: string, args: readonly string[]): Promise<string | undefined> {
  if (name === '--version' || name === '-v') return `${manifest.version}\n`
  if (name === '--help' || name === '-h' || name === 'help') return help()
  return args.includes('--help') || args.includes('-h') ? helpOn(await findCommand(name)) : undefined
}

async function findCommand(name: string): Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load) return load()
  const names = ['--help', '--version', ...Object.keys(commands)]
  throw new UsageError(`"${name}" is no command. ${suggest(name, names)}`)
}

async function help(): Promise<string> {
  const loaded = await Promise.all(Object.values(commands).map((load) => load()))
  const list = loaded.map(({ name, summary }) => `  ${name.padEnd(8)}${summary}\n`).join('')
  return `Usage: authentik-mock COMMAND [OPTIONS]\n\nAn authentik server's API without an authentik.\n\n${list}\n${loaded.map(helpOn).join('\n')}\nExit: 0 done, 1 a contract is broken, 2 what was asked for cannot be, 3 a server does not answer, 4 it refuses the token, 5 it has nothing to verify with, 6 a drift or a finding that --fail-on names, 70 authentik-mock failed.\n`
}

function helpOn({ name, options, operands = [] }: Command): string {
  const entries = Object.entries(options).map(([option, { value = '', help: description }]) => ({
    usage: `--${option} ${value}`,
    description,
  }))
  const width = Math.max(...entries.map(({ usage }) => usage.length)) + 2
  const lines = entries.map(({ usage, description }) => `  ${usage.padEnd(width)}${description}\n`)
  return `authentik-mock ${[name, ...operands].join(' ')} [OPTIONS]\n${lines.join('')}`
}
