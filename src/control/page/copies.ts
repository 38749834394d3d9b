/** An entry of the journal as something to paste elsewhere. */
import type { JournalEntry, NamedValue, ScenarioDefinition } from '../types.ts'
import { place } from './api.ts'

/** Headers that whoever sends a request writes anew. */
const TRANSPORT: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'accept-encoding',
  'transfer-encoding',
  'keep-alive',
])

const headersOf = (list: readonly NamedValue[]) => list.filter(({ name }) => !TRANSPORT.has(name.toLowerCase()))

/** The address that was asked: in a namespace that a header named, its path has the same. */
export function urlOf({ request: { path, query } }: JournalEntry): string {
  const base = path.startsWith(`${place.base}/`) ? '' : place.base
  return `${location.origin}${base}${path}${query && `?${query.replace(/^\?/, '')}`}`
}

/** A text as a shell takes it literally. */
const quote = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`

/** A command for a shell. `--globoff` has curl take brackets in an address as they are. */
export function toCurl(entry: JournalEntry): string {
  const { method, headers, body } = entry.request
  const parts = [
    // With `-X HEAD` curl would wait for a body that never comes.
    ...(method === 'HEAD' ? ['--head'] : method === 'GET' && body === '' ? [] : [`-X ${quote(method)}`]),
    // A header without a value curl takes for one to leave out, unless it ends so.
    ...headersOf(headers).map(({ name, value }) => `-H ${quote(value === '' ? `${name};` : `${name}: ${value}`)}`),
    ...(body === '' ? [] : [`--data-raw ${quote(body)}`]),
  ]
  return [`curl --globoff ${quote(urlOf(entry))}`, ...parts].join(' \\\n  ')
}

/** A call of `fetch`. */
export function toFetch(entry: JournalEntry): string {
  const { method, headers, body } = entry.request
  const pairs = headersOf(headers).map(({ name, value }) => [name, value])
  const init = { method, ...(pairs.length > 0 && { headers: pairs }), ...(body !== '' && { body }) }
  return `await fetch(${JSON.stringify(urlOf(entry))}, ${JSON.stringify(init, null, 2)})`
}

/** An interaction of a pact of the fourth specification, which is a file of JSON in any language. */
export function toInteraction(entry: JournalEntry): string {
  const { request, response, operationId } = entry
  const { method, path, query } = request
  const interaction = {
    type: 'Synchronous/HTTP',
    description: `${operationId ?? `${method} ${path}`} is answered with ${response?.status ?? 'a reset connection'}`,
    request: {
      method,
      path,
      ...(query !== '' && { query: toLists([...new URLSearchParams(query)]) }),
      headers: toLists(headersOf(request.headers).map(({ name, value }) => [name, value])),
      ...toContent(request.body, request.headers),
    },
    response: {
      status: response?.status ?? 0,
      // Other headers, such as the date, are no part of what a consumer counts on.
      headers: toLists(
        (response?.headers ?? []).flatMap(({ name, value }) => (/^content-type$/i.test(name) ? [[name, value]] : [])),
      ),
      ...toContent(response?.body ?? '', response?.headers ?? []),
    },
  }
  return JSON.stringify(interaction, null, 2)
}

function toLists(pairs: readonly (readonly string[])[]): Record<string, string[]> {
  const lists = new Map<string, string[]>()
  for (const [name = '', value = ''] of pairs) lists.set(name, [...(lists.get(name) ?? []), value])
  return Object.fromEntries(lists)
}

function toContent(text: string, headers: readonly NamedValue[]): { body?: object } {
  if (text === '') return {}
  const contentType = headers.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? 'text/plain'
  const parsed = parseJson(text)
  return { body: { content: parsed === undefined ? text : parsed, contentType, encoded: false } }
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Headers of an answer without which it is another one. */
const TELLING: ReadonlySet<string> = new Set(['location', 'retry-after', 'www-authenticate', 'content-type'])

/** A scenario that gives the same answer to the same request again. */
export function toScenario(entry: JournalEntry): ScenarioDefinition {
  const { request, response, operationId, user } = entry
  const definition: ScenarioDefinition = {
    ...(operationId === null ? { path: request.path } : { operationId }),
    method: request.method,
    ...(user !== null && { user }),
  }
  if (!response) return { ...definition, reset: true }
  const parsed = parseJson(response.body)
  const isJson = parsed !== undefined && typeof parsed !== 'string'
  const telling = response.headers.filter(
    ({ name }) => TELLING.has(name.toLowerCase()) && !(isJson && name.toLowerCase() === 'content-type'),
  )
  return {
    ...definition,
    status: response.status,
    ...(response.body !== '' && { body: isJson ? parsed : response.body }),
    ...(telling.length > 0 && { headers: Object.fromEntries(telling.map(({ name, value }) => [name, value])) }),
  }
}
