/** Runs every check, and judges what came of it. */
import { findRelease } from '../../../authentik/releases/index.ts'
import { VerifyFailure } from '../failure.ts'
import { checkPatience, createAsk, type Ask, type Provider } from '../preflight.ts'
import type { Judged } from '../verdict.ts'
import { ACCESS_CHECKS } from './access.ts'
import { Unreadable, type Check, type Conclusion, type Server } from './check.ts'
import { expiry } from './expiry.ts'
import { nested } from './nested.ts'
import { pages } from './pages.ts'
import { refusals } from './refusals.ts'
import { signingKeys } from './signing-keys.ts'

const CHECKS: readonly Check[] = [...ACCESS_CHECKS, expiry, nested, pages, refusals, signingKeys]

/** Runs every check. @param second an ordinary user, for the checks that take two tokens */
export async function runChecks(provider: Provider, second: Server['second']): Promise<Judged[]> {
  const release = findRelease(provider.release)
  const ask = rememberAnswers(createAsk(provider), provider.base)
  const askPage = (path: string) =>
    provider
      .send({ url: `${provider.base}${path}`, headers: { Accept: 'application/json' } })
      .then((answer) => checkPatience(answer, provider.base))
  const server: Server = { ask, askPage, release, isExact: provider.isExact, second }
  const judged: Judged[] = []
  for (const check of CHECKS) {
    const outcome = await check.run(server).then(toOutcome, toFailure)
    judged.push(judgeOutcome(check, server, outcome))
  }
  return judged
}

/** What a check came to, and whether there was an answer to look at. */
interface Outcome {
  findings: Extract<Conclusion, unknown[] | string>
  extent?: string
  isReadable?: boolean
  isUnreachable?: true
}

const toOutcome = (conclusion: Conclusion): Outcome =>
  typeof conclusion === 'string' || Array.isArray(conclusion) ? { findings: conclusion } : conclusion

function toFailure(error: unknown): Outcome {
  if (error instanceof VerifyFailure) return { findings: error.message, isReadable: false, isUnreachable: true }
  if (!(error instanceof Unreadable)) throw error
  return { findings: error.isWrong ? [{ path: error.path, text: error.message }] : error.message, isReadable: false }
}

function judgeOutcome(
  { id, title, advisory, isKnownIn, isAdvice }: Check,
  { release }: Server,
  { findings, extent, isReadable = true, isUnreachable }: Outcome,
): Judged {
  const name = `${id}: ${title}${advisory ? ` (${advisory.id}, first fixed in ${advisory.fixed})` : ''}`
  if (typeof findings === 'string')
    return {
      name,
      verdict: 'inconclusive',
      findings: [{ path: '', text: findings }],
      ...(isUnreachable && { isUnreachable }),
    }
  const isKnown = isReadable && isKnownIn?.(release) === true
  const deviation = advisory && isKnown ? { deviation: advisory.id } : {}
  return {
    name,
    verdict:
      findings.length === 0
        ? 'conforms'
        : isAdvice && isReadable
          ? 'warning'
          : isKnown
            ? 'known deviation'
            : 'new drift',
    findings: findings.map((finding) =>
      typeof finding === 'string'
        ? { path: '', text: finding, ...deviation }
        : { path: finding.path, text: finding.text, ...deviation },
    ),
    ...(extent !== undefined && { extent }),
  }
}

/** Sends each request once, so that all checks look at the same moment. */
function rememberAnswers(ask: Ask, base: string): Ask {
  const answers = new Map<string, ReturnType<Ask>>()
  return (path, token) => {
    const key = `${path} ${token}`
    const answer = answers.get(key) ?? ask(path, token).then((received) => checkPatience(received, base))
    answers.set(key, answer)
    return answer
  }
}
