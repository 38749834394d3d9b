/** A whole verification: find out about the server, let Pact ask it, look at what a schema cannot say, and judge. */
import { NO_REQUESTS, openDesk, type Broker, type Publication } from './broker.ts'
import { runChecks } from './checks.ts'
import { EXIT, VerifyFailure } from './failure.ts'
import { isReading, openGate, type Passage } from './gate.ts'
import type { Interaction, PactFile } from './pact-file.ts'
import { startPact, type Pact, type Result, type Source } from './pact.ts'
import { preflight, type Provider, type Target } from './preflight.ts'
import { statesOf } from './states.ts'
import { judge, type Judged, type Judging } from './verdict.ts'

export interface Verification {
  provider: Omit<Provider, 'token' | 'ca' | 'exchange'>
  interactions: Judged[]
  checks: Judged[]
  /** What was made known to the Pact Broker. */
  publications: readonly Publication[]
}

export interface Asking {
  target: Target
  /** The release it should be; undefined to find out. */
  release: string | undefined
  pacts: readonly { content: PactFile; isShipped: boolean }[]
  /** Where more pacts are, and which of them, in Pact's words. */
  broker?: Broker & { source: Omit<Source, 'pactUrls' | 'pactBrokerUrl'> }
  /** The token of an ordinary user. */
  second: string | undefined
  /** Says what is being done. */
  progress?(step: string): void
}

/** @throws VerifyFailure */
export async function verify({ target, release, pacts, broker, second, progress = () => {} }: Asking): Promise<Verification> {
  progress(`asking ${target.base} who it is`)
  const found = await preflight(target, release)
  const providerVersion = broker?.source.providerVersion ?? found.stated
  if (broker?.mayPublish && providerVersion === undefined)
    throw new VerifyFailure(EXIT.usage, found.base, 'does not say which release it is', 'Give what the results are for: --provider-version VERSION')
  const states = statesOf(found)
  const lacking = ({ providerStates, request }: Interaction) =>
    isReading(request.method) ? states.lacking(providerStates) : [`${request.method} would write, and nothing is ever written to a server that is verified`]
  let [done, total] = [0, 0]
  /** What of a pact can be tried, once its states were looked for. */
  const admit = async (content: PactFile): Promise<PactFile> => {
    progress(`looking for rows that the contract of ${content.consumer.name} needs`)
    await states.find(content.interactions.flatMap(({ providerStates = [] }) => providerStates))
    const interactions = content.interactions.filter((one) => lacking(one).length === 0)
    total += interactions.length
    return { ...content, interactions }
  }
  const gate = await openGate(
    found,
    ({ state, params }) => states.prepare({ name: state, params }),
    () => progress(`verifying interaction ${++done} of ${total}`),
  )
  const desk = broker && (await openDesk(broker, admit))
  let pact: Pact | undefined
  try {
    pact = startPact(gate.url)
    const interactions: Judged[] = []
    const passages = () => gate.passages.splice(0)
    for (const { content, isShipped } of pacts) {
      const admitted = await admit(content)
      const results = admitted.interactions.length ? await pact.verify({ pactUrls: [gate.offer(admitted)] }) : []
      interactions.push(...judge({ pact: content, isShipped, provider: found, lacking, ...inTurn(results, passages()) }))
    }
    if (broker && desk) {
      progress(`asking ${broker.url} for pacts`)
      const results = await pact.verify({ ...broker.source, ...(providerVersion !== undefined && { providerVersion }), pactBrokerUrl: desk.url }).finally(() => desk.check())
      const inOrder = inTurn(results, passages())
      if (desk.handed.length === 0) interactions.push(inconclusive(`the pacts at ${broker.url}`, 'the broker has none that was asked for'))
      for (const { consumer, pact: content } of desk.handed)
        if (content) interactions.push(...judge({ pact: content, isShipped: false, provider: found, lacking, ...inOrder }))
        else interactions.push(inconclusive(`the pact of ${consumer}`, NO_REQUESTS))
    }
    progress('looking at what a schema cannot say')
    const { token: _token, ca: _ca, exchange: _exchange, ...provider } = found
    return { provider, interactions, checks: await runChecks(found, second), publications: desk?.publications() ?? [] }
  } finally {
    pact?.stop()
    desk?.close()
    gate.close()
  }
}

