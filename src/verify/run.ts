/** A whole verification: find out about the server, let Pact ask it, look at what a schema cannot say, and judge. */
import { runChecks } from './checks.ts'
import { EXIT } from './failure.ts'
import { isReading, openGate, type Passage } from './gate.ts'
import type { Interaction, PactFile } from './pact-file.ts'
import { startPact, type Pact, type Result } from './pact.ts'
import { preflight, type Provider, type Target } from './preflight.ts'
import { statesOf } from './states.ts'
import { judge, type Judged } from './verdict.ts'

export interface Verification {
  provider: Omit<Provider, 'token' | 'ca'>
  interactions: Judged[]
  checks: Judged[]
}

export interface Asking {
  target: Target
  /** The release it should be; undefined to find out. */
  release: string | undefined
  pacts: readonly { content: PactFile; isShipped: boolean }[]
  /** The token of an ordinary user. */
  second: string | undefined
  /** Says what is being done. */
  progress?(step: string): void
}

/** @throws VerifyFailure */
export async function verify({ target, release, pacts, second, progress = () => {} }: Asking): Promise<Verification> {
  progress(`asking ${target.base} who it is`)
  const found = await preflight(target, release)
  const states = statesOf(found)
  const gate = await openGate(found, ({ state, params }) => states.prepare({ name: state, params }))
  let pact: Pact | undefined
  try {
    pact = startPact(gate.url)
    const interactions: Judged[] = []
    for (const { content, isShipped } of pacts) {
      progress(`looking for rows that the contract of ${content.consumer.name} needs`)
      await states.find(content.interactions.flatMap(({ providerStates = [] }) => providerStates))
      const lacking = ({ providerStates, request }: Interaction) =>
        isReading(request.method) ? states.lacking(providerStates) : [`${request.method} would write, and nothing is ever written to a server that is verified`]
      const possible = content.interactions.filter((interaction) => lacking(interaction).length === 0)
      progress(`verifying ${possible.length} interactions of ${content.consumer.name}`)
      const from = gate.passages.length
      const results = possible.length ? await pact.verifyFile({ ...content, interactions: possible }) : []
      const resultOf = (interaction: Interaction) => results.find((one) => isOf(one, interaction))
      const answerTo = (interaction: Interaction) => gate.passages.slice(from).find((one) => answers(one, interaction))
      interactions.push(...judge({ pact: content, isShipped, provider: found, resultOf, answerTo, lacking }))
    }
    progress('looking at what a schema cannot say')
    const { token: _token, ca: _ca, ...provider } = found
    return { provider, interactions, checks: await runChecks(found, second) }
  } finally {
    pact?.stop()
    gate.close()
  }
}

const isOf = (one: Result, { description, providerStates = [] }: Interaction) =>
  one.description === description && one.providerStates.join('\n') === providerStates.map(({ name }) => name).join('\n')

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

export function exitOf({ interactions, checks }: Verification, failOn: FailOn): number {
  const binding = interactions.filter(({ pending }) => !pending)
  const all = [...binding, ...checks]
  const has = (judged: readonly Judged[], verdict: Judged['verdict']) => judged.some((one) => one.verdict === verdict)
  if (binding.some(breaks)) return EXIT.broken
  if (has(all, 'new drift')) return EXIT.drift
  if (failOn !== 'new' && has(all, 'known deviation')) return EXIT.drift
  if (failOn === 'any' && has(all, 'inconclusive')) return EXIT.drift
  return isEmpty(interactions) ? EXIT.nothing : EXIT.conforms
}

/** Whether a contract is broken: an answer that only has more than is documented breaks none. */
const breaks = ({ verdict, findings }: Judged) => verdict === 'new drift' && findings.some(({ deviation, isAddition }) => deviation === undefined && !isAddition)

/** Whether no authorization code was looked at: that a server refuses, or has no row, says nothing about those that it has. */
export const isEmpty = (interactions: readonly Judged[]) =>
  !interactions.some(({ operation, verdict, status = 0 }) => operation === 'oauth2_authorization_codes_retrieve' && verdict !== 'inconclusive' && status < 300)
