/**
 * The pacts that a Pact Broker chose. Pact gets each as several smaller ones, which takes it far less time, and the broker
 * gets their results as one.
 */
import { isObject, parseJson, readKey } from '../../schema/json.ts'
import { toPactFile, type PactFile } from './pact-file.ts'
import { slice } from './pact.ts'

/** A page of the broker, in HAL. */
export type Page = Record<string, unknown> & { _links?: Record<string, { href?: string } | undefined> }

/** What became of a result that was to be published. */
export interface Publication {
  consumer: string
  outcome: 'published' | 'withheld' | 'failed'
  /** Why it was not published. */
  because?: string
}

/** A pact that the broker chose. */
export interface ChosenPact {
  consumer: string
  /** Undefined for one that cannot be read. */
  pact: PactFile | undefined
  /** What became of its result; undefined while nothing did. */
  outcome?: Publication['outcome']
  because?: string
}

/** A result that Pact wants to publish. */
interface PactResult {
  /** Where the broker takes it. */
  path: string
  /** JSON. */
  body: string
}

/** The pacts that a broker chose, as Pact gets them. */
export interface BrokerPacts {
  /** In the order in which the broker names them. */
  chosenPacts: readonly ChosenPact[]
  /** Adds a pact that the broker chose. @returns the paths of its slices, which are below no path of a broker */
  add(page: Page): string[]
  /** Makes the slice at a path, with what of it can be tried. @returns undefined where there is none */
  makeSlice(path: string): Promise<Page> | undefined
  /**
   * Takes the result of a slice.
   *
   * @returns the result of the pact, once each of its slices has one; undefined before, and for one that is withheld
   */
  addResult(result: PactResult): PactResult | undefined
  /** Says what became of the result of a pact. @param path where the broker takes it */
  conclude(path: string, outcome: Publication['outcome'], because?: string): void
}

/** A chosen pact, and what is to be put together of its slices. */
interface SlicedPact extends ChosenPact {
  makeSlice(index: number): Promise<Page>
  resultPath: string | undefined
  /** The results of its slices, by their index. */
  results: (string | undefined)[]
}

const RESULTS = 'pb:publish-verification-results'
const SLICES = '/authentik-mock/slices/'
const SLICE_RESULT = '/result'

/**
 * Keeps the pacts that a broker chooses.
 *
 * @param toPath turns a link of the broker into a path
 * @param admit leaves in a pact only what can be tried; it is called once for each
 */
export function createBrokerPacts(
  toPath: (link: string) => string,
  admit: (pact: PactFile) => Promise<PactFile>,
): BrokerPacts {
  const chosenPacts: SlicedPact[] = []
  const slices = new Map<string, { sliced: SlicedPact; index: number }>()

  return {
    chosenPacts,
    add(page) {
      const { _links: links } = page
      const resultLink = links?.[RESULTS]?.href
      const sliced = slicePact(page, resultLink === undefined ? undefined : toPath(resultLink), admit)
      chosenPacts.push(sliced)
      return sliced.results.map((_, index) => {
        const path = SLICES + slices.size
        slices.set(path, { sliced, index })
        return path
      })
    },
    makeSlice(path) {
      const entry = slices.get(path)
      return entry?.sliced
        .makeSlice(entry.index)
        .then((page) => (entry.sliced.resultPath === undefined ? page : withLink(page, RESULTS, path + SLICE_RESULT)))
    },
    addResult(result) {
      const entry = slices.get(result.path.replace(/\/result$/, ''))
      if (entry?.sliced.resultPath === undefined) return result
      const { resultPath, results, outcome } = entry.sliced
      results[entry.index] = result.body
      const bodies = results.filter((body) => body !== undefined)
      if (outcome === 'withheld' || bodies.length < results.length) return undefined
      return { path: resultPath, body: mergeResults(bodies) }
    },
    conclude(path, outcome, because) {
      const chosen = chosenPacts.find(({ resultPath }) => resultPath === path)
      if (chosen) Object.assign(chosen, { outcome, because })
    },
  }
}

/** Cuts a pact of the broker into slices, each a page as the pact's own. */
function slicePact(
  page: Page,
  resultPath: string | undefined,
  admit: (pact: PactFile) => Promise<PactFile>,
): SlicedPact {
  const pact = toPactFile(page)
  let admitted: Promise<PactFile> | undefined
  const sliced: SlicedPact = {
    consumer: pact?.consumer.name ?? 'nobody',
    pact,
    resultPath,
    results: slice(pact?.interactions ?? []).map(() => undefined),
    async makeSlice(index) {
      // What is empty here is only the end of a pact that is withheld.
      const whole = pact && (await (admitted ??= admit(pact)))
      const because = explainWithholding(pact, whole)
      if (because !== undefined) Object.assign(sliced, { outcome: 'withheld', because })
      return { ...page, ...whole, interactions: slice(whole?.interactions ?? [])[index] ?? [], messages: undefined }
    },
  }
  return sliced
}

const withLink = ({ _links: links, ...page }: Page, name: string, href: string): Page => ({
  ...page,
  _links: { ...links, [name]: { href } },
})

/** The reason that is given for what is no pact. */
export const NO_PACT = 'it is no pact that can be read'

/** Says why the result of a pact is not published: neither a success nor a failure is known of one that was tried in part. */
function explainWithholding(pact: PactFile | undefined, admitted: PactFile | undefined): string | undefined {
  if (!pact || !admitted) return NO_PACT
  const untriedCount = pact.messageDescriptions.length + pact.interactions.length - admitted.interactions.length
  return untriedCount ? `${untriedCount} of its interactions could not be tried` : undefined
}

/** Makes the result of a pact out of those of its slices: it succeeds when each does, and tells of each interaction. */
function mergeResults(bodies: readonly string[]): string {
  const results = bodies.map(parseJson)
  const [first] = results
  if (results.length < 2 || !isObject(first)) return bodies.join('')
  const testResults = results.flatMap((result) => readKey(result, 'testResults') ?? [])
  return JSON.stringify({ ...first, success: results.every((result) => readKey(result, 'success')), testResults })
}
