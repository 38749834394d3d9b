#!/usr/bin/env node
/** The command line: finds the command, runs it and turns what fails into an exit code. */
import manifest from '../package.json' with { type: 'json' }
import type { Command } from './cli/command.ts'
import { readOptions, suggest, UsageError } from './cli/options.ts'
import { seed } from './cli/seed.ts'
import { serve } from './cli/serve.ts'

const commands = [serve, seed]

async function run([name, ...rest]: readonly string[]): Promise<void> {
  if (name === '--version' || name === '-v') return print(manifest.version)
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return print(help())
  const command = commands.find((one) => one.name === name)
  if (!command) throw new UsageError(`"${name}" is no command. ${suggest(name, ['--help', '--version', ...commands.map((one) => one.name)])}`)
  if (rest.includes('--help') || rest.includes('-h')) return print(helpOn(command))
  await command.run(readOptions(rest, command.options))
}

function help(): string {
  const list = commands.map((one) => `  ${one.name.padEnd(8)}${one.summary}`)
  return ['Usage: authentik-mock COMMAND [OPTIONS]', '', "An authentik server's OAuth2 API without an authentik.", '', ...list, '', ...commands.flatMap((one) => [helpOn(one), '']), 'Exit: 0 done, 2 what was asked for cannot be, 70 the mock failed.'].join('\n')
}

function helpOn({ name, options }: Command): string {
  const lines = Object.entries(options).map(([option, { value = '', help: about }]) => `  ${`--${option} ${value}`.padEnd(20)}${about}`)
  return [`authentik-mock ${name} [OPTIONS]`, ...lines].join('\n')
}

const print = (text: string): void => void process.stdout.write(`${text}\n`)

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 70))

run(process.argv.slice(2)).catch((error: unknown) => {
  const usage = error instanceof UsageError
  process.stderr.write(usage ? `authentik-mock: ${error.message}\n` : `authentik-mock failed: ${error instanceof Error ? error.stack : String(error)}\n`)
  process.exitCode = usage ? 2 : 70
})
