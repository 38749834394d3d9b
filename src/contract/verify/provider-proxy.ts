/**
 * Stands between Pact and a server that we do not own. It reads and never writes, brings the token, puts the ids of rows
 * that exist into requests, and records what came back.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { isObject, toText } from '../../schema/json.ts'
import { isOfConnection, withoutConnectionHeaders, withoutRequestHeaders } from './connection-headers.ts'
import { chooseCredentials } from './credentials.ts'
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
  headers: IncomingHttpHeaders
  /** Whether it was asked with credentials that the pact has, which the server need not know. */
  hasOwnCredentials?: boolean
  /** Why there was no whole answer: address, cause and remedy. */
  failure?: string
}

/** The header by which the proxy recognizes an interaction; the proxy does not pass it on. */
const MARK = 'x-authentik-mock-interaction'

const addMark = (interaction: Interaction, mark: string): Interaction => ({
  ...interaction,
  request: { ...interaction.request, headers: { ...interaction.request.headers, [MARK]: mark } },
})

/** Where Pact announces the states of an interaction. */
export const STATES = '/_states'
const PACTS = '/_pacts/'

/** Headers of a request that are not passed on, because the proxy sets them itself. */
const SET_BY_PROXY = /^(host|accept-encoding|user-agent|cookie|authorization|x-authentik-mock-interaction)$/

/** Leaves out what belongs to one connection, and more. */
const forwardHeaders = (headers: IncomingHttpHeaders, isLeftOut: (name: string) => boolean) =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      isOfConnection(name) || isLeftOut(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  )

/** Whether an object of headers has one of this name. */
const hasHeader = (headers: unknown, name: string) =>
  isObject(headers) && Object.keys(headers).some((key) => key.toLowerCase() === name)

/** A proxy for the server that is verified. */
export interface ProviderProxy {
  url: string
  /**
   * Marks an interaction, so that the proxy recognizes its request among those of others.
   *
   * @returns the interaction as Pact has to get it
   */
  mark(interaction: Interaction): Interaction
  /** Finds what came of an interaction that was marked; the last, where one was tried twice. */
  findExchange(interaction: Interaction): RecordedExchange | undefined
  /** Serves a pact to Pact, beside those that it got before. @returns the address of the pact */
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
  const marks = new Map<Interaction, string>()
  const interactions = new Map<unknown, Interaction>()
  const exchanges = new Map<unknown, RecordedExchange>()
  const offeredPacts: PactFile[] = []

  const { url, close } = await openLoopback(
    async (request, response, body) => {
      const { url: path = '' } = request
      if (path === STATES) sendJson(response, valuesOf(prepare, body))
      else if (path.startsWith(PACTS)) sendJson(response, offeredPacts[Number(path.slice(PACTS.length))])
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
    const mark = headers[MARK]
    const interaction = interactions.get(mark)
    const states = findStates(prepare, interaction?.providerStates ?? [])
    const credentials = chooseCredentials(headers, interaction?.response.status ?? 200, tokenOf(states), provider.token)
    // A client that says nothing of encodings reads plain text.
    const encodings = hasHeader(interaction?.request.headers, 'accept-encoding')
      ? headers['accept-encoding']
      : undefined
    const requestPath = putRowsIntoPath(path, states)
    const record = (exchange: Omit<RecordedExchange, 'requestPath'>) =>
      exchanges.set(mark, { requestPath, ...exchange })
    onForward()
    const answer = await provider
      .send({
        url: provider.base + requestPath,
        method,
        headers: {
          ...forwardHeaders(headers, (name) => SET_BY_PROXY.test(name)),
          ...(encodings === undefined ? {} : { 'Accept-Encoding': encodings }),
          ...credentials.headers,
        },
      })
      .then((received) => checkPatience(received, provider.base))
      .catch((error: Error) => {
        record({ status: 0, text: '', headers: {}, failure: error.message })
        throw error
      })
    const { status, text } = answer
    record({ status, text, headers: answer.headers, hasOwnCredentials: credentials.areOwn })
    // A cookie of a session is shown to nobody who does not ask for it.
    const hidesCookies = !hasHeader(interaction?.response.headers, 'set-cookie')
    response
      .writeHead(
        status,
        forwardHeaders(answer.headers, (name) => name === 'set-cookie' && hidesCookies),
      )
      .end(method === 'HEAD' ? undefined : text)
  }

  return {
    url,
    mark(interaction) {
      const mark = String(interactions.size + 1)
      marks.set(interaction, mark)
      interactions.set(mark, interaction)
      return addMark(withoutRequestHeaders(withoutConnectionHeaders(interaction)), mark)
    },
    findExchange: (interaction) => exchanges.get(marks.get(interaction)),
    offer: (pact) => `${url}${PACTS}${offeredPacts.push(pact) - 1}`,
    close,
  }
}

const sendJson = (response: ServerResponse, content: unknown) =>
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(content))

const refuseWrite = (method: string, response: ServerResponse) =>
  void response
    .writeHead(405, { 'Content-Type': 'text/plain' })
    .end(`authentik-mock: ${method} would write, and nothing is ever written to a server that is verified.`)

/** A state that was found on the server. */
interface FoundState {
  params: State['params']
  prepared: PreparedState
}

const findStates = (prepare: Prepare, states: readonly State[]): FoundState[] =>
  states.flatMap((state) => {
    const prepared = prepare(state)
    return prepared ? [{ params: state.params, prepared }] : []
  })

/** The token that states ask for; of several, the last. */
const tokenOf = (states: readonly FoundState[]) => states.findLast(({ prepared }) => prepared.token)?.prepared.token

/**
 * Gives Pact the values for the parameters of a state that it announces. No state is ever refused: an interaction without
 * states is announced with an empty one, and Pact asks again and again for one that is refused.
 */
function valuesOf(prepare: Prepare, announcement: string): PreparedState['values'] {
  const { state: name, params = {} }: { state: string; params?: State['params'] } = JSON.parse(announcement)
  return prepare({ name, params })?.values ?? {}
}

/**
 * Puts the ids of rows that the server has where a pact has its examples: below the path of the row's resource, and in
 * the filters that name the resource.
 */
function putRowsIntoPath(requestPath: string, states: readonly FoundState[]): string {
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
          : segment === toText(example) || rowIds.has(segment)
      changedPath = changedPath.replace(
        new RegExp(`(/${resource}/+)([^/]+)`),
        (match, prefix: string, segment: string) =>
          isExample(decodeURIComponent(segment)) ? prefix + encodeURIComponent(value) : match,
      )
      if (filter && example !== undefined && filters.get(filter) === toText(example)) filters.set(filter, String(value))
    }
  }
  return query === undefined ? changedPath : `${changedPath}?${filters}`
}

/** The filters of lists that name a row of a resource. */
const FILTERS: Record<string, string> = { '/core/users/': 'user', '/providers/oauth2/': 'provider' }
