/** A whole verification: find out about the server, let Pact ask it, look at what a schema cannot say, and judge. */
import { NO_PACT, openDesk, type Broker, type Publication } from './broker.ts'
import { runChecks } from './checks.ts'
import { EXIT, VerifyFailure } from './failure.ts'
import type { PactFile } from './pact-file.ts'
import type { Source } from './pact.ts'
import { preflight, type Provider, type Target } from './preflight.ts'
import { inconclusive, openTrial, type Trial } from './trial.ts'
import type { Judged } from './verdict.ts'

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
  broker?: (Broker & { source: Omit<Source, 'pactUrls' | 'pactBrokerUrl'> }) | undefined
  /** The token of an ordinary user. */
  second: string | undefined
  /** Says what is being done. */
  progress?(step: string): void
}

/** @throws VerifyFailure */
export async function verify({
  target,
  release,
  pacts,
  broker,
  second,
  progress = () => {},
}: Asking): Promise<Verification> {
  progress(`asking ${target.base} who it is`)
  const found = await preflight(target, release)
  const providerVersion = broker?.source.providerVersion ?? found.stated
  if (broker?.mayPublish && providerVersion === undefined)
    throw new VerifyFailure(
      EXIT.usage,
      found.base,
      'does not say which release it is',
      'Give what the results are for: --provider-version VERSION',
    )
  const trial = await openTrial(found, progress)
  try {
    const interactions: Judged[] = []
    for (const { content, isShipped } of pacts) interactions.push(...(await trial.run(content, isShipped)))
    const fromBroker = broker && (await askBroker(broker, providerVersion, trial, progress))
    progress('looking at what a schema cannot say')
    const checks = await runChecks(found, second)
    const { token: _token, ca: _ca, exchange: _exchange, ...provider } = found
    return {
      provider,
      interactions: [...interactions, ...(fromBroker?.interactions ?? [])],
      checks,
      publications: fromBroker?.publications ?? [],
    }
  } finally {
    trial.close()
  }
}

/** Has Pact ask a broker for pacts, and publish what came of them where it may. */
async function askBroker(
  { source, ...broker }: NonNullable<Asking['broker']>,
  providerVersion: string | undefined,
  trial: Trial,
  progress: (step: string) => void,
): Promise<Pick<Verification, 'interactions' | 'publications'>> {
  const desk = await openDesk(broker, trial.admit)
  try {
    progress(`asking ${broker.url} for pacts`)
    const verdictsOn = await trial
      .runFrom({ ...source, providerVersion, pactBrokerUrl: desk.url })
      .finally(() => desk.check())
    const interactions = desk.handed.length
      ? []
      : [inconclusive(`the pacts at ${broker.url}`, 'the broker has none that was asked for')]
    for (const { consumer, pact } of desk.handed)
      interactions.push(...(pact ? await verdictsOn(pact) : [inconclusive(`the pact of ${consumer}`, NO_PACT)]))
    return { interactions, publications: desk.publications() }
  } finally {
    desk.close()
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
const breaks = ({ verdict, findings }: Judged) =>
  verdict === 'new drift' && findings.some(({ deviation, isAddition }) => deviation === undefined && !isAddition)

/** Whether no authorization code was looked at: that a server refuses, or has no row, says nothing about those that it has. */
export const isEmpty = (interactions: readonly Judged[]) =>
  !interactions.some(
    ({ operation, verdict, status = 0 }) =>
      operation === 'oauth2_authorization_codes_retrieve' && verdict !== 'inconclusive' && status < 300,
  )
