/** A whole verification: find out about the server, let Pact ask it, look at what a schema cannot say, and judge. */
import { NO_PACT, openDesk, type Broker, type Publication } from './broker.ts'
import { runChecks } from './checks.ts'
import { EXIT, VerifyFailure } from './failure.ts'
import { isReading, marked, openGate } from './gate.ts'
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
  /** Why an interaction is not tried. */
  const left = new Map<Interaction, string[]>()
  /** By which an interaction that is tried is known again. */
  const marks = new Map<Interaction, string>()
  let done = 0
  /** What of a pact can be tried, once its states were looked for. */
  const admit = async (content: PactFile): Promise<PactFile> => {
    progress(`looking for rows that the contract of ${content.consumer.name} needs`)
    await states.find(content.interactions.flatMap(({ providerStates }) => providerStates))
    const interactions: Interaction[] = []
    for (const one of content.interactions) {
      const { method } = one.request
      const reasons = isReading(method) ? states.lacking(one.providerStates) : [`${method} would write, and nothing is ever written to a server that is verified`]
      left.set(one, reasons)
      if (reasons.length) continue
      marks.set(one, String(marks.size))
      interactions.push(marked(one, marks.get(one)!))
    }
    return { ...content, interactions }
  }
  const gate = await openGate(found, states.prepare, () => progress(`verifying interaction ${++done} of ${marks.size}`))
  const desk = broker && (await openDesk(broker, admit))
  let pact: Pact | undefined
  try {
    const verifier = (pact = startPact(gate.url))
    const judgeAll = (content: PactFile, isShipped: boolean, resultOf: Judging['resultOf']) =>
      judge({
        pact: content,
        isShipped,
        provider: found,
        resultOf,
        lacking: (one) => left.get(one) ?? [],
        answerTo: (one) => gate.passages.findLast(({ mark }) => mark === marks.get(one)),
      })
    const tryAll = async (content: PactFile, isShipped: boolean) => {
      const admitted = await admit(content)
      const results = admitted.interactions.length ? await verifier.verify({ pactUrls: [gate.offer(admitted)] }) : []
      return judgeAll(content, isShipped, inTurn(results))
    }
    /** Rows come and go: where one went that was looked at, another is. */
    const tryAgain = async (content: PactFile, isShipped: boolean, judged: Judged[]): Promise<Judged[]> => {
      const seen = ({ providerStates }: Interaction) => JSON.stringify(providerStates.map(states.prepare))
      const drifted = content.interactions.filter(({ providerStates }, at) => judged[at]!.verdict === 'new drift' && providerStates.length > 0)
      const before = new Map(drifted.map((one) => [one, seen(one)]))
      await states.find(drifted.flatMap(({ providerStates }) => providerStates))
      const moved = drifted.filter((one) => seen(one) !== before.get(one))
      if (moved.length === 0) return judged
      const anew = await tryAll({ ...content, interactions: moved }, isShipped)
      return judged.map((one, at) => anew[moved.indexOf(content.interactions[at]!)] ?? one)
    }
    const others = ({ others: names }: PactFile) => names.map((name) => inconclusive(name, 'it is no request'))
    const interactions: Judged[] = []
    for (const { content, isShipped } of pacts) interactions.push(...(await tryAgain(content, isShipped, await tryAll(content, isShipped))), ...others(content))
    if (broker && desk) {
      progress(`asking ${broker.url} for pacts`)
      const results = await verifier.verify({ ...broker.source, ...(providerVersion !== undefined && { providerVersion }), pactBrokerUrl: desk.url }).finally(() => desk.check())
      const resultOf = inTurn(results)
      if (desk.handed.length === 0) interactions.push(inconclusive(`the pacts at ${broker.url}`, 'the broker has none that was asked for'))
      for (const { consumer, pact: content } of desk.handed)
        if (content) interactions.push(...(await tryAgain(content, false, judgeAll(content, false, resultOf))), ...others(content))
        else interactions.push(inconclusive(`the pact of ${consumer}`, NO_PACT))
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

/** What Pact made of an interaction: each once, because two versions of a pact have the same. */
function inTurn(results: Result[]): Judging['resultOf'] {
  const waiting = [...results]
  return ({ description, providerStates }, consumer) => {
    const names = providerStates.map(({ name }) => name).join('\n')
    const at = waiting.findIndex((one) => one.consumer === consumer && one.description === description && one.providerStates.join('\n') === names)
    return at < 0 ? undefined : waiting.splice(at, 1)[0]
  }
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
