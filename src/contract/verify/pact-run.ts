/** Has Pact verify pacts against a server: it decides what of a pact can be tried, and judges what came of it. */
import { findRelease } from '../../authentik/releases/index.ts'
import { explainHeaders } from './connection-headers.ts'
import type { Interaction, PactFile } from './pact-file.ts'
import {
  failUnreadable,
  findPact,
  LANES,
  slice,
  startPact,
  type Outcome,
  type PactSource,
  type Result,
} from './pact.ts'
import { findRefused } from './permissions.ts'
import type { Provider } from './preflight.ts'
import { isReading, openProviderProxy } from './provider-proxy.ts'
import { statesOf, type States } from './states.ts'
import { judge, type Judged } from './verdict.ts'

/** A run of Pact's verifier, which may verify several pacts in turn. */
export interface PactRun {
  /** Verifies a pact. @returns a verdict for each of its interactions */
  verifyPact(pact: PactFile, isShipped: boolean): Promise<Judged[]>
  /** Looks for the states of a pact. @returns the pact with those interactions alone that can be tried */
  admit(pact: PactFile): Promise<PactFile>
  /**
   * Has Pact get its pacts from sources, side by side, which have to hand each of them to `admit`.
   *
   * @returns a function that judges those pacts, and has to be called for each in the order of the sources
   */
  verifySources(sources: readonly PactSource[]): Promise<(pact: PactFile) => Promise<Judged[]>>
  close(): void
}

/**
 * Starts Pact, and a proxy to the server.
 *
 * @param progress is called with each step
 * @throws VerifyFailure when Pact is not installed
 */
export async function openPactRun(provider: Provider, progress: (step: string) => void): Promise<PactRun> {
  const library = findPact()
  const refused = provider.caller.superuser ? new Set<string>() : await findRefused(findRelease(provider.release))
  const states = statesOf(provider)
  let [forwardedCount, selectedCount] = [0, 0]
  const proxy = await openProviderProxy(provider, states.prepare, () =>
    progress(`verifying interaction ${++forwardedCount} of ${selectedCount}`),
  )
  const selection = createSelection(states, (interaction) => {
    selectedCount++
    return proxy.mark(interaction)
  })
  const verifier = startPact(library, proxy.url)

  const admitAs = async (pact: PactFile, isShipped: boolean) => {
    progress(`looking for rows that the contract of ${pact.consumer.name} needs`)
    // A consumer may rely on the row that it names; the contract that is shipped names examples.
    await states.find(
      pact.interactions.flatMap(({ providerStates }) => providerStates),
      !isShipped,
    )
    return { ...pact, interactions: pact.interactions.flatMap(selection.select) }
  }

  const judgeResults = (pact: PactFile, isShipped: boolean, { results, unreadable }: Outcome) =>
    judge({
      pact,
      isShipped,
      provider,
      refused,
      findResult: (interaction) => takeResult(results, pact, interaction),
      explainSkip: selection.explainSkip,
      unreadable,
      findExchange: proxy.findExchange,
    })

  async function verifyOnce(pact: PactFile, isShipped: boolean): Promise<Judged[]> {
    const admitted = await admitAs(pact, isShipped)
    const slices = admitted.interactions.length ? slice(admitted.interactions) : []
    const outcomes = await mapInLanes(slices, async (interactions) =>
      checkReadable(await verifier.verify({ pactUrls: [proxy.offer({ ...admitted, interactions })] })),
    )
    return judgeResults(pact, isShipped, joinOutcomes(outcomes))
  }

  const conclude = async (pact: PactFile, isShipped: boolean, judged: Judged[]) => [
    ...(await retryDrifted(pact, judged, { states, isShipped }, (moved) => verifyOnce(moved, isShipped))),
    ...pact.messageDescriptions.map((name) => toInconclusive(name, 'it is no request')),
  ]

  return {
    admit: (pact) => admitAs(pact, false),
    verifyPact: async (pact, isShipped) => conclude(pact, isShipped, await verifyOnce(pact, isShipped)),
    async verifySources(sources) {
      const outcome = checkReadable(joinOutcomes(await Promise.all(sources.map(verifier.verify))))
      return (pact) => conclude(pact, false, judgeResults(pact, false, outcome))
    },
    close() {
      verifier.stop()
      proxy.close()
    },
  }
}

