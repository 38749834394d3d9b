/** Finds the command, runs it, and turns what fails into a message and an exit code. */
import manifest from '../../package.json' with { type: 'json' }
import type { Command, Terminal } from './command.ts'
import { readOptions, suggest, UsageError } from './options.ts'
import { seed } from './seed.ts'
import { serve } from './serve.ts'

const commands = [serve, seed]

/** @returns the exit code: 0 done, 2 what was asked for cannot be, 70 the mock failed */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await run(args, terminal)
    return 0
  } catch (error) {
    const usage = error instanceof UsageError
    terminal.warn(usage ? error.message.replace(/\s+/g, ' ') : `failed: ${error instanceof Error ? error.stack : String(error)}`)
    return usage ? 2 : 70
  }
}

async function run([name, ...rest]: readonly string[], terminal: Terminal): Promise<void> {
  if (name === '--version' || name === '-v') return terminal.print(`${manifest.version}\n`)
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return terminal.print(help())
  const command = commands.find((one) => one.name === name)
  if (!command) throw new UsageError(`"${name}" is no command. ${suggest(name, ['--help', '--version', ...commands.map((one) => one.name)])}`)
  if (rest.includes('--help') || rest.includes('-h')) return terminal.print(helpOn(command))
  await command.run(readOptions(rest, command.options), terminal)
}

function help(): string {
  const list = commands.map((one) => `  ${one.name.padEnd(8)}${one.summary}\n`).join('')
  return `Usage: authentik-mock COMMAND [OPTIONS]\n\nAn authentik server's OAuth2 API without an authentik.\n\n${list}\n${commands.map(helpOn).join('\n')}\nExit: 0 done, 2 what was asked for cannot be, 70 the mock failed.\n`
}

function helpOn({ name, options }: Command): string {
  const lines = Object.entries(options).map(([option, { value = '', help: about }]) => `  ${`--${option} ${value}`.padEnd(20)}${about}\n`)
  return `authentik-mock ${name} [OPTIONS]\n${lines.join('')}`
}
