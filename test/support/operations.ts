/** The lists of authentik's operations, one for each release, and what follows from them: the shipped list, fingerprints, a page. */
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import {
  documentedIn,
  isPlayed,
  idOf,
  METHODS,
  OLDEST,
  type DocumentedOperation,
} from '../../src/authentik/operations/documented.ts'
import { compareVersions, findRelease } from '../../src/authentik/releases/index.ts'
import type { Operation } from '../../src/rest/operation.ts'

/** The operations of one release, each a line: `core_brands_list GET /core/brands/`. */
export interface OperationList {
  version: string
  lines: string[]
}

/** Reads the lists of a folder, the oldest release first. @param folder of files such as `2024.8.3.txt` */
export const readLists = (folder: string): OperationList[] =>
  globSync(`${folder}/*.txt`)
    .map((file) => ({ version: basename(file, '.txt'), lines: readFileSync(file, 'utf8').trim().split('\n') }))
    .toSorted((a, b) => compareVersions(a.version, b.version))

/** An operation as a line of a list. */
export const toLine = ({ id, method, path }: Pick<DocumentedOperation, 'id' | 'method' | 'path'>): string =>
  `${id} ${method} ${path}`

/** A hash of a list, whatever the order of its lines. */
export const toListFingerprint = (lines: readonly string[]): string =>
  createHash('sha256').update(lines.toSorted().join('\n')).digest('hex')

const lineOf = (version: string) => version.replace(/\.\d+$/, '')

/** The module that has all the lists in one. */
export function toListModule(lists: readonly OperationList[]): string {
  const names = [...new Set(lists.map(({ version }) => lineOf(version)))]
  const presence = new Map<string, Set<number>>()
  for (const { version, lines } of lists)
    for (const line of lines) presence.set(line, (presence.get(line) ?? new Set()).add(names.indexOf(lineOf(version))))

  const actions = new Map<string, string[]>()
  for (const [line, indices] of presence)
    for (const range of rangesOf(names, indices)) {
      const [id = '', method = '', path = ''] = line.split(' ')
      const key = `${path} ${range}`
      actions.set(key, [...(actions.get(key) ?? []), actionOf(id, method, path)])
    }
  const rank = (action: string) => Object.keys(METHODS).indexOf(action.split('=')[0] ?? '')
  const text = [...actions].map(([key, words]) => {
    const [path, range] = key.split(' ')
    return [path, ...words.toSorted((a, b) => rank(a) - rank(b)), ...(range ? [range] : [])].join(' ')
  })
  return `/** Every operation that authentik documents, as \`readList\` reads it. Written by \`AUTHENTIK_OPERATIONS=DIR npm run update\`. */
export const LIST = \`
${text.toSorted((a, b) => (a < b ? -1 : 1)).join('\n')}
\`
`
}

/** The word that stands for an operation in the list, with its operationId where that does not follow from the path. */
function actionOf(id: string, method: string, path: string): string {
  const possible = Object.keys(METHODS).filter((action) => METHODS[action] === method)
  return possible.find((action) => idOf(path, action) === id) ?? `${possible.at(-1)}=${id}`
}

/** The ranges of lines that an operation is in: `2024.8-2025.2`; an end is left out where it is that of all the lists. */
function rangesOf(names: readonly string[], indices: ReadonlySet<number>): string[] {
  const starts = [...indices].filter((index) => !indices.has(index - 1)).toSorted((a, b) => a - b)
  return starts.map((start) => {
    let end = start
    while (indices.has(end + 1)) end++
    const range = `${start === 0 ? '' : names[start]}-${end === names.length - 1 ? '' : names[end]}`
    return range === '-' ? '' : range
  })
}

/** What a release documents, and what the mock has of it. */
export interface Coverage {
  version: string
  documented: readonly DocumentedOperation[]
  /** By method and path. */
  supported: ReadonlySet<string>
  /** Those of them that no document of the mock has. */
  outlined: ReadonlySet<string>
}

/** @param version such as `2024.8.3` */
export async function coverageOf(version: string): Promise<Coverage> {
  const { operations } = findRelease(version)
  const outlined = keysOf(operations.filter(({ isOutline }) => isOutline))
  const documented = await documentedIn(version)
  const supported = new Set([...keysOf(operations), ...documented.filter(isPlayed).map(keyOf)])
  return { version, documented, supported, outlined }
}

/** An operation by its method and path: `GET /core/brands/`. */
export const keyOf = ({ method, path }: { method: string; path: string }): string => `${method} ${path}`

/** The operations of a mock by their methods and paths. */
export const keysOf = (operations: readonly Operation[]): Set<string> =>
  new Set(operations.map(({ method, view: { path } }) => keyOf({ method, path })))

/** The page that lists every operation of some releases. */
export function toOperationsPage(coverages: readonly Coverage[]): string {
  const rows = new Map(
    coverages.flatMap(({ documented }) => documented.map((operation) => [keyOf(operation), operation] as const)),
  )
  const tags = Map.groupBy(rows.values(), tagOf)
  const cells = ['operation', 'method and path', 'access', 'since', ...coverages.map(({ version }) => version)]
  const head = [toRow(cells), toRow(cells.map(() => '---'))]
  const sections = [...tags.keys()].toSorted().map((tag) => {
    const sorted = (tags.get(tag) ?? []).toSorted((a, b) => (a.id < b.id ? -1 : 1))
    const counts = coverages.map((coverage) => countIn(coverage, tag)).join('; ')
    return `## ${tag}\n\n${counts}.\n\n${[...head, ...sorted.map((operation) => toOperationRow(operation, coverages))].join('\n')}`
  })
  return `${[
    '# Operations of authentik',
    'Written from `src/authentik/operations/list.ts` by `npm run update`. Paths stand below `/api/v3`.',
    coverages.map((coverage) => `- authentik ${countIn(coverage)}`).join('\n'),
    `What is not supported is answered with 501, in JSON, with the header \`X-Authentik-Mock: not-emulated\`. Access is "read" for GET, and "write" for the rest. "Since" is the line of releases that first has the operation on this path; what is in ${OLDEST} may be older. "In outline" is what is answered, and whose form no document of the mock has, such as a list whose rows a world may say. Of the flow executor, [the login](login.md#what-is-there) says which stages it plays. A dash says that authentik does not have it in that release.`,
    ...sections,
  ].join('\n\n')}\n`
}

/** How much of a release is supported: `2024.8.3: supported 47 of 875 operations`. */
function countIn({ version, documented, supported }: Coverage, tag?: string): string {
  const counted = documented.filter((operation) => tag === undefined || tagOf(operation) === tag)
  const count = counted.filter((operation) => supported.has(keyOf(operation))).length
  return `${version}: supported ${count} of ${counted.length} operations`
}

function toOperationRow(operation: DocumentedOperation, coverages: readonly Coverage[]): string {
  const { id, method, path, firstLine } = operation
  const key = keyOf(operation)
  const marks = coverages.map(({ documented, supported, outlined }) => {
    if (!documented.some((candidate) => keyOf(candidate) === key)) return '-'
    return supported.has(key) ? (outlined.has(key) ? 'in outline' : '**yes**') : 'no'
  })
  return toRow([`\`${id}\``, `${method} \`${path}\``, method === 'GET' ? 'read' : 'write', firstLine, ...marks])
}

const toRow = (cells: readonly string[]) => `| ${cells.join(' | ')} |`

/** The first segment of the path, which is what authentik groups its operations by. */
const tagOf = ({ path }: Pick<DocumentedOperation, 'path'>) => path.split('/')[1] ?? ''
