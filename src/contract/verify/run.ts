/** Runs a whole verification: it asks the server who it is, lets Pact verify it, checks what a schema cannot say, and judges. */
import { NO_PACT, type Publication } from './broker-pacts.ts'
import { openBrokerProxy, type Broker } from './broker-proxy.ts'
import { runChecks } from './checks/run-checks.ts'
import { EXIT, VerifyFailure } from './failure.ts'
import type { PactFile } from './pact-file.ts'
import { openPactRun, toInconclusive, type PactRun } from './pact-run.ts'
import type { PactSource } from './pact.ts'
import { identifySecond, preflight, type Provider, type Target } from './preflight.ts'
import type { Judged } from './verdict.ts'

/** What came of a verification; its keys are those of the report in JSON. */
export interface Verification {
  provider: ReportedProvider
  interactions: Judged[]
  checks: Judged[]
  /** What was made known to the Pact Broker. */
  publications: readonly Publication[]
}

/** What a report says of the server: nothing secret, and the release that the server says as `stated`. */
type ReportedProvider = Omit<Provider, 'token' | 'client' | 'send' | 'statedRelease'> &
  Partial<Record<'stated', string>>

/** What to verify, and with which pacts. */
export interface VerifyOptions {
  target: Target
  /** The release that the server should be; undefined to detect it. */
  release: string | undefined
  /** A pact that is shipped is written for the release that the server is. */
  pacts: readonly { content: PactFile | ((release: string) => PactFile); isShipped: boolean }[]
  /** Where more pacts are, and which of them, in Pact's words. */
  broker?: (Broker & { source: Omit<PactSource, 'pactUrls' | 'pactBrokerUrl'> }) | undefined
  /** The token of an ordinary user, for the checks that take two tokens. */
  second: string | undefined
  /** It is called with each step, in words. */
  progress?(step: string): void
}

/** Verifies a server. @throws VerifyFailure when the server cannot be verified */
export async function verify({
  target,
  release,
  pacts,
  broker,
  second,
  progress = () => {},
}: VerifyOptions): Promise<Verification> {
  progress(`asking ${target.base} who it is`)
  const provider = await preflight(target, release)
  const secondCaller = second === undefined ? undefined : await identifySecond(provider, second)
  const providerVersion = broker?.source.providerVersion ?? provider.statedRelease
  if (broker?.mayPublish && providerVersion === undefined)
    throw new VerifyFailure(
      EXIT.usage,
      provider.base,
      'does not say which release it is',
      'Give what the results are for: --provider-version VERSION',
    )
  const pactRun = await openPactRun(provider, progress)
  try {
    const interactions: Judged[] = []
    for (const { content, isShipped } of pacts) {
      const pact = typeof content === 'function' ? content(provider.release) : content
      interactions.push(...(await pactRun.verifyPact(pact, isShipped)))
    }
    const brokered = broker && (await verifyBroker(broker, providerVersion, pactRun, progress))
    progress('looking at what a schema cannot say')
    const checks = await runChecks(provider, secondCaller)
    return {
      provider: toReported(provider),
      interactions: [...interactions, ...(brokered?.interactions ?? [])],
      checks,
      publications: brokered?.publications ?? [],
    }
  } finally {
    pactRun.close()
  }
}

function toReported({
  token: _token,
  client: _client,
  send: _send,
  statedRelease,
  ...reported
}: Provider): ReportedProvider {
  return { ...reported, ...(statedRelease === undefined ? {} : { stated: statedRelease }) }
}

/** Has Pact ask a broker for pacts, and publish what came of them where it may. */
async function verifyBroker(
  { source, ...broker }: NonNullable<VerifyOptions['broker']>,
  providerVersion: string | undefined,
  pactRun: PactRun,
  progress: (step: string) => void,
): Promise<Pick<Verification, 'interactions' | 'publications'>> {
  const proxy = await openBrokerProxy(broker, pactRun.admit)
  try {
    progress(`asking ${broker.url} for pacts`)
    const judgePact = await pactRun
      .verifySources(proxy.urls.map((pactBrokerUrl) => ({ ...source, providerVersion, pactBrokerUrl })))
      .finally(() => proxy.check())
    const interactions = proxy.chosenPacts.length
      ? []
      : [toInconclusive(`the pacts at ${broker.url}`, 'the broker has none that was asked for')]
    for (const { consumer, pact } of proxy.chosenPacts)
      interactions.push(...(pact ? await judgePact(pact) : [toInconclusive(`the pact of ${consumer}`, NO_PACT)]))
    return { interactions, publications: proxy.publications() }
  } finally {
    proxy.close()
  }
}

/** Which findings make a verification fail. */
export type FailOn = 'new' | 'known' | 'any'

/** Decides the exit code of a verification. */
export function exitOf({ interactions, checks, publications }: Verification, failOn: FailOn): number {
  const binding = interactions.filter(({ pending }) => !pending)
  const judged = [...binding, ...checks]
  const has = (verdict: Judged['verdict']) => judged.some((row) => row.verdict === verdict)
  if (binding.some(isBroken)) return EXIT.broken
  if (has('new drift')) return EXIT.drift
  if (judged.some(({ isUnreachable }) => isUnreachable)) return EXIT.unreachable
  if (failOn !== 'new' && has('known deviation')) return EXIT.drift
  if (failOn === 'any' && has('inconclusive')) return EXIT.drift
  if (publications.some(({ outcome }) => outcome === 'failed')) return EXIT.unreachable
  return hasNoCode(interactions) ? EXIT.nothing : EXIT.conforms
}

/** Whether a contract is broken: an answer that has more than is documented, or less where it may, breaks none. */
const isBroken = ({ verdict, findings }: Judged) =>
  verdict === 'new drift' &&
  findings.some(({ deviation, isAddition, isOmission }) => deviation === undefined && !isAddition && !isOmission)

/** Whether no authorization code was looked at: a server that refuses, or has no row, shows nothing of a code. */
const hasNoCode = (interactions: readonly Judged[]) =>
  !interactions.some(
    ({ operation, verdict, findings, status = 0 }) =>
      operation === 'oauth2_authorization_codes_retrieve' &&
      status < 300 &&
      // What is wrong at a place in a body was found in a code.
      (verdict !== 'inconclusive' || findings.some(({ path }) => path !== '')),
  )
