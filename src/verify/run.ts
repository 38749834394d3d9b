/** A whole verification: find out about the server, let Pact ask it, look at what a schema cannot say, and judge. */
import { runChecks } from './checks.ts'
import { EXIT } from './failure.ts'
import { isReading, openGate, type Passage } from './gate.ts'
import { runPact } from './pact.ts'
import { preflight, type Provider, type Target } from './preflight.ts'
import { findStates } from './states.ts'
import { judge, type Judged, type Judging, type PactFile } from './verdict.ts'

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
}

/** @throws VerifyFailure */
export async function verify({ target, release, pacts, second }: Asking): Promise<Verification> {
  const found = await preflight(target, release)
  const states = await findStates(
    found,
    pacts.flatMap(({ content }) => content.interactions.flatMap(({ providerStates = [] }) => providerStates)),
  )
  const gate = await openGate(found, ({ state, params }) => states.prepare({ name: state, params }))
  try {
    const interactions: Judged[] = []
    for (const { content, isShipped } of pacts) {
      const from = gate.passages.length
      const lacking: Judging['lacking'] = ({ providerStates, request }) =>
        isReading(request.method) ? states.lacking(providerStates) : [`${request.method} would write, and nothing is ever written to a server that is verified`]
      const possible = content.interactions.filter((interaction) => lacking(interaction).length === 0)
      const mismatches = possible.length ? await runPact(gate.url, { ...content, interactions: possible }) : []
      const answerTo: Judging['answerTo'] = (interaction) => gate.passages.slice(from).find((one) => isOf(one, interaction))
      interactions.push(...judge({ pact: content, isShipped, mismatches, release: found.release, answerTo, lacking }))
    }
    const { token: _token, ca: _ca, ...provider } = found
    return { provider, interactions, checks: await runChecks(found, second) }
  } finally {
    gate.close()
  }
}

/** Whether an answer is the one that an interaction got: in its states, from its path, and to its query. */
function isOf({ states, url, method }: Passage, { providerStates = [], request }: PactFile['interactions'][number]): boolean {
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
function pathOf({ path, generators }: PactFile['interactions'][number]['request']): RegExp {
  const expression = generators?.path?.expression
  const parts = (expression ?? path).split(expression === undefined ? /(?!)/ : /\$\{[^}]*\}/)
  return new RegExp(`^${parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('[^/]+')}$`)
}

/** Which of what was found makes a verification fail. */
export type FailOn = 'new' | 'known' | 'any'

export function exitOf({ interactions, checks }: Verification, failOn: FailOn): number {
  const has = (judged: readonly Judged[], verdict: Judged['verdict']) => judged.some((one) => one.verdict === verdict)
  if (has(interactions, 'new drift')) return EXIT.broken
  if (has(checks, 'new drift')) return EXIT.drift
  if (failOn !== 'new' && has([...interactions, ...checks], 'known deviation')) return EXIT.drift
  if (failOn === 'any' && has([...interactions, ...checks], 'inconclusive')) return EXIT.drift
  return isEmpty(interactions) ? EXIT.nothing : EXIT.conforms
}

/** Whether no authorization code was looked at: that a server refuses, or has no row, says nothing about those that it has. */
export const isEmpty = (interactions: readonly Judged[]) =>
  !interactions.some(({ operation, verdict, status = 0 }) => operation === 'oauth2_authorization_codes_retrieve' && verdict !== 'inconclusive' && status < 300)
