/**
 * Stands between Pact and a server that we do not own. It reads and never writes, brings the token, puts the ids of rows
 * that exist into requests, and records what came back.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { openLoopback } from './loopback.ts'
import type { Interaction, PactFile, State } from './pact-file.ts'
import { checkPatience, type Provider } from './preflight.ts'
import type { PreparedState } from './states.ts'

/** What the server was asked for an interaction, and what it answered. */
export interface RecordedExchange {
  /** The path and query as the server got them. */
  requestPath: string
  status: number
  text: string
  /** Why there was no whole answer: address, cause and remedy. */
  failure?: string
}

/** The header by which the proxy recognizes an interaction; the proxy does not pass it on. */
const MARK = 'x-authentik-mock-interaction'

/** Adds a header to an interaction's request, by which the proxy recognizes the interaction. */
export const addMark = (interaction: Interaction, mark: string): Interaction => ({
  ...interaction,
  request: { ...interaction.request, headers: { ...interaction.request.headers, [MARK]: mark } },
})

/** Headers that are not passed on: they belong to one connection, or the proxy sets them itself. */
const UNFORWARDED =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-length|content-encoding|accept-encoding|user-agent|set-cookie|cookie|authorization|x-authentik-mock-interaction)$/

const toForwardedHeaders = (headers: IncomingHttpHeaders) =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      UNFORWARDED.test(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  )

/** A proxy for the server that is verified. */
export interface ProviderProxy {
  url: string
  /** By the mark of the interaction; the last, where one was tried twice. */
  exchanges: ReadonlyMap<string, RecordedExchange>
  /**
   * Serves a pact to Pact. Every state in it has to be one that the server has a row for, because Pact asks again and
   * again for a state that is refused.
   *
   * @returns the address of the pact
   */
  offer(pact: PactFile): string
  close(): void
}

/** Whether a method changes nothing on a server. */
export const isReading = (method: string) => ['GET', 'HEAD', 'OPTIONS'].includes(method)

/** Finds what makes a state so. @returns undefined when the server has nothing for it */
type Prepare = (state: State) => PreparedState | undefined

/**
 * Opens a proxy for a server.
 *
 * @param prepare finds the row and the token for a state
 * @param onForward is called for each request that is passed on
 */
export async function openProviderProxy(
  provider: Provider,
  prepare: Prepare,
  onForward: () => void = () => {},
): Promise<ProviderProxy> {
  const exchanges = new Map<string, RecordedExchange>()
  const states = trackStates(provider.token, prepare)
  let offeredPact: PactFile | undefined

  const { url, close } = await openLoopback(
    async (request, response, body) => {
      if (request.url === '/_states') sendJson(response, states.change(body))
      else if (request.url === '/_pact') sendJson(response, offeredPact)
      else await forward(request, response)
    },
    (error, response) =>
      response
        .writeHead(502, { 'Content-Type': 'text/plain' })
        .end(error instanceof Error ? error.message : String(error)),
  )

  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request
    if (!isReading(method)) return refuseWrite(method, response)
    const requestPath = putRowsIntoPath(path, states.current())
    const record = (exchange: Omit<RecordedExchange, 'requestPath'>) =>
      exchanges.set(String(headers[MARK]), { requestPath, ...exchange })
    onForward()
    const answer = await provider
      .send({
        url: provider.base + requestPath,
        method,
        headers: {
          ...toForwardedHeaders(headers),
          ...(headers.authorization === undefined ? {} : { Authorization: `Bearer ${states.token()}` }),
        },
      })
      .then((received) => checkPatience(received, provider.base))
      .catch((error: Error) => {
        record({ status: 0, text: '', failure: error.message })
        throw error
      })
    record({ status: answer.status, text: answer.text })
    response
      .writeHead(answer.status, toForwardedHeaders(answer.headers))
      .end(method === 'HEAD' ? undefined : answer.text)
  }

  return {
    url,
    exchanges,
    offer(pact) {
      offeredPact = pact
      return `${url}/_pact`
    },
    close,
  }
}

const sendJson = (response: ServerResponse, content: unknown) =>
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(content))

const refuseWrite = (method: string, response: ServerResponse) =>
  void response
    .writeHead(405, { 'Content-Type': 'text/plain' })
    .end(`authentik-mock: ${method} would write, and nothing is ever written to a server that is verified.`)

/** A state of the interaction that Pact is trying. */
interface CurrentState {
  params: State['params']
  prepared: PreparedState
}

/** Keeps the states of the interaction that Pact is trying, and the token that they ask for. */
function trackStates(usualToken: string | undefined, prepare: Prepare) {
  let token = usualToken
  let states: CurrentState[] = []
  return {
    token: () => token,
    current: (): readonly CurrentState[] => states,
    /**
     * Sets a state up, or takes all of them down. It never refuses: an interaction without states is announced with an
     * empty one, and Pact asks again and again for one that is refused.
     *
     * @returns the values for the parameters of the state
     */
    change(body: string): PreparedState['values'] {
      const { state: name, params = {}, action }: StateChange = JSON.parse(body)
      if (action === 'teardown') {
        token = usualToken
        states = []
        return {}
      }
      const prepared = prepare({ name, params })
      if (!prepared) return {}
      states.push({ params, prepared })
      token = prepared.token ?? token
      return prepared.values
    },
  }
}

/** A change of state, as Pact announces it. */
interface StateChange {
  state: string
  params?: State['params']
  action?: string
}

/**
 * Puts the ids of rows that the server has where a pact has its examples: below the path of the row's resource, and in
 * the filters that name the resource.
 */
function putRowsIntoPath(requestPath: string, states: readonly CurrentState[]): string {
  const [path = '', query] = requestPath.split('?', 2)
  const filters = new URLSearchParams(query)
  const rowIds = new Set(states.flatMap(({ prepared }) => Object.values(prepared.values).map(String)))
  let changedPath = path
  for (const { params, prepared } of states) {
    const resource = prepared.listPath.split('/').filter(Boolean).join('/+')
    const filter = FILTERS[prepared.listPath]
    for (const [name, value] of Object.entries(prepared.values)) {
      const example = params[name]
      const isExample = (segment: string) =>
        example === undefined
          ? typeof value === 'string' || /^\d+$/.test(segment)
          : segment === String(example) || rowIds.has(segment)
      changedPath = changedPath.replace(
        new RegExp(`(/${resource}/+)([^/]+)`),
        (match, prefix: string, segment: string) =>
          isExample(decodeURIComponent(segment)) ? prefix + encodeURIComponent(value) : match,
      )
      if (filter && example !== undefined && filters.get(filter) === String(example)) filters.set(filter, String(value))
    }
  }
  return query === undefined ? changedPath : `${changedPath}?${filters}`
}

/** The filters of lists that name a row of a resource. */
const FILTERS: Record<string, string> = { '/core/users/': 'user', '/providers/oauth2/': 'provider' }
