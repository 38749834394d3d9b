/** Finds what a consumer uses of an API, by the interactions of its Pact file. */
import { isObject, operationsOf, toList, toObject, type Document } from './document.ts'

/** What a consumer uses: whole operations, or only these places in them. */
export type Uses = Map<string, ReadonlySet<string> | 'all'>

/**
 * Tells whether a consumer that uses these places uses this path. The operation itself, '', is always used; a list in a
 * query is used with its items, and a map with what is under its keys.
 */
export const isUsed = (path: string, usedPaths: ReadonlySet<string>) =>
  path === '' || usedPaths.has(path) || usedPaths.has(path.replace(/\.\*.*$/s, '').replace(/^(\?.+?)(?:\[\])+$/, '$1'))

/**
 * Finds what the interactions of a Pact file use of a document's operations: places such as `200 $.user`, `body $.name`, `?user`.
 * @param pact any JSON value; what is no HTTP interaction in it is left out
 * @returns an empty map when none of the interactions is with an operation of the document
 */
export function usesOf(pact: unknown, document: Document): Map<string, Set<string>> {
  const uses = new Map<string, Set<string>>()
  const operations = operationsOf(document).map(({ id, path, method }) => ({
    id,
    method,
    pattern: patternOf(path, document),
    placeholders: path.split('{').length,
  }))
  for (const { method, path, query, requestBody, status, responseBody } of interactionsOf(pact)) {
    // In OpenAPI /core/users/me/ is matched by itself rather than by /core/users/{id}/.
    const [operation] = operations
      .filter((candidate) => candidate.method === method && candidate.pattern.test(path))
      .sort((a, b) => a.placeholders - b.placeholders)
    if (!operation) continue
    const places = uses.get(operation.id) ?? new Set<string>()
    if (responseBody !== undefined) for (const place of pathsIn(responseBody, '$')) places.add(`${status} ${place}`)
    if (requestBody !== undefined) for (const place of pathsIn(requestBody, '$')) places.add(`body ${place}`)
    for (const name of namesIn(query)) places.add(`?${name}`)
    uses.set(operation.id, places)
  }
  return uses
}

interface HttpInteraction {
  /** The method in lower case, as OpenAPI writes it. */
  method: string
  path: string
  query: unknown
  requestBody: unknown
  status: string | number
  responseBody: unknown
}

function interactionsOf(pact: unknown): HttpInteraction[] {
  return toList(toObject(pact)['interactions']).flatMap((interaction) => {
    const { type, request, response } = toObject(interaction)
    const { method, path, query, body: requestBody } = toObject(request)
    const { status, body: responseBody } = toObject(response)
    if ((type ?? 'Synchronous/HTTP') !== 'Synchronous/HTTP') return []
    if (typeof path !== 'string' || typeof method !== 'string') return []
    return {
      method: method.toLowerCase(),
      path,
      query,
      requestBody: contentOf(requestBody),
      status: typeof status === 'number' || typeof status === 'string' ? status : 200,
      responseBody: contentOf(responseBody),
    }
  })
}

/** Returns a pattern for the path of a request to an operation: the request may be below any of the document's servers, wherever they are. */
function patternOf(path: string, { servers }: Document): RegExp {
  const urls = toList(servers).map((server) => String(toObject(server)['url'] ?? ''))
  const prefixes = urls.map((url) => url.replace(/^(?:[a-z][\w+.-]*:)?\/\/[^/]*/i, '').replace(/\/+$/, ''))
  const parts = path.slice(1).split(/\{[^}]+\}/)
  return new RegExp(`^(?:${prefixes.map(escape).join('|')})/*${parts.map(escape).join('[^/]+')}$`)
}

/** Returns the content of a body. Pact 4 writes the content beside its type; in earlier versions the body is the content. */
function contentOf(body: unknown): unknown {
  const isWrapped = isObject(body) && 'content' in body && ('contentType' in body || 'encoded' in body)
  return (isWrapped ? body['content'] : body) ?? undefined
}

/** Returns the names of the parameters in a query, which up to Pact 2 is a text. */
const namesIn = (query: unknown): string[] =>
  typeof query === 'string' ? [...new URLSearchParams(query).keys()] : Object.keys(query ?? {})

function pathsIn(value: unknown, path: string): string[] {
  if (value === null || typeof value !== 'object') return [path]
  if (Array.isArray(value)) return [path, ...value.flatMap((item) => pathsIn(item, `${path}[]`))]
  return [path, ...Object.entries(value).flatMap(([key, member]) => pathsIn(member, `${path}.${key}`))]
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
