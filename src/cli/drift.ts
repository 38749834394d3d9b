/** `authentik-mock drift`: what a move from one authentik to another changes, and whom it breaks. */
import { compareDocuments, operationsOf, usesOf, type Difference, type Uses } from '../contract/drift/compare.ts'
import { findSource, withoutMark, type Source } from './source.ts'
import { command } from './command.ts'
import { readText } from './files.ts'
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
    const failing =
      values['fail-on'] === 'any'
        ? differences.length
        : values['fail-on'] === 'breaking'
          ? differences.filter(isBreaking).length
          : 0
    return failing ? 6 : 0
  },
})

interface Report {
  from: string
  to: string
  differences: readonly Difference[]
}

const isBreaking = ({ breaks }: Difference) => breaks.length > 0

/** @throws UsageError, which does not say the token, for one that cannot be the value of a header */
function readToken(path: string | undefined, inEnvironment = ''): string | undefined {
  const [where, token] =
    path === undefined
      ? ['AUTHENTIK_TOKEN', inEnvironment.trim()]
      : [`--token-file ${path}`, readText('--token-file', path).trim()]
  if (/[^\t\x20-\x7e\x80-\xff]/.test(token))
    throw new UsageError(`${where} holds what cannot be sent as a token. Give the token alone, in one line.`)
  return token || undefined
}

/** Which operations are compared: those asked for, or else those of the mock where it is one side. */
function findUses(
  { operations, pact }: { operations?: string; pact?: string },
  sides: readonly Source[],
): Uses | undefined {
  const wanted = operations === undefined ? undefined : findOperations(operations, sides)
  if (pact !== undefined) {
    const uses = findPactUses(pact, sides)
    if (!wanted) return uses
    const narrowed: Uses = new Map([...uses].filter(([id]) => wanted.includes(id)))
    if (narrowed.size === 0)
      throw new UsageError(
        `--pact ${pact}: it uses none of the operations of --operations. Give one of ${[...uses.keys()].join(', ')}.`,
      )
    return narrowed
  }
  const own = sides.filter(({ isRelease }) => isRelease)
  const ids = wanted ?? (own.length ? own.flatMap(idsOf) : undefined)
  return ids && new Map(ids.map((id) => [id, 'all' as const]))
}

function findOperations(operations: string, sides: readonly Source[]): string[] {
  const known = new Set(sides.flatMap(idsOf))
  const wanted = operations.split(',').map((one) => one.trim())
  const unknown = wanted.find((id) => !known.has(id))
  if (unknown !== undefined)
    throw new UsageError(
      `--operations: neither side has the operation "${unknown}". Give operationIds such as oauth2_authorization_codes_retrieve.`,
    )
  return wanted
}

/** What a pact uses of either side, which may call the same thing by different names. */
function findPactUses(path: string, sides: readonly Source[]): Uses {
  const content = parsePact(path)
  const uses = new Map<string, Set<string>>()
  for (const [id, places] of sides.flatMap(({ document }) => [...usesOf(content, document)]))
    uses.set(id, new Set([...(uses.get(id) ?? []), ...places]))
  if (uses.size === 0)
    throw new UsageError(
      `--pact ${path}: none of its interactions is with an operation of these documents. Give the pact of a consumer of authentik.`,
    )
  return uses
}

function parsePact(path: string): unknown {
  try {
    return JSON.parse(withoutMark(readText('--pact', path)))
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`--pact ${path} is no JSON. Give a Pact file.`)
  }
}

const idsOf = ({ document }: Source): string[] => [...operationsOf(document).keys()]

const describe = ({ name, version, certainty, isRelease }: Source) =>
  !isRelease ? `${name} (${version}, ${certainty})` : name === version ? name : `${name} (${version})`

export function toText({ from, to, differences }: Report, bold: (text: string) => string): string {
  if (differences.length === 0) return `${from} -> ${to}: nothing differs\n`
  const lines = differences.map(({ at, what, breaks, places }) => {
    const [first] = places
    const where = `${first!.operation}${first!.path && ` ${first!.path}`}${places.length > 1 ? `, and ${places.length - 1} more` : ''}`
    return `  ${(breaks.length ? `breaks ${breaks.join(' and ')}` : 'breaks nobody').padEnd(25)}${bold(at)} ${what}\n${' '.repeat(27)}${where}\n`
  })
  return `${from} -> ${to}: ${countOf(differences)}\n\n${lines.join('')}`
}

function countOf(differences: readonly Difference[]): string {
  const breaking = differences.filter(isBreaking).length
  if (differences.length === 1) return `1 difference, and it breaks${breaking ? '' : ' nobody'}`
  return `${differences.length} differences, ${breaking} of them ${breaking === 1 ? 'breaks' : 'break'}`
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
