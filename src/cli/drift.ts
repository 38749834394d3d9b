/** `authentik-mock drift`: what a move from one authentik to another changes, and whom it breaks. */
import { readFileSync } from 'node:fs'
import { compareDocuments, usesOf, type Difference, type Document, type Uses } from '../adapters/drift.ts'
import { findSource, isUrl, type Source } from './source.ts'
import { command } from './command.ts'
import { choice, text, UsageError } from './options.ts'

export const drift = command({
  name: 'drift',
  summary: 'tell what a move from one authentik to another changes',
  operands: ['FROM', 'TO'],
  options: {
    operations: text('only these operations, by operationId, with commas between', 'IDS'),
    pact: text('only what this Pact file uses', 'FILE'),
    reporter: choice('how to report (text)', ['text', 'json', 'github']),
    'fail-on': choice('exit with 6 on a breaking difference, or on any', ['breaking', 'any']),
    'token-file': text('a file with the API token for a live authentik; or AUTHENTIK_TOKEN', 'FILE'),
  },
  async run(values, { print, bold, env }) {
    const [from, to] = values.operands as [string, string]
    const token = readToken(values['token-file'], env.AUTHENTIK_TOKEN)
    const [before, after] = [await findSource(from, token), await findSource(to, token)]
    const differences = compareDocuments(before.document, after.document, findUses(values, [before, after]))
    const report = { from: describe(before), to: describe(after), differences }
    if (values.reporter === 'json') print(`${JSON.stringify(report, null, 2)}\n`)
    else print(values.reporter === 'github' ? toGithub(report) : toText(report, bold))
    const failing = values['fail-on'] === 'any' ? differences.length : values['fail-on'] === 'breaking' ? differences.filter(isBreaking).length : 0
    return failing ? 6 : 0
  },
})

interface Report {
  from: string
  to: string
  differences: readonly Difference[]
}

const isBreaking = ({ breaks }: Difference) => breaks.length > 0

function readToken(path: string | undefined, inEnvironment: string | undefined): string | undefined {
  return path === undefined ? inEnvironment : readText('--token-file', path).trim()
}

function readText(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${option} ${path} cannot be read (${(error as NodeJS.ErrnoException).code}). Give the path of a file.`)
  }
}

/** Which operations are compared: those asked for, or else those of the mock where it is one side. */
function findUses({ operations, pact }: { operations?: string; pact?: string }, sides: readonly Source[]): Uses | undefined {
  const known = new Set(sides.flatMap(({ document }) => idsOf(document)))
  if (pact !== undefined) {
    const content = parsePact(pact)
    const uses: Uses = new Map(sides.flatMap(({ document }) => [...usesOf(content, document)]))
    if (uses.size === 0) throw new UsageError(`--pact ${pact}: none of its interactions is with an operation of these documents. Give the pact of a consumer of authentik.`)
    return uses
  }
  if (operations !== undefined) {
    const wanted = operations.split(',').map((one) => one.trim())
    const unknown = wanted.find((id) => !known.has(id))
    if (unknown !== undefined) throw new UsageError(`--operations: neither side has the operation "${unknown}". Give operationIds such as oauth2_authorization_codes_retrieve.`)
    return new Map(wanted.map((id) => [id, 'all' as const]))
  }
  const own = sides.filter(({ isRelease }) => isRelease)
  return own.length ? new Map(own.flatMap(({ document }) => idsOf(document)).map((id) => [id, 'all' as const])) : undefined
}

function parsePact(path: string): unknown {
  try {
    return JSON.parse(readText('--pact', path))
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`--pact ${path} is no JSON. Give a Pact file.`)
  }
}

const idsOf = ({ paths }: Document): string[] =>
  Object.values(paths).flatMap((methods) => Object.values(methods).flatMap((operation) => (operation?.operationId ? [operation.operationId as string] : [])))

const describe = ({ name, version, certainty }: Source) => (isUrl(name) ? `${name} (${version}, ${certainty})` : name === version ? name : `${name} (${version})`)

export function toText({ from, to, differences }: Report, bold: (text: string) => string): string {
  if (differences.length === 0) return `${from} -> ${to}: nothing differs\n`
  const breaking = differences.filter(isBreaking).length
  const lines = differences.map(({ at, what, breaks, places }) => {
    const [first] = places
    const where = `${first!.operation}${first!.path && ` ${first!.path}`}${places.length > 1 ? `, and ${places.length - 1} more` : ''}`
    return `  ${(breaks.length ? `breaks ${breaks.join(' and ')}` : 'breaks nobody').padEnd(25)}${bold(at)} ${what}\n${' '.repeat(27)}${where}\n`
  })
  return `${from} -> ${to}: ${differences.length} differences, ${breaking} of them break\n\n${lines.join('')}`
}

/** Annotations of GitHub Actions. */
function toGithub({ from, to, differences }: Report): string {
  const escape = (message: string) => message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
  const lines = differences.map(({ at, what, breaks, places }) => {
    const [first] = places
    return `::${breaks.length ? 'error' : 'notice'} title=${escape(`authentik ${from} -> ${to}`).replaceAll(':', '%3A').replaceAll(',', '%2C')}::${escape(`${at} ${what}${breaks.length ? `: breaks ${breaks.join(' and ')}` : ''} (${first!.operation} ${first!.path})`)}\n`
  })
  return lines.join('') || `::notice::${escape(`${from} -> ${to}: nothing differs`)}\n`
}
