/** Finds the command, runs it, and turns what fails into a message and an exit code. */
import manifest from '../../package.json' with { type: 'json' }
import { Failure, type Command, type Terminal } from './command.ts'
import { drift } from './drift.ts'
import { readOptions, suggest, UsageError } from './options.ts'
import { seed } from './seed.ts'
import { serve } from './serve.ts'
import { verify } from './verify.ts'

const commands = [serve, seed, drift, verify]

/** @returns the exit code, as `help` names them */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await run(args, terminal)
  } catch (error) {
    if (error instanceof Failure) {
      terminal.warn(error.message.replace(/\s+/g, ' '))
      return error.code
    }
    const usage = error instanceof UsageError
    terminal.warn(
      usage ? error.message.replace(/\s+/g, ' ') : `failed: ${error instanceof Error ? error.stack : String(error)}`,
    )
    return usage ? 2 : 70
  }
}

async function run([name, ...rest]: readonly string[], terminal: Terminal): Promise<number> {
  const text = toText(name, rest)
  if (text !== undefined) {
    terminal.print(text)
    return 0
  }
  const command = findCommand(name!)
  return (await command.run(readOptions(rest, command.options, command.operands), terminal)) ?? 0
}

/** What is only to be printed. */
function toText(name: string | undefined, rest: readonly string[]): string | undefined {
  if (name === '--version' || name === '-v') return `${manifest.version}\n`
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return help()
  return rest.includes('--help') || rest.includes('-h') ? helpOn(findCommand(name)) : undefined
}

function findCommand(name: string): Command {
  const command = commands.find((one) => one.name === name)
  if (!command)
    throw new UsageError(
      `"${name}" is no command. ${suggest(name, ['--help', '--version', ...commands.map((one) => one.name)])}`,
    )
  return command
}

function help(): string {
  const list = commands.map((one) => `  ${one.name.padEnd(8)}${one.summary}\n`).join('')
  return `Usage: authentik-mock COMMAND [OPTIONS]\n\nAn authentik server's OAuth2 API without an authentik.\n\n${list}\n${commands.map(helpOn).join('\n')}\nExit: 0 done, 1 a contract is broken, 2 what was asked for cannot be, 3 a server does not answer, 4 it refuses the token, 5 it has nothing to verify with, 6 a drift or a finding that --fail-on names, 70 authentik-mock failed.\n`
}

function helpOn({ name, options, operands = [] }: Command): string {
  const named = Object.entries(options).map(
    ([option, { value = '', help: about }]) => [`--${option} ${value}`, about] as const,
  )
  const width = Math.max(...named.map(([shown]) => shown.length)) + 2
  const lines = named.map(([shown, about]) => `  ${shown.padEnd(width)}${about}\n`)
  return `authentik-mock ${[name, ...operands].join(' ')} [OPTIONS]\n${lines.join('')}`
}
