/**
 * Stands between Pact and a Pact Broker. It brings the credentials, leaves in a pact only what can be tried, and publishes
 * only the result of a pact that was tried whole.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { createSend, originOf, type Answer, type ClientOptions, type Send } from './exchange.ts'
import { EXIT, VerifyFailure } from './failure.ts'
import { isObject, parseJson, readKey } from '../../schema/json.ts'
import { createBrokerPacts, type BrokerPacts, type ChosenPact, type Page, type Publication } from './broker-pacts.ts'
import { openLoopback } from './loopback.ts'
import { LANES } from './pact.ts'
import type { PactFile } from './pact-file.ts'

/** A Pact Broker, and what may be done with it. */
export interface Broker {
  /** Without a slash at the end. */
  url: string
  /** The Authorization header. */
  authorization?: string | undefined
  /** What is trusted, and which proxies are used. */
  client?: ClientOptions
  mayPublish: boolean
}

/** A broker with the function that sends requests to it. */
interface ConnectedBroker extends Omit<Broker, 'client'> {
  send: Send
}

/** A proxy for a Pact Broker. */
export interface BrokerProxy {
  /** Where Pact finds the broker: in each lane, with a part of the pacts that the broker chose. */
  urls: readonly string[]
  /** The pacts that the broker chose, in the order in which it names them. */
  chosenPacts: readonly ChosenPact[]
  /** Tells what became of each result, once Pact is done. */
  publications(): Publication[]
  /** @throws VerifyFailure when the broker could not be used, which Pact does not tell from one that has no pacts */
  check(): void
  close(): void
}

/** How long an answer may take, in milliseconds: a broker with many pacts is slow. */
const TIMEOUT = 30_000
const CHOICE = 'pb:provider-pacts-for-verification'
const LANE = /^\/authentik-mock\/lanes\/(\d+)/
const lanePath = (lane: number) => `/authentik-mock/lanes/${lane}`

/**
 * Opens a proxy for a broker.
 *
 * @param admit leaves in a pact only what can be tried
 */
export async function openBrokerProxy(
  { client, ...options }: Broker,
  admit: (pact: PactFile) => Promise<PactFile>,
): Promise<BrokerProxy> {
  const broker: ConnectedBroker = { ...options, send: createSend(client) }
  const origin = originOf(broker.url)
  const toPath = (link: string) => new URL(link, `${broker.url}/`).href.slice(origin.length)
  const pacts = createBrokerPacts(toPath, admit)
  const read = createReader(broker, pacts, toPath)
  const writes = new Map<string, Promise<Answer>>()
  /** The broker's last word on what was to be written. */
  let refusal = 'Pact did not try to'
  let failure: unknown

  const { url: proxyUrl, close } = await openLoopback(forward, (error, response) => {
    failure ??= error
    // Pact tries again and again what fails with another status.
    response.writeHead(404, { 'Content-Type': 'application/json' }).end('{}')
  })

  async function forward(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const { method = 'GET', url: laneUrl = '/', headers } = request
    const lane = Number(LANE.exec(laneUrl)?.[1] ?? 0)
    const url = laneUrl.replace(LANE, '')
    const isReading = method === 'GET' || url.endsWith('/for-verification')
    const [status, page] = await (isReading ? read : write)({ method, url, headers, body })
    const lanePage = isReading && method === 'POST' ? toLanePage(page, lane) : page
    response
      .writeHead(status, { 'Content-Type': 'application/hal+json' })
      .end(JSON.stringify(relinkPage(lanePage, broker.url, proxyUrl + lanePath(lane))))
  }

  async function write({ method, url, headers, body: text }: BrokerRequest): Promise<Read> {
    const result = pacts.addResult({ path: url, body: text })
    if (!result) return [201, {}]
    if (!broker.mayPublish) throw new Error(`Pact wants to ${method} ${url}, and nothing is to be published.`)
    const { path, body } = result
    // Pact names its version anew with each slice.
    const key = `${method} ${path} ${body}`
    const writing = writes.get(key) ?? sendToBroker(broker, { method, url: path, headers, body })
    writes.set(key, writing)
    const answer = await writing
    const isTaken = answer.status < 300
    if (!isTaken) refusal = `the broker answers ${toText(answer)}`
    if (isTaken) pacts.conclude(path, 'published')
    else pacts.conclude(path, 'failed', refusal)
    return [isTaken ? answer.status : 404, toPage(answer) ?? {}]
  }

  return {
    urls: Array.from({ length: LANES }, (_, lane) => proxyUrl + lanePath(lane) + broker.url.slice(origin.length)),
    chosenPacts: pacts.chosenPacts,
    publications: () =>
      (broker.mayPublish ? pacts.chosenPacts : []).map(({ consumer, outcome = 'failed', because }) => ({
        consumer,
        outcome,
        ...(outcome === 'published' ? {} : { because: because ?? refusal }),
      })),
    check() {
      if (failure) throw failure
    },
    close,
  }
}

/**
 * Makes a function that reads a page of the broker, in which each pact that the broker chose is replaced by its slices. The
 * broker is asked once for what several lanes ask for.
 */
