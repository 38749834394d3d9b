/** The one way from Pact to a server that we do not own: it reads, never writes, brings the token, and keeps what came back. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { openLoopback } from './loopback.ts'
import type { Interaction, PactFile, State } from './pact-file.ts'
import { checkPatience, type Provider } from './preflight.ts'
import type { Prepared } from './states.ts'

/** What was asked for an interaction, and answered. */
export interface Passage {
  /** As the server was asked for it. */
  asked: string
  status: number
  text: string
  /** Why there was no whole answer: address, cause and remedy. */
  failure?: string
}

/** The header by which the gate knows an interaction again; it goes no further. */
const MARK = 'x-authentik-mock-interaction'

/** An interaction that the gate knows again. */
export const marked = (interaction: Interaction, mark: string): Interaction => ({
  ...interaction,
  request: { ...interaction.request, headers: { ...interaction.request.headers, [MARK]: mark } },
})

/** Headers that are between two that stand next to each other, or that the gate sees to itself. */
const OWN =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-length|content-encoding|accept-encoding|user-agent|set-cookie|cookie|authorization|x-authentik-mock-interaction)$/

const endToEnd = (headers: IncomingHttpHeaders) =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      OWN.test(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  )

export interface Gate {
  url: string
  /** By the mark of the interaction; the last, where one was tried again. */
  passages: ReadonlyMap<string, Passage>
  /** Lays out a pact whose every state can be had: Pact asks again and again for one that cannot. @returns where Pact finds it */
  offer(pact: PactFile): string
  close(): void
}

/** Whether a method changes nothing. */
export const isReading = (method: string) => ['GET', 'HEAD', 'OPTIONS'].includes(method)

/**
 * @param prepare makes a state so, as far as reading can. @returns what to put into the request, and the token to send; undefined when it cannot be
 * @param passed is told of each answer
 */
export async function openGate(
  provider: Provider,
  prepare: (state: State) => Prepared | undefined,
  passed: () => void = () => {},
): Promise<Gate> {
  const passages = new Map<string, Passage>()
  let offered: PactFile | undefined
  let token = provider.token
  let states: { params: State['params']; prepared: Prepared }[] = []

  const { url, close } = await openLoopback(
    (request, response, body) => {
      if (request.url === '/_states') change(body, response)
      else if (request.url === '/_pact')
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(offered))
      else return forward(request, response)
    },
    (error, response) => response.writeHead(502, { 'Content-Type': 'text/plain' }).end((error as Error).message),
  )
  return {
    url,
    passages,
    offer(pact) {
      offered = pact
      return `${url}/_pact`
    },
    close,
  }

  function change(body: string, response: ServerResponse): void {
    const {
      state,
      params = {},
      action,
    } = JSON.parse(body) as { state: string; params?: State['params']; action?: string }
    const prepared = action === 'teardown' ? undefined : prepare({ name: state, params })
    if (action === 'teardown') {
      token = provider.token
      states = []
    } else if (prepared) {
      states.push({ params, prepared })
      token = prepared.token ?? token
    }
    // An interaction without states is announced with an empty one; and Pact asks again and again for one that is refused.
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(prepared?.values ?? {}))
  }

  /** What the pact has for an example is what the server has: below the path of its resource, and in the filters that name it. */
  function withFound(target: string): string {
    const [path, query] = target.split('?', 2) as [string, string?]
    const all = new Set(states.flatMap(({ prepared }) => Object.values(prepared.values).map(String)))
    const asked = new URLSearchParams(query)
    let found = path
    for (const { params, prepared } of states) {
      for (const [name, value] of Object.entries(prepared.values)) {
        const example = params[name]
        const stands = (segment: string) =>
          example === undefined
            ? typeof value === 'string' || /^\d+$/.test(segment)
            : segment === String(example) || all.has(segment)
        const resource = prepared.at.split('/').filter(Boolean).join('/+')
        found = found.replace(new RegExp(`(/${resource}/+)([^/]+)`), (whole, before: string, segment: string) =>
          stands(decodeURIComponent(segment)) ? before + encodeURIComponent(value) : whole,
        )
        const filter = FILTERS[prepared.at]
        if (filter && example !== undefined && asked.get(filter) === String(example)) asked.set(filter, String(value))
      }
    }
    return query === undefined ? found : `${found}?${asked}`
  }

  async function forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method!
    if (!isReading(method))
      return void response
        .writeHead(405, { 'Content-Type': 'text/plain' })
        .end(`authentik-mock: ${method} would write, and nothing is ever written to a server that is verified.`)
    const headers = {
      ...endToEnd(request.headers),
      ...(request.headers.authorization === undefined ? {} : { Authorization: `Bearer ${token}` }),
    }
    const asked = withFound(request.url!)
    const keep = (passage: Omit<Passage, 'asked'>) => passages.set(String(request.headers[MARK]), { asked, ...passage })
    passed()
    const answer = await provider
      .exchange({ url: provider.base + asked, method, headers })
      .then((one) => checkPatience(one, provider.base))
      .catch((error: Error) => {
        keep({ status: 0, text: '', failure: error.message })
        throw error
      })
    keep({ status: answer.status, text: answer.text })
    response.writeHead(answer.status, endToEnd(answer.headers)).end(method === 'HEAD' ? undefined : answer.text)
  }
}

/** The filters of lists that name a row of a resource. */
const FILTERS: Record<string, string> = { '/core/users/': 'user', '/providers/oauth2/': 'provider' }
