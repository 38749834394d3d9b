/** What a consumer uses of an API, by the interactions of its Pact file. */
import { operationsOf, type Document } from './document.ts'

/** What a consumer uses: whole operations, or only these places in them. */
export type Uses = Map<string, ReadonlySet<string> | 'all'>

/** A list in a query is used with its items, and a map with what is under its keys. The operation itself, '', always is. */
export const isUsed = (path: string, used: ReadonlySet<string>) =>
  path === '' || used.has(path) || used.has(path.replace(/\.\*.*$/s, '').replace(/^(\?.+?)(?:\[\])+$/, '$1'))

/**
 * What the interactions of a Pact file use of a document's operations: places such as `200 $.user`, `body $.name`, `?user`.
 * @param pact anything; what is no HTTP interaction in it is left out
 * @returns nothing when none of them is of this API
 */
export function usesOf(pact: any, document: Document): Map<string, Set<string>> {
  const uses = new Map<string, Set<string>>()
  const operations = [...operationsOf(document)].map(([id, { path, method }]) => ({
    id,
    method,
    pattern: patternOf(path, document),
    holes: path.split('{').length,
  }))
  for (const { request, response } of interactionsOf(pact)) {
    const matching = operations.filter(
      ({ method, pattern }) => method === request.method.toLowerCase() && pattern.test(request.path),
    )
    // As in OpenAPI, /core/users/me/ is itself and not a /core/users/{id}/.
    const [met] = matching.sort((a, b) => a.holes - b.holes)
    if (!met) continue
    const places = uses.get(met.id) ?? new Set<string>()
    const [asked, answered] = [contentOf(request.body), contentOf(response?.body)]
    const status = ['number', 'string'].includes(typeof response?.status) ? response.status : 200
    for (const one of answered === undefined ? [] : pathsIn(answered, '$')) places.add(`${status} ${one}`)
    for (const one of asked === undefined ? [] : pathsIn(asked, '$')) places.add(`body ${one}`)
    for (const name of namesIn(request.query)) places.add(`?${name}`)
    uses.set(met.id, places)
  }
  return uses
}

const interactionsOf = (pact: any): any[] =>
  (Array.isArray(pact?.interactions) ? (pact.interactions as any[]) : []).filter(
    (one) =>
      (one?.type ?? 'Synchronous/HTTP') === 'Synchronous/HTTP' &&
      typeof one?.request?.path === 'string' &&
      typeof one.request.method === 'string',
  )

/** What the path of a request to an operation matches: below any of the document's servers, wherever they are. */
function patternOf(path: string, { servers }: Document): RegExp {
  const urls = (Array.isArray(servers) ? servers : []).map((server) => String(server?.url ?? ''))
  const prefixes = urls.map((url) => url.replace(/^(?:[a-z][\w+.-]*:)?\/\/[^/]*/i, '').replace(/\/+$/, ''))
  const parts = path.slice(1).split(/\{[^}]+\}/)
  return new RegExp(`^(?:${prefixes.map(escape).join('|')})/*${parts.map(escape).join('[^/]+')}$`)
}

/** Pact 4 has a body's content beside its type; until then the body is the content. */
function contentOf(body: any): unknown {
  const isWrapped =
    body && typeof body === 'object' && 'content' in body && ('contentType' in body || 'encoded' in body)
  return (isWrapped ? body.content : body) ?? undefined
}

/** Until Pact 2 a query is a text. */
const namesIn = (query: any): string[] =>
  typeof query === 'string' ? [...new URLSearchParams(query).keys()] : Object.keys(query ?? {})

function pathsIn(value: unknown, path: string): string[] {
  if (value === null || typeof value !== 'object') return [path]
  if (Array.isArray(value)) return [path, ...value.flatMap((item) => pathsIn(item, `${path}[]`))]
  return [path, ...Object.entries(value).flatMap(([key, one]) => pathsIn(one, `${path}.${key}`))]
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
