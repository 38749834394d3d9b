/**
 * Stands between Pact and a Pact Broker. It brings the credentials, leaves in a pact only what can be tried, and publishes
 * only the result of a pact that was tried whole.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { originOf, sendRequest, type Answer } from './exchange.ts'
import { EXIT, VerifyFailure } from './failure.ts'
import { parseJson } from '../../schema/json.ts'
import { openLoopback } from './loopback.ts'
import { toPactFile, type PactFile } from './pact-file.ts'

/** A Pact Broker, and what may be done with it. */
export interface Broker {
  /** Without a slash at the end. */
  url: string
  /** The Authorization header. */
  authorization?: string | undefined
  ca?: string | undefined
  mayPublish: boolean
}

/** What became of a result that was to be published. */
export interface Publication {
  consumer: string
  outcome: 'published' | 'withheld' | 'failed'
  /** Why it was not published. */
  because?: string
}

/** A pact that the broker chose. */
interface ChosenPact {
  consumer: string
  /** Undefined for one that cannot be read. */
  pact: PactFile | undefined
  /** What became of its result; undefined while nothing did. */
  outcome?: Publication['outcome']
  because?: string
}

/** A proxy for a Pact Broker. */
export interface BrokerProxy {
  /** Where Pact finds the broker. */
  url: string
  /** The pacts that the broker chose, in the order in which Pact asked for them. */
  chosenPacts: readonly ChosenPact[]
  /** Tells what became of each result, once Pact is done. */
  publications(): Publication[]
  /** @throws VerifyFailure when the broker could not be used, which Pact does not tell from one that has no pacts */
  check(): void
  close(): void
}

/** A page of the broker, in HAL. */
type Page = Record<string, unknown> & { _links?: Record<string, { href?: string } | undefined> }

/** How long an answer may take, in milliseconds: a broker with many pacts is slow. */
const TIMEOUT = 30_000
const CHOICE = 'pb:provider-pacts-for-verification'
const RESULTS = 'pb:publish-verification-results'

/**
 * Opens a proxy for a broker.
 *
 * @param admit leaves in a pact only what can be tried
 */
export async function openBrokerProxy(
  broker: Broker,
  admit: (pact: PactFile) => Promise<PactFile>,
): Promise<BrokerProxy> {
  const origin = originOf(broker.url)
  const results = trackResults(broker)
  let failure: unknown

  const { url: proxyUrl, close } = await openLoopback(forward, (error, response) => {
    failure ??= error
    // Pact tries again and again what fails with another status.
    response.writeHead(404, { 'Content-Type': 'application/json' }).end('{}')
  })

  async function forward(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const { method = 'GET', url = '/' } = request
    const isReading = method === 'GET' || url.endsWith('/for-verification')
    const [status, page] = await (isReading ? read(request, body) : write(request, body))
    response
      .writeHead(status, { 'Content-Type': 'application/hal+json' })
      .end(JSON.stringify(relinkPage(page, broker.url, proxyUrl)))
  }

  async function read(request: IncomingMessage, body: string): Promise<[status: number, page: unknown]> {
    const answer = await sendToBroker(broker, request, body)
    const page = checkPage(answer, broker.url)
    if ([broker.url, `${broker.url}/`].includes(origin + request.url)) checkIndex(page, broker.url)
    if (!('interactions' in page || 'messages' in page)) return [answer.status, page]
    const pact = toPactFile(page)
    const admitted = pact && (await admit(pact))
    results.addPact(page, pact, admitted)
    return [answer.status, { ...(admitted ?? { ...page, interactions: [] }), messages: undefined }]
  }

  async function write(request: IncomingMessage, body: string): Promise<[status: number, page: unknown]> {
    const { method, url = '/' } = request
    if (results.isWithheld(url)) return [201, {}]
    if (!broker.mayPublish) throw new Error(`Pact wants to ${method} ${url}, and nothing is to be published.`)
    const answer = await sendToBroker(broker, request, body)
    results.addAnswer(url, answer)
    return [answer.status < 300 ? answer.status : 404, toPage(answer) ?? {}]
  }

  return {
    url: proxyUrl + broker.url.slice(origin.length),
    chosenPacts: results.chosenPacts,
    publications: () => (broker.mayPublish ? results.toPublications() : []),
    check() {
      if (failure) throw failure
    },
    close,
  }
}

function sendToBroker(broker: Broker, { method = 'GET', url = '/', headers }: IncomingMessage, body: string) {
  return sendRequest({
    url: originOf(broker.url) + url,
    method,
    headers: {
      Accept: headers.accept ?? 'application/hal+json',
      ...(headers['content-type'] === undefined
        ? {}
        : { 'Content-Type': headers['content-type'], 'Content-Length': String(Buffer.byteLength(body)) }),
      ...(broker.authorization === undefined ? {} : { Authorization: broker.authorization }),
    },
    ca: broker.ca,
    body: body || undefined,
    timeout: TIMEOUT,
  })
}

/** Remembers which pacts the broker chose, and what became of the result of each. */
function trackResults({ url }: Broker) {
  const chosenPacts: ChosenPact[] = []
  /** The pacts by the path to which Pact sends their results. */
  const pactsByResultPath = new Map<string, ChosenPact>()
  /** The broker's last word on what was to be written. */
  let refusal = 'Pact did not try to'
  return {
    chosenPacts,
    isWithheld: (path: string) => pactsByResultPath.get(path)?.outcome === 'withheld',
    /** Adds a pact that the broker chose. */
    addPact(page: Page, pact: PactFile | undefined, admitted: PactFile | undefined): void {
      const because = pact && admitted ? explainWithholding(pact, admitted) : NO_PACT
      const consumer = pact?.consumer.name ?? 'nobody'
      const chosen: ChosenPact = { consumer, pact, ...(because === undefined ? {} : { outcome: 'withheld', because }) }
      chosenPacts.push(chosen)
      const link = linkOf(page, RESULTS)
      if (link !== undefined) pactsByResultPath.set(new URL(link, url).href.slice(originOf(url).length), chosen)
    },
    /** Adds what the broker answered when something was written to a path. */
    addAnswer(path: string, answer: Answer): void {
      const isTaken = answer.status < 300
      if (!isTaken) refusal = `the broker answers ${toText(answer)}`
      const chosen = pactsByResultPath.get(path)
      if (chosen) Object.assign(chosen, isTaken ? { outcome: 'published' } : { outcome: 'failed', because: refusal })
    },
    toPublications: (): Publication[] =>
      chosenPacts.map(({ consumer, outcome = 'failed', because }) => ({
        consumer,
        outcome,
        ...(outcome === 'published' ? {} : { because: because ?? refusal }),
      })),
  }
}

/** Says why the result of a pact is not published: neither a success nor a failure is known of one that was tried in part. */
function explainWithholding(pact: PactFile, admitted: PactFile): string | undefined {
  const untriedCount = pact.messageDescriptions.length + pact.interactions.length - admitted.interactions.length
  return untriedCount ? `${untriedCount} of its interactions could not be tried` : undefined
}

/** The reason that is given for what is no pact. */
export const NO_PACT = 'it is no pact that can be read'

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
