/** Writes what `--help` prints, in the 80 columns that every terminal has. */
import type { Command } from './command.ts'

const COLUMNS = 80
/** Where the explanation of an option begins. */
const INDENT = 28

/** The short form: the commands, and where to read on. */
export const usage = (commands: readonly Command[]): string =>
  [
    'Usage: authentik-mock COMMAND [OPTIONS]',
    '',
    "An authentik server's API without an authentik.",
    '',
    ...commands.map(({ name, summary }) => toEntry(name, summary, 10)),
    '',
    'Options of a command: authentik-mock COMMAND --help',
    'Everything:           authentik-mock --help',
    '',
  ].join('\n')

/** The whole: every command with its options, and what the exit codes mean. */
export const help = (commands: readonly Command[]): string =>
  [usage(commands).trimEnd(), ...commands.map(helpOn).map((text) => text.trimEnd()), EXIT_CODES].join('\n\n')

/** One command with its options. */
export function helpOn({ name, summary, options, variables = {}, operands = [], operandForm }: Command): string {
  const forms = operandForm === undefined ? [] : [toEntry(operands.join(', '), `each ${operandForm}`, INDENT)]
  const entries = Object.entries(options).map(([option, { value = '', short, help: description, fallback }]) =>
    toEntry(
      `${short ? `-${short}, ` : ''}--${option} ${value}`.trim(),
      fallback === undefined ? description : `${description} (${fallback})`,
      INDENT,
    ),
  )
  const further = Object.entries(variables).map(([variable, description]) => toEntry(variable, description, INDENT))
  const header = wrap(`authentik-mock ${[name, ...operands].join(' ')} [OPTIONS]: ${summary}`, COLUMNS)
  return `${[...header, ...forms, ...entries, ...further].join('\n')}\n`
}

const EXIT_CODES = `Exit codes:
${[
  ['0', 'done'],
  ['1', 'a contract is broken'],
  ['2', 'what was asked for cannot be'],
  ['3', 'a server does not answer'],
  ['4', 'it refuses the token'],
  ['5', 'it has nothing to verify with'],
  ['6', 'a drift or a finding that --fail-on names'],
  ['70', 'authentik-mock failed'],
]
  .map(([code = '', meaning = '']) => toEntry(code, meaning, 6))
  .join('\n')}
`

/** A term and its explanation, which begins on a line of its own where the term is long. */
function toEntry(term: string, explanation: string, indent: number): string {
  const lines = wrap(explanation, COLUMNS - indent).map((line) => ' '.repeat(indent) + line)
  if (term.length + 4 > indent) return [`  ${term}`, ...lines].join('\n')
  const [first = '', ...rest] = lines
  return [`  ${term}`.padEnd(indent) + first.trimStart(), ...rest].join('\n')
}

/** Breaks a text between words into lines of some columns. */
function wrap(text: string, columns: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? ''
    if (line === '') lines[lines.length - 1] = word
    else if (line.length + 1 + word.length <= columns) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}