const joinOutcomes = (outcomes: readonly Outcome[]): Outcome => ({
  results: outcomes.flatMap(({ results }) => results),
  unreadable: [...new Set(outcomes.flatMap(({ unreadable }) => unreadable))],
})

/** Gives an outcome back. @throws VerifyFailure where Pact could read nothing */
function checkReadable(outcome: Outcome): Outcome {
  const { results, unreadable } = outcome
  if (results.length === 0 && unreadable.length) throw failUnreadable(unreadable)
  return outcome
}

/** Maps a list, a few of its elements at a time. @returns the results in the order of the list */
async function mapInLanes<T, R>(list: readonly T[], map: (element: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const rest = list.entries()
  const drive = async () => {
    for (const [index, element] of rest) results[index] = await map(element)
  }
  await Promise.all(Array.from({ length: LANES }, drive))
  return results
}

/** Selects the interactions that can be tried, and has each of them marked so that the proxy recognizes it. */
function createSelection(states: States, mark: (interaction: Interaction) => Interaction) {
  const reasonsToSkip = new Map<Interaction, string[]>()
  return {
    explainSkip: (interaction: Interaction) => reasonsToSkip.get(interaction) ?? [],
    /** @returns the interaction with its mark; nothing when it cannot be tried */
    select(this: void, interaction: Interaction): Interaction[] {
      const { method } = interaction.request
      const reasons = isReading(method)
        ? [...explainHeaders(interaction), ...states.explainMissing(interaction.providerStates)]
        : [`${method} would write, and nothing is ever written to a server that is verified`]
      reasonsToSkip.set(interaction, reasons)
      return reasons.length ? [] : [mark(interaction)]
    },
  }
}

/**
 * Tries what drifted once more where another row fits its states by then, because rows come and go on a server that is
 * used.
 */
async function retryDrifted(
  pact: PactFile,
  judged: Judged[],
  { states, isShipped }: { states: States; isShipped: boolean },
  verify: (pact: PactFile) => Promise<Judged[]>,
): Promise<Judged[]> {
  const toRows = ({ providerStates }: Interaction) => JSON.stringify(providerStates.map(states.prepare))
  const drifted = pact.interactions.filter(
    ({ providerStates }, index) => judged[index]?.verdict === 'new drift' && providerStates.length > 0,
  )
  const formerRows = new Map(drifted.map((interaction) => [interaction, toRows(interaction)]))
  await states.find(
    drifted.flatMap(({ providerStates }) => providerStates),
    !isShipped,
  )
  const moved = drifted.filter((interaction) => toRows(interaction) !== formerRows.get(interaction))
  if (moved.length === 0) return judged
  const retried = await verify({ ...pact, interactions: moved })
  const newVerdicts = new Map(moved.map((interaction, index) => [interaction, retried[index]]))
  return pact.interactions.flatMap((interaction, index) => newVerdicts.get(interaction) ?? judged[index] ?? [])
}

/** Makes the verdict on something that was not tried, with the reason. */
export const toInconclusive = (name: string, text: string): Judged => ({
  name,
  verdict: 'inconclusive',
  findings: [{ path: '', text }],
})

/**
 * Takes what Pact made of an interaction out of the results, so that of two versions of a pact, whose interactions look
 * alike, each gets its own.
 */
function takeResult(
  results: Result[],
  { consumer }: PactFile,
  { description, providerStates }: Interaction,
): Result | undefined {
  const names = providerStates.map(({ name }) => name).join('\n')
  const index = results.findIndex(
    (result) =>
      result.consumer === consumer.name &&
      result.description === description &&
      result.providerStates.join('\n') === names,
  )
  return index < 0 ? undefined : results.splice(index, 1)[0]
}
