/** Every operation that authentik documents, whether or not the mock has it (docs/operations.md). */
import type { Method } from '../../rest/operation.ts'
import { compareVersions, findRelease } from '../releases/index.ts'

/** An operation that authentik documents. */
export interface DocumentedOperation {
  /** authentik's operationId. */
  id: string
  method: Method
  /** As OpenAPI writes it, below the API's prefix: `/core/brands/{brand_uuid}/`. */
  path: string
  /** The line of releases that first has it; for what `OLDEST` has, older ones may have it too. */
  firstLine: string
  /** The last line of releases that has it; undefined while the newest does. */
  lastLine: string | undefined
}

/** The oldest line whose operations are listed. */
export const OLDEST = '2024.2'

/** The method of each action. */
export const METHODS: Readonly<Record<string, Method>> = {
  list: 'GET',
  retrieve: 'GET',
  create: 'POST',
  update: 'PUT',
  partial_update: 'PATCH',
  destroy: 'DELETE',
}

/** The operationId that an action on a path has, as a rule: `core_brands_list` for `list` on `/core/brands/`. */
export const idOf = (path: string, action: string): string =>
  [...path.split('/').filter((segment) => segment !== '' && !segment.startsWith('{')), action]
    .join('_')
    .replaceAll('-', '_')

/**
 * Reads a list in which each line has a path, the actions on it, and the lines of releases that have them.
 * @example readList('/flows/instances/import/ create -2026.2')
 */
export const readList = (list: string): DocumentedOperation[] =>
  list
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [path = '', ...words] = line.split(' ')
      const range = words.find((word) => word.includes('-'))
      const [firstLine, lastLine] = range?.split('-') ?? []
      return words
        .filter((word) => word !== range)
        .map((word) => {
          const [action = '', id = idOf(path, action)] = word.split('=')
          return {
            id,
            method: METHODS[action] ?? 'GET',
            path,
            firstLine: firstLine || OLDEST,
            lastLine: lastLine || undefined,
          }
        })
    })

/**
 * The operations that a release documents: those of its line, or of the nearest older line that is listed.
 * @param version such as `2024.8.3`
 */
export async function documentedIn(version: string): Promise<DocumentedOperation[]> {
  const { LIST } = await import('./list.ts')
  return readList(LIST).filter(
    ({ firstLine, lastLine }) =>
      compareVersions(firstLine, version) <= 0 && (lastLine === undefined || compareVersions(lastLine, version) >= 0),
  )
}

/** Whether an operation is the login's, which no view answers: the executor of flows. */
export const isPlayed = ({ path }: Pick<DocumentedOperation, 'path'>): boolean =>
  path === '/flows/executor/{flow_slug}/'

/**
 * How many operations a release documents, and how many of them the mock has.
 * @example await countOperations('2024.8.3') // { supported: 47, documented: 875 }
 * @throws MockError ERR_RELEASE for a release that is not known
 */
export async function countOperations(version: string): Promise<{ supported: number; documented: number }> {
  const operations = await documentedIn(version)
  const ids = new Set(findRelease(version).operations.map(({ id }) => id))
  const supported = operations.filter((operation) => ids.has(operation.id) || isPlayed(operation)).length
  return { supported, documented: operations.length }
}
