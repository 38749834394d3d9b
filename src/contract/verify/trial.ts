/** Pacts tried against a server: what of them can be, and what becomes of it. */
import { isReading, marked, openGate } from './gate.ts'
import type { Interaction, PactFile } from './pact-file.ts'
import { findPact, startPact, type Result, type Source } from './pact.ts'
import type { Provider } from './preflight.ts'
import { statesOf } from './states.ts'
import { judge, type Judged } from './verdict.ts'

export interface Trial {
  /** A verdict for each interaction of a pact that is at hand. */
  run(pact: PactFile, isShipped: boolean): Promise<Judged[]>
  /** What of a pact can be tried, once its states were looked for. */
  admit(pact: PactFile): Promise<PactFile>
  /** Has Pact get its pacts from somewhere else, where they are admitted. @returns the verdicts on each of those, in turn */
  runFrom(source: Source): Promise<(pact: PactFile) => Promise<Judged[]>>
  close(): void
}

/** @param progress is told what is done. @throws VerifyFailure when Pact is not installed */
export async function openTrial(provider: Provider, progress: (step: string) => void): Promise<Trial> {
  const library = findPact()
  const states = statesOf(provider)
  /** Why an interaction is not tried. */
  const left = new Map<Interaction, string[]>()
  /** By which an interaction that is tried is known again. */
  const marks = new Map<Interaction, string>()
  let [done, total] = [0, 0]
  const gate = await openGate(provider, states.prepare, () => progress(`verifying interaction ${++done} of ${total}`))
  const pact = startPact(library, gate.url)

  const admit: Trial['admit'] = async (content) => {
    progress(`looking for rows that the contract of ${content.consumer.name} needs`)
    await states.find(content.interactions.flatMap(({ providerStates }) => providerStates))
    const interactions: Interaction[] = []
    for (const one of content.interactions) {
      const { method } = one.request
      const reasons = isReading(method)
        ? states.lacking(one.providerStates)
        : [`${method} would write, and nothing is ever written to a server that is verified`]
      left.set(one, reasons)
      if (reasons.length) continue
      marks.set(one, String(++total))
      interactions.push(marked(one, marks.get(one)!))
    }
    return { ...content, interactions }
  }

  const judgeBy = (content: PactFile, isShipped: boolean, resultOf: (one: Interaction) => Result | undefined) =>
    judge({
      pact: content,
      isShipped,
      provider,
      resultOf,
      lacking: (one) => left.get(one) ?? [],
      answerTo: (one) => gate.passages.get(marks.get(one)!),
    })

  async function tryOnce(content: PactFile, isShipped: boolean): Promise<Judged[]> {
    const admitted = await admit(content)
    const results = admitted.interactions.length ? await pact.verify({ pactUrls: [gate.offer(admitted)] }) : []
    return judgeBy(content, isShipped, inTurn(results, content))
  }

  /** Rows come and go on a server that is used: where one went that was looked at, another is. */
  async function again(content: PactFile, isShipped: boolean, judged: Judged[]): Promise<Judged[]> {
    const seen = ({ providerStates }: Interaction) => JSON.stringify(providerStates.map(states.prepare))
    const drifted = content.interactions.filter(
      ({ providerStates }, at) => judged[at]!.verdict === 'new drift' && providerStates.length > 0,
    )
    const before = new Map(drifted.map((one) => [one, seen(one)]))
    await states.find(drifted.flatMap(({ providerStates }) => providerStates))
    const moved = drifted.filter((one) => seen(one) !== before.get(one))
    if (moved.length === 0) return judged
    const anew = await tryOnce({ ...content, interactions: moved }, isShipped)
    return judged.map((one, at) => anew[moved.indexOf(content.interactions[at]!)] ?? one)
  }

  const whole = async (content: PactFile, isShipped: boolean, judged: Judged[]) => [
    ...(await again(content, isShipped, judged)),
    ...content.others.map((name) => inconclusive(name, 'it is no request')),
  ]

  return {
    admit,
    run: async (content, isShipped) => whole(content, isShipped, await tryOnce(content, isShipped)),
    async runFrom(source) {
      const results = await pact.verify(source)
      return (content) => whole(content, false, judgeBy(content, false, inTurn(results, content)))
    },
    close() {
      pact.stop()
      gate.close()
    },
  }
}

export const inconclusive = (name: string, text: string): Judged => ({
  name,
  verdict: 'inconclusive',
  findings: [{ path: '', text }],
})

/** What Pact made of an interaction: taken away from the results, because two versions of a pact have the same. */
function inTurn(results: Result[], { consumer }: PactFile): (interaction: Interaction) => Result | undefined {
  return ({ description, providerStates }) => {
    const names = providerStates.map(({ name }) => name).join('\n')
    const at = results.findIndex(
      (one) =>
        one.consumer === consumer.name && one.description === description && one.providerStates.join('\n') === names,
    )
    return at < 0 ? undefined : results.splice(at, 1)[0]
  }
}