const inconclusive = (name: string, text: string): Judged => ({ name, verdict: 'inconclusive', findings: [{ path: '', text }] })

/** What Pact made of an interaction, and what it was answered: each once, because two versions of a pact have the same. */
function inTurn(results: Result[], passages: Passage[]): Pick<Judging, 'resultOf' | 'answerTo'> {
  const take = <T>(all: T[], fits: (one: T) => boolean): T | undefined => {
    const at = all.findIndex(fits)
    return at < 0 ? undefined : all.splice(at, 1)[0]
  }
  return {
    resultOf: (interaction, consumer) => take(results, (one) => isOf(one, interaction, consumer)),
    answerTo: (interaction) => take(passages, (one) => answers(one, interaction)),
  }
}

const isOf = (one: Result, { description, providerStates = [] }: Interaction, consumer: string) =>
  one.consumer === consumer && one.description === description && one.providerStates.join('\n') === providerStates.map(({ name }) => name).join('\n')

/** Whether an answer is the one that an interaction got: in its states, from its path, and to its query. */
function answers({ states, url, method }: Passage, { providerStates = [], request }: Interaction): boolean {
  const wanted = providerStates.map(({ name, params = {} }) => [name, params])
  const { query: given = {} } = request
  const query = new URLSearchParams(typeof given === 'string' ? given : Object.entries(given).flatMap(([name, values]) => [values].flat().map((value) => [name, String(value)])))
  const { pathname, searchParams: asked } = new URL(url, 'http://gate')
  query.sort()
  asked.sort()
  return (
    method === request.method &&
    pathOf(request).test(pathname) &&
    String(query) === String(asked) &&
    JSON.stringify(states.map(({ state, params }) => [state, params])) === JSON.stringify(wanted)
  )
}

/** What an interaction's path looks like once the state's values are in it. */
function pathOf({ path, generators }: Interaction['request']): RegExp {
  const expression = generators?.path?.expression
  const parts = (expression ?? path).split(expression === undefined ? /(?!)/ : /\$\{[^}]*\}/)
  return new RegExp(`^${parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('[^/]+')}$`)
}

/** Which of what was found makes a verification fail. */
export type FailOn = 'new' | 'known' | 'any'

export function exitOf({ interactions, checks, publications }: Verification, failOn: FailOn): number {
  const binding = interactions.filter(({ pending }) => !pending)
  const all = [...binding, ...checks]
  const has = (judged: readonly Judged[], verdict: Judged['verdict']) => judged.some((one) => one.verdict === verdict)
  if (binding.some(breaks)) return EXIT.broken
  if (has(all, 'new drift')) return EXIT.drift
  if (all.some(({ isUnreachable }) => isUnreachable)) return EXIT.unreachable
  if (failOn !== 'new' && has(all, 'known deviation')) return EXIT.drift
  if (failOn === 'any' && has(all, 'inconclusive')) return EXIT.drift
  if (publications.some(({ outcome }) => outcome === 'failed')) return EXIT.unreachable
  return isEmpty(interactions) ? EXIT.nothing : EXIT.conforms
}

/** Whether a contract is broken: an answer that only has more than is documented breaks none. */
const breaks = ({ verdict, findings }: Judged) => verdict === 'new drift' && findings.some(({ deviation, isAddition }) => deviation === undefined && !isAddition)

/** Whether no authorization code was looked at: that a server refuses, or has no row, says nothing about those that it has. */
export const isEmpty = (interactions: readonly Judged[]) =>
  !interactions.some(({ operation, verdict, status = 0 }) => operation === 'oauth2_authorization_codes_retrieve' && verdict !== 'inconclusive' && status < 300)
