/** Finds the command, runs it, and turns what fails into a message and an exit code. */
import manifest from '../../package.json' with { type: 'json' }
import { Failure, type Command, type Terminal } from './command.ts'
import { help, helpOn, usage } from './help.ts'
import { readOptions, suggest, UsageError } from './options.ts'
import { addSettings, printSettings } from './settings.ts'

export { createOutput } from './output.ts'

/** Loads each command by its name: whoever serves does not wait for the code that verifies. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./serve.ts')).serve,
  seed: async () => (await import('./seed.ts')).seed,
  world: async () => (await import('./world.ts')).world,
  drift: async () => (await import('./drift.ts')).drift,
  verify: async () => (await import('./verify.ts')).verify,
  init: async () => (await import('./init.ts')).init,
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

async function run([name = '', ...args]: readonly string[], terminal: Terminal): Promise<number> {
  const text = await findText(name, args)
  if (text !== undefined) {
    terminal.print(text)
    return 0
  }
  const command = await findCommand(name)
  const values = readOptions(args, command)
  if (!command.isConfigured) return (await command.run(values, terminal)) ?? 0
  const { options: allowed } = await findCommand('serve')
  const { env, folder = process.cwd() } = terminal
  const settings = await addSettings(command, values, { env, folder, allowed: Object.keys(allowed) })
  if (!settings['print-config']) return (await command.run(settings, terminal)) ?? 0
  terminal.print(printSettings(command, settings))
  return 0
}

/** Finds the text that is only to be printed. @returns undefined where a command is to be run */
async function findText(name: string, args: readonly string[]): Promise<string | undefined> {
  const asks = (...words: string[]) => words.some((word) => word === name || args.includes(word))
  if (name === '') return usage(await loadCommands())
  if (asks('--version', '-v')) return `${manifest.version}\n`
  if (['--help', '-h', 'help'].includes(name))
    return args[0] ? helpOn(await findCommand(args[0])) : help(await loadCommands())
  return asks('--help', '-h') ? helpOn(await findCommand(name)) : undefined
}

async function findCommand(name: string): Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load) return load()
  const names = ['--help', '--version', ...Object.keys(commands)]
  throw new UsageError(`"${name}" is no command. ${suggest(name, names)}`)
}

const loadCommands = () => Promise.all(Object.values(commands).map((load) => load()))
