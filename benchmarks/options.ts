/** What `npm run bench` can be told. */
import { parseArgs } from 'node:util'

/** The sections, in the order in which they are measured and written. */
export const SECTIONS = ['load', 'peers', 'login', 'start', 'memory', 'world', 'verify', 'bundle'] as const

/** What is measured together. */
export type Section = (typeof SECTIONS)[number]

/** What is measured, and for how long. */
export interface BenchOptions {
  sections: ReadonlySet<Section>
  /** How many rounds of load count. */
  rounds: number
  /** How long each server is under load in a round. */
  seconds: number
  /** How many requests the measure of memory sends. */
  requests: number
  /** Where the results are written as JSON. */
  json: string | undefined
}

/** The text of `--help`. */
export const HELP = `npm run bench -- [options]

Measures the mock, and prints what it measured. A whole run writes benchmarks/RESULTS.md. No figure makes it fail.

  --only SECTIONS   some of ${SECTIONS.join(',')}
  --rounds N        rounds of load that count, 16 by default
  --seconds N       how long a server is under load in a round, 0.5 by default
  --requests N      how many requests the measure of memory sends, 1000000 by default
  --json FILE       writes the results to a file as JSON too
  --help            prints this

load     the mock beside bare node:http, in CPU for a request: 12 rows, in two minutes (--rounds 8: half of that)
peers    other servers in the same rounds, installed by npm into a temporary folder; needs the network
login    a whole login beside oidc-provider, oauth2-mock-server and bare signing; needs the network
start    the time to the first 200 and the memory then, beside bare node:http
memory   the memory during a million mixed requests
world    the cost of a world by its size, and of an answer in one process
verify   the time of a verification
bundle   the size of what a browser loads
`

/** Reads the options. @returns undefined when help is asked for. @throws TypeError for what is no option */
export function parseOptions(args: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: SECTIONS.join(',') },
      rounds: { type: 'string', default: '16' },
      seconds: { type: 'string', default: '0.5' },
      requests: { type: 'string', default: '1000000' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  return {
    sections: new Set(values.only.split(',').map(parseSection)),
    rounds: Math.max(1, Math.round(parsePositive('rounds', values.rounds))),
    seconds: parsePositive('seconds', values.seconds),
    requests: Math.round(parsePositive('requests', values.requests)),
    json: values.json,
  }
}

function parseSection(text: string): Section {
  const section = SECTIONS.find((name) => name === text.trim())
  if (section === undefined) throw new TypeError(`--only ${text}: no such section. There are ${SECTIONS.join(', ')}.`)
  return section
}

function parsePositive(option: string, text: string): number {
  const value = Number(text)
  if (!(value > 0 && value < Infinity)) throw new TypeError(`--${option} ${text}: give a number above 0.`)
  return value
}
