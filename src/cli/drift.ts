/** The command `authentik-mock drift` tells what a move from one authentik to another changes, and whom it breaks. */
import { createClient } from '../contract/client/client.ts'
import { RequestFailure } from '../contract/client/failure.ts'
import {
  compareDocuments,
  operationsOf,
  usesOf,
  type Difference,
  type Place,
  type Uses,
} from '../contract/drift/compare.ts'
import { createRedact, shorten } from '../contract/verify/redact.ts'
import { credentialOptions, readCredentials } from './certificates.ts'
import { command, Failure, type Terminal } from './command.ts'
import { readPactTexts, type PactText } from './pact-files.ts'
import { choice, text, UsageError, type Values } from './options.ts'
import { findNear } from '../schema/nearest.ts'
import { parseJson } from '../schema/json.ts'
import { escapeControls, showControls } from '../contract/printable.ts'
import { findSource, type Source } from './source.ts'
import { readTokenFile, toToken } from './token.ts'

/** Compares two sources, and prints what differs. */
export const drift = command({
  name: 'drift',
  summary: 'tell what a move from one authentik to another changes',
  operands: ['FROM', 'TO'],
  operandForm: 'a release such as 2024.8.3, an OpenAPI file, or the URL of a live authentik',
  options: {
    operations: text('only these operations, by operationId, with commas between', 'IDS'),
    pact: text('only what this Pact file uses, or those of a folder', 'FILE|DIR'),
    reporter: choice('how to report (text)', ['text', 'json', 'github']),
    'fail-on': choice('exit with 6 on a breaking difference, or on any', ['breaking', 'any']),
    'token-file': text('a file with the API token for a live authentik; or AUTHENTIK_TOKEN', 'FILE'),
    ...credentialOptions,
  },
  async run(values, { print, warn, bold, env }) {
    const token =
      readTokenFile('--token-file', values['token-file'], warn) ?? toToken('AUTHENTIK_TOKEN', env.AUTHENTIK_TOKEN)
    const redact = createRedact([token])
    const [baseline, candidate] = await findSources(values, token, env, redact)
    const uses = findUses(values, [baseline, candidate])
    const differences = compareDocuments(baseline.document, candidate.document, uses)
    const report = redactAll({ baseline: describe(baseline), candidate: describe(candidate), differences }, redact)
    print(toReport[values.reporter ?? 'text'](report, bold))
    const failing =
      values['fail-on'] === 'any'
        ? differences.length
        : values['fail-on'] === 'breaking'
          ? differences.filter(isBreaking).length
          : 0
    return failing ? 6 : 0
  },
})

/** Finds both sides. @throws UsageError, Failure, none of which shows the token */
async function findSources(
  values: Values<typeof credentialOptions>,
  token: string | undefined,
  env: Terminal['env'],
  redact: (text: string) => string,
): Promise<[Source, Source]> {
  const [baselineName = '', candidateName = ''] = values.operands
  try {
    const access = { token, send: createClient({ ...readCredentials(values), env }) }
    return [await findSource(baselineName, access), await findSource(candidateName, access)]
  } catch (error) {
    const hide = (message: string) => shorten(showControls(redact(message)), 500)
    if (error instanceof RequestFailure) throw new Failure(2, hide(error.message))
    if (error instanceof Failure) throw new Failure(error.code, hide(error.message))
    if (error instanceof UsageError) throw new UsageError(hide(error.message))
    throw error
  }
}

/** Takes the secrets out of what the documents say, which a server may have said back. */
const redactAll = ({ baseline, candidate, differences }: Report, redact: (text: string) => string): Report => ({
  baseline: redact(baseline),
  candidate: redact(candidate),
  differences: differences.map(({ subject, change, places: [place, ...furtherPlaces], ...rest }) => {
    const redactPlace = ({ operation, path }: Place): Place => ({ operation: redact(operation), path: redact(path) })
    return {
      ...rest,
      subject: redact(subject),
      change: redact(change),
      places: [redactPlace(place), ...furtherPlaces.map(redactPlace)],
    }
  }),
})

/** The differences between two sources, which are named as a report names them. */
interface Report {
  baseline: string
  candidate: string
  differences: readonly Difference[]
}

const isBreaking = ({ breaks }: Difference) => breaks.length > 0

/** Finds which operations are compared: those that the options name, or else those of the mock where it is one side. */
function findUses(
  { operations, pact }: { operations?: string; pact?: string },
  sides: readonly Source[],
): Uses | undefined {
  const chosenIds = operations === undefined ? undefined : findOperations(operations, sides)
  if (pact !== undefined) {
    const uses = findPactUses(pact, sides)
    if (!chosenIds) return uses
    const narrowed: Uses = new Map([...uses].filter(([id]) => chosenIds.includes(id)))
    if (narrowed.size === 0)
      throw new UsageError(
        `--pact ${pact}: it uses none of the operations of --operations. Give one of ${[...uses.keys()].join(', ')}.`,
      )
    return narrowed
  }
  const releases = sides.filter(({ isRelease }) => isRelease)
  const ids = chosenIds ?? (releases.length ? releases.flatMap(idsOf) : undefined)
  return ids && new Map(ids.map((id) => [id, 'all' as const]))
}