function createReader(
  broker: ConnectedBroker,
  pacts: BrokerPacts,
  toPath: (link: string) => string,
): (request: BrokerRequest) => Promise<Read> {
  const origin = originOf(broker.url)
  const reads = new Map<string, Promise<Read>>()

  async function readBroker(request: BrokerRequest): Promise<Read> {
    const answer = await sendToBroker(broker, request)
    const page = checkPage(answer, broker.url)
    if ([broker.url, `${broker.url}/`].includes(origin + request.url)) checkIndex(page, broker.url)
    return [answer.status, request.method === 'POST' ? await sliceChoice(page) : page]
  }

  async function sliceChoice(page: Page): Promise<Page> {
    const embedded = readKey(page, '_embedded')
    const choice = readKey(embedded, 'pacts')
    if (!isObject(embedded) || !Array.isArray(choice)) return page
    const parts: unknown[] = []
    for (const entry of choice) parts.push(...(await sliceEntry(entry)))
    return { ...page, _embedded: { ...embedded, pacts: parts } }
  }

  async function sliceEntry(entry: Page): Promise<Page[]> {
    const { _links: links } = entry
    const self = links?.['self']
    if (self?.href === undefined || new URL(self.href, `${broker.url}/`).origin !== origin) return [entry]
    const answer = await sendToBroker(broker, { method: 'GET', url: toPath(self.href), headers: {}, body: '' })
    const page = checkPage(answer, broker.url)
    if (!('interactions' in page || 'messages' in page)) return [entry]
    return pacts.add(page).map((href) => ({ ...entry, _links: { ...links, self: { ...self, href } } }))
  }

  return async (request) => {
    const part = await pacts.makeSlice(request.url)
    if (part) return [200, part]
    const key = `${request.method} ${request.url} ${request.body}`
    const reading = reads.get(key) ?? readBroker(request)
    reads.set(key, reading)
    return reading
  }
}

/** What Pact gets for a request to the broker. */
type Read = [status: number, page: unknown]

/** Leaves of the pacts that the broker chose the part of a lane, so that the lanes in turn have all in their order. */
function toLanePage(page: unknown, lane: number): unknown {
  const embedded = readKey(page, '_embedded')
  const choice = readKey(embedded, 'pacts')
  if (!isObject(page) || !isObject(embedded) || !Array.isArray(choice)) return page
  const size = Math.ceil(choice.length / LANES)
  return { ...page, _embedded: { ...embedded, pacts: choice.slice(lane * size, (lane + 1) * size) } }
}

/** What Pact asks of the broker. */
interface BrokerRequest {
  method: string
  /** The path and query. */
  url: string
  headers: IncomingHttpHeaders
  body: string
}

function sendToBroker(broker: ConnectedBroker, { method, url, headers, body }: BrokerRequest) {
  return broker.send({
    url: originOf(broker.url) + url,
    method,
    headers: {
      Accept: headers.accept ?? 'application/hal+json',
      ...(headers['content-type'] === undefined
        ? {}
        : { 'Content-Type': headers['content-type'], 'Content-Length': String(Buffer.byteLength(body)) }),
      ...(broker.authorization === undefined ? {} : { Authorization: broker.authorization }),
    },
    body: body || undefined,
    timeout: TIMEOUT,
  })
}

/** Reads a page of the broker. @throws VerifyFailure for what is no broker, or refuses */
function checkPage(answer: Answer, url: string): Page {
  const fail = (cause: string, remedy: string, code: number = EXIT.unreachable) =>
    new VerifyFailure(code, url, cause, remedy)
  const { status, headers } = answer
  if (status === 401 || status === 403)
    throw fail(
      `refuses the credentials (${status})`,
      'Give PACT_BROKER_TOKEN, or PACT_BROKER_USERNAME and PACT_BROKER_PASSWORD.',
      EXIT.refused,
    )
  if (status >= 300 && status < 400)
    throw fail(`sends to ${headers.location}, which is not followed`, 'Give the address that it has now: --broker-url')
  if (status >= 400)
    throw fail(
      `answers ${toText(answer)}`,
      status < 500 ? 'Is what was asked for there, and known to it?' : 'Look at its log.',
    )
  const page = toPage(answer)
  if (!page) throw notBroker(url)
  return page
}

/** Checks the first page of the broker. @throws VerifyFailure for one that is not of a broker, or leads away from it */
function checkIndex(page: Page, url: string): void {
  const link = linkOf(page, CHOICE)
  if (link === undefined) throw notBroker(url)
  const { origin } = new URL(link, url)
  if (origin !== originOf(url))
    throw new VerifyFailure(
      EXIT.unreachable,
      url,
      `calls itself ${origin}`,
      'Give that address, or tell it its own: PACT_BROKER_BASE_URL',
    )
}

const notBroker = (url: string) =>
  new VerifyFailure(
    EXIT.unreachable,
    url,
    'answers, but not as a Pact Broker does',
    'Is the address that of the broker itself?',
  )

/** Lets the links of a page lead to the proxy, at any depth; of a pact only its own, because what it expects stays. */
function relinkPage(page: unknown, url: string, proxyUrl: string): unknown {
  if (Array.isArray(page)) return page.map((element) => relinkPage(element, url, proxyUrl))
  if (typeof page !== 'object' || page === null) return page
  const isPact = 'interactions' in page
  return Object.fromEntries(
    Object.entries(page).map(([key, value]) => {
      if (key === '_links') return [key, relink(value, url, proxyUrl)]
      return [key, isPact ? value : relinkPage(value, url, proxyUrl)]
    }),
  )
}

function relink(links: unknown, url: string, proxyUrl: string): unknown {
  return JSON.parse(JSON.stringify(links), (key, value: unknown) => {
    if (key !== 'href' || typeof value !== 'string') return value
    const target = URL.parse(value, `${url}/`)
    if (target?.origin !== originOf(url)) return value
    // URL encodes the braces of a template, which Pact would then not fill in.
    return proxyUrl + target.href.slice(target.origin.length).replaceAll('%7B', '{').replaceAll('%7D', '}')
  })
}

const linkOf = ({ _links: links }: Page, name: string) => links?.[name]?.href

const toText = ({ status, text }: Answer) => `${status}${text && `: ${text}`}`

function toPage({ text }: Answer): Page | undefined {
  const page = parseJson(text)
  return typeof page === 'object' && page !== null ? (page as Page) : undefined
}
