/** The one way from Pact to a Pact Broker: it brings the credentials, hands over what can be tried, and publishes only what was tried whole. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { exchange, originOf, parseJson, type Exchange } from './exchange.ts'
import { EXIT, VerifyFailure } from './failure.ts'
import { openLoopback } from './loopback.ts'
import { toPactFile, type PactFile } from './pact-file.ts'

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
export interface Handed {
  consumer: string
  /** Undefined for one that cannot be read. */
  pact: PactFile | undefined
  /** What became of its result. */
  outcome?: Publication['outcome']
  because?: string
}

export interface Desk {
  /** Where Pact finds the broker. */
  url: string
  /** In the order in which Pact asked for them. */
  handed: readonly Handed[]
  /** What was to be published, once Pact is done. */
  publications(): Publication[]
  /** @throws VerifyFailure when the broker could not be used, which Pact does not tell from one that has no pacts */
  check(): void
  close(): void
}

type Json = Record<string, unknown> & { _links?: Record<string, { href?: string } | undefined> }

/** A broker with many pacts takes its time. */
const TIMEOUT = 30_000
const CHOICE = 'pb:provider-pacts-for-verification'
const RESULTS = 'pb:publish-verification-results'

/** @param admit leaves of a pact what can be tried */
export async function openDesk(broker: Broker, admit: (pact: PactFile) => Promise<PactFile>): Promise<Desk> {
  const origin = originOf(broker.url)
  const handed: Handed[] = []
  /** Whose results go to a path. */
  const resultsAt = new Map<string, Handed>()
  let failure: unknown
  /** The broker's word on what was to be written. */
  let refusal = 'Pact did not try to'

  const { url: own, close } = await openLoopback(forward, (error, response) => {
    failure ??= error
    // Pact tries again and again what fails with anything else.
    response.writeHead(404, { 'Content-Type': 'application/json' }).end('{}')
  })
  return {
    url: own + broker.url.slice(origin.length),
    handed,
    publications: () =>
      broker.mayPublish
        ? handed.map(({ consumer, outcome = 'failed', because }) => ({
            consumer,
            outcome,
            ...(outcome === 'published' ? {} : { because: because ?? refusal }),
          }))
        : [],
    check() {
      if (failure) throw failure
    },
    close,
  }

  async function forward(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const { method = 'GET', url = '/', headers } = request
    const target = resultsAt.get(url)
    const isWrite = method !== 'GET' && !url.endsWith('/for-verification')
    const send = (status: number, json: unknown) =>
      response
        .writeHead(status, { 'Content-Type': 'application/hal+json' })
        .end(JSON.stringify(relinked(json, broker.url, own)))
    if (isWrite && target?.outcome === 'withheld') return void send(201, {})
    if (isWrite && !broker.mayPublish)
      throw new Error(`Pact wants to ${method} ${url}, and nothing is to be published.`)
    const answer = await exchange({
      url: origin + url,
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
    if (isWrite) {
      const isTaken = answer.status < 300
      if (!isTaken) refusal = `the broker answers ${toText(answer)}`
      if (target) Object.assign(target, isTaken ? { outcome: 'published' } : { outcome: 'failed', because: refusal })
      return void send(isTaken ? answer.status : 404, toJson(answer) ?? {})
    }
    const json = checkBroker(answer, broker.url)
    if (origin + url === `${broker.url}/` || origin + url === broker.url) checkIndex(json, broker.url)
    send(answer.status, 'interactions' in json || 'messages' in json ? await handOver(json) : json)
  }

  async function handOver(json: Json): Promise<object> {
    const pact = toPactFile(json)
    const consumer = pact?.consumer.name ?? 'nobody'
    const admitted = pact && (await admit(pact))
    const left = pact && pact.others.length + pact.interactions.length - admitted!.interactions.length
    const because = left === undefined ? NO_PACT : left ? `${left} of its interactions could not be tried` : undefined
    const one: Handed = { consumer, pact, ...(because === undefined ? {} : { outcome: 'withheld', because }) }
    handed.push(one)
    const results = linkOf(json, RESULTS)
    if (results !== undefined) resultsAt.set(new URL(results, broker.url).href.slice(origin.length), one)
    return { ...(admitted ?? { ...json, interactions: [] }), messages: undefined }
  }
}

/** What is said of what is no pact. */
export const NO_PACT = 'it is no pact that can be read'

/** @throws VerifyFailure for what is no broker, or refuses */
function checkBroker(answer: Exchange, url: string): Json {
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
  const json = toJson(answer)
  if (!json) throw notOne(url)
  return json
}

/** @throws VerifyFailure for a first page that is not that of a broker, or leads away from it */
function checkIndex(json: Json, url: string): void {
  const linked = linkOf(json, CHOICE)
  if (linked === undefined) throw notOne(url)
  const named = new URL(linked, url).origin
  if (named !== originOf(url))
    throw new VerifyFailure(
      EXIT.unreachable,
      url,
      `calls itself ${named}`,
      'Give that address, or tell it its own: PACT_BROKER_BASE_URL',
    )
}

const notOne = (url: string) =>
  new VerifyFailure(
    EXIT.unreachable,
    url,
    'answers, but not as a Pact Broker does',
    'Is the address that of the broker itself?',
  )

/** The same with links that lead to the desk: those of a pact, and those of what else a broker says, at any depth. */
function relinked(json: unknown, url: string, own: string): unknown {
  if (Array.isArray(json)) return json.map((one) => relinked(one, url, own))
  if (typeof json !== 'object' || json === null) return json
  const isPact = 'interactions' in json
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      key === '_links' ? toDesk(value, url, own) : isPact ? value : relinked(value, url, own),
    ]),
  )
}

function toDesk(links: unknown, url: string, own: string): unknown {
  return JSON.parse(JSON.stringify(links), (key, value: unknown) => {
    if (key !== 'href' || typeof value !== 'string') return value
    const to = URL.parse(value, `${url}/`)
    // A template stays one.
    return to?.origin === originOf(url)
      ? own + to.href.slice(to.origin.length).replaceAll('%7B', '{').replaceAll('%7D', '}')
      : value
  })
}

const linkOf = ({ _links: links }: Json, name: string) => links?.[name]?.href

const toText = ({ status, text }: Exchange) => `${status}${text && `: ${text}`}`

function toJson({ text }: Exchange): Json | undefined {
  const json = parseJson(text)
  return typeof json === 'object' && json !== null ? (json as Json) : undefined
}