/** Finds the operations of a list, each by its operationId, which several may have, or by its method and path. */
function findOperations(list: string, sides: readonly Source[]): string[] {
  const operations = sides.flatMap(({ document }) => operationsOf(document))
  return list.split(',').flatMap((entry) => {
    const name = entry.trim()
    const ids = operations
      .filter(({ id, operation }) => id === name || operation['operationId'] === name)
      .map(({ id }) => id)
    if (ids.length === 0) {
      const allIds = operations.map(({ id }) => id)
      const nearest = findNear(name, allIds, name.length / 2) ?? 'oauth2_authorization_codes_retrieve'
      throw new UsageError(
        `--operations: neither side has the operation "${name}". Give operationIds such as ${nearest}.`,
      )
    }
    return ids
  })
}

/** Finds what a pact uses of either side, because the two may call the same key by different names. */
function findPactUses(path: string, sides: readonly Source[]): Uses {
  const contents = readPactTexts(path).map(parsePact)
  const usesOfEach = contents.flatMap((content) => sides.flatMap(({ document }) => [...usesOf(content, document)]))
  const uses = new Map<string, Set<string>>()
  for (const [id, places] of usesOfEach) uses.set(id, new Set([...(uses.get(id) ?? []), ...places]))
  if (uses.size === 0)
    throw new UsageError(
      `--pact ${path}: none of its interactions is with an operation of these documents. Give the pact of a consumer of authentik.`,
    )
  return uses
}

function parsePact({ file, content }: PactText): unknown {
  const pact = parseJson(content)
  if (pact === undefined) throw new UsageError(`--pact ${file} is no JSON. Give a Pact file.`)
  return pact
}

const idsOf = ({ document }: Source): string[] => operationsOf(document).map(({ id }) => id)

const describe = ({ name, version, certainty, isRelease }: Source) =>
  !isRelease ? `${name} (${version}, ${certainty})` : name === version ? name : `${name} (${version})`

/** Writes the report for a terminal: two lines for each difference. */
export function toText({ baseline, candidate, differences }: Report, bold: (text: string) => string): string {
  const sides = `${baseline} -> ${candidate}`
  if (differences.length === 0) return showControls(`${sides}: nothing differs\n`)
  const lines = differences.map(({ kind, subject, change, breaks, places: [place, ...furtherPlaces] }) => {
    const parties = breaks.length ? `breaks ${breaks.join(' and ')}` : 'breaks nobody'
    const effect = kind === 'uncompared' ? 'not compared' : parties
    const further = furtherPlaces.length ? `, and ${furtherPlaces.length} more` : ''
    const location = `${place.operation}${place.path && ` ${place.path}`}${further}`
    const sentence = `${bold(showControls(subject))} ${showControls(change)}`
    return `  ${effect.padEnd(25)}${sentence}\n${' '.repeat(27)}${showControls(location)}\n`
  })
  return `${showControls(`${sides}: ${countOf(differences)}`)}\n\n${lines.join('')}`
}

function countOf(differences: readonly Difference[]): string {
  const compared = differences.filter(({ kind }) => kind !== 'uncompared')
  const breaking = compared.filter(isBreaking).length
  const uncompared = differences.length - compared.length
  const rest = uncompared === 0 ? '' : `, and ${uncompared} ${uncompared === 1 ? 'part is' : 'parts are'} not compared`
  if (compared.length === 0) return `nothing differs in what is compared${rest}`
  if (compared.length === 1) return `1 difference, and it breaks${breaking ? '' : ' nobody'}${rest}`
  return `${compared.length} differences, ${breaking} of them ${breaking === 1 ? 'breaks' : 'break'}${rest}`
}

/** Writes the report in JSON, under the keys that are published. */
function toJson({ baseline, candidate, differences }: Report): string {
  const published = differences.map(({ kind, subject, change, breaks, places }) => ({
    kind,
    at: subject,
    what: change,
    breaks,
    places,
  }))
  return `${escapeControls(JSON.stringify({ from: baseline, to: candidate, differences: published }, null, 2))}\n`
}

/** Writes the report as annotations of GitHub Actions. */
function toGithub({ baseline, candidate, differences }: Report): string {
  const escape = (message: string) =>
    showControls(message.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A'))
  const escapeProperty = (value: string) => escape(value).replaceAll(':', '%3A').replaceAll(',', '%2C')
  const title = escapeProperty(`authentik ${baseline} -> ${candidate}`)
  const lines = differences.map(({ kind, subject, change, breaks, places: [place] }) => {
    const parties = breaks.length ? `: breaks ${breaks.join(' and ')}` : ''
    const effect = kind === 'uncompared' ? ': not compared' : parties
    const message = `${subject} ${change}${effect} (${place.operation} ${place.path})`
    return `::${breaks.length ? 'error' : 'notice'} title=${title}::${escape(message)}\n`
  })
  return lines.join('') || `::notice::${escape(`${baseline} -> ${candidate}: nothing differs`)}\n`
}

const toReport = { text: toText, json: toJson, github: toGithub }
