/** What is found out about a server before anything is verified: whether it is an authentik, which one, and who asks. */
import { compareVersions, versions } from '../../authentik/releases/index.ts'
import { originOf, parseJson, untilSilent, type exchange, type Exchange } from './exchange.ts'
import { EXIT, VerifyFailure } from './failure.ts'

export interface Target {
  /** Where authentik stands, without a slash at the end and without `/api/v3`. */
  base: string
  token: string | undefined
  ca?: string | undefined
}

/** How the server is asked. */
interface Reached extends Target {
  exchange: typeof exchange
}

export interface Provider extends Reached {
  release: string
  /** How the release is known. */
  certainty: string
  /** Whether the server is of that release, and not only near it. */
  isExact: boolean
  /** Which release the server says it is. */
  stated?: string
  /** Whose token it is. */
  caller: { pk: number; username: string; superuser: boolean }
}

/** Asks for a path below `/api/v3`. */
export type Ask = (path: string, token?: string | null) => Promise<Exchange>

/** @param token of another caller; null for none */
export const askerOf =
  (target: Reached): Ask =>
  (path, token = target.token ?? null) =>
    target.exchange({
      url: `${target.base}/api/v3${path}`,
      headers: { Accept: 'application/json', ...(token === null ? {} : { Authorization: `Bearer ${token}` }) },
    })

const CONFIG = '/root/config/'
const ME = '/core/users/me/'

/** @param wanted the release it should be; undefined to find out. @throws VerifyFailure for what is no authentik, or refuses the token */
export async function preflight(target: Target, wanted: string | undefined): Promise<Provider> {
  const reached = { ...target, exchange: untilSilent(target.ca) }
  const ask = askerOf(reached)
  const other = () =>
    new VerifyFailure(
      EXIT.unreachable,
      target.base,
      'answers, but not as an authentik does',
      'Is the address that of authentik itself?',
    )
  const config = checkJson(await ask(CONFIG, null), target.base, CONFIG) as { error_reporting?: object } | null
  if (!config?.error_reporting) throw other()
  if (target.token === undefined)
    throw new VerifyFailure(
      EXIT.refused,
      target.base,
      'no token is given',
      'Give an API token: --token-file FILE, or AUTHENTIK_TOKEN',
    )
  const me = checkJson(await ask(ME), target.base, ME) as {
    user?: { pk: number; username: string; is_superuser: boolean }
  } | null
  if (!me?.user) throw other()
  const { user } = me
  const caller = { pk: user.pk, username: user.username, superuser: user.is_superuser }
  return { ...reached, caller, ...(await findOut(ask, reached, wanted)) }
}

async function findOut(
  ask: Ask,
  target: Reached,
  wanted: string | undefined,
): Promise<Pick<Provider, 'release' | 'certainty' | 'isExact' | 'stated'>> {
  const stated = await askVersion(ask, target)
  const at = (release: string, certainty: string) => ({
    release,
    certainty,
    isExact: release === (stated ?? wanted),
    ...(stated === undefined ? {} : { stated }),
  })
  if (wanted !== undefined)
    return at(
      wanted,
      stated === undefined || stated === wanted ? 'as asked for' : `as asked for; the server says ${stated}`,
    )
  if (stated !== undefined && versions.includes(stated)) return at(stated, 'as the server says')
  if (stated === undefined)
    throw new VerifyFailure(EXIT.usage, target.base, 'does not say which release it is', 'Give it: --release VERSION')
  return at(
    versions.findLast((version) => compareVersions(version, stated) <= 0) ?? versions[0]!,
    `the nearest to ${stated}`,
  )
}

/** Which release the server says it is: to who may ask for it, or else in its own document. */
async function askVersion(ask: Ask, { base, exchange: send }: Reached): Promise<string | undefined> {
  const path = '/admin/version/'
  const answer = checkPatience(await ask(path), base)
  if (answer.status >= 500) checkJson(answer, base, path)
  const said =
    answer.status === 200
      ? (parseJson(answer.text) as { version_current?: unknown } | null | undefined)?.version_current
      : undefined
  if (typeof said === 'string' && /^\d/.test(said)) return said
  // A server makes it anew for each who asks, and takes its time.
  const document = await send({
    url: `${base}/api/v3/schema/?format=json`,
    headers: { Accept: 'application/json' },
    timeout: 30_000,
  })
  const { info } = (parseJson(document.text) ?? {}) as { info?: { version?: unknown } }
  return document.status === 200 && typeof info?.version === 'string' && /^\d/.test(info.version)
    ? info.version
    : undefined
}

/** @throws VerifyFailure for an answer that puts off */
export function checkPatience(answer: Exchange, base: string): Exchange {
  const { status, headers } = answer
  if (status !== 429) return answer
  const wait = headers['retry-after']
  throw new VerifyFailure(
    EXIT.unreachable,
    base,
    `asks for patience${wait ? `: ${wait} seconds` : ''}`,
    'Try again later.',
  )
}

/** The answer to a path below `/api/v3` as JSON. @throws VerifyFailure that says what else it is */
export function checkJson(answer: Exchange, base: string, path: string): unknown {
  const { status, headers, text } = checkPatience(answer, base)
  const fail = (cause: string, remedy: string, code: number = EXIT.unreachable) =>
    new VerifyFailure(code, base, cause, remedy)
  const location = headers.location
  if (status >= 300 && status < 400 && location !== undefined) {
    if (!URL.canParse(location, base)) throw fail('sends to what is no address', 'Look at what stands before it.')
    const to = new URL(location, base)
    if (location.includes('outpost.goauthentik.io'))
      throw fail('a proxy outpost stands before it', 'Give the address of authentik itself.')
    if (/\/(if\/)?flow/.test(to.pathname))
      throw fail('sends to its login page', 'Give the address of its API, without a page before it.')
    if (to.origin !== originOf(base))
      throw fail(
        `sends to another origin, ${to.origin}, which is not followed`,
        `If that is the authentik: --provider-url ${to.origin}`,
      )
    throw fail(
      `sends to ${to.pathname}, which is not followed`,
      'Give the address without a path, or the one it stands below.',
    )
  }
  if (status >= 500) throw fail(`fails with ${status}`, 'Is it still starting? Look at its log.')
  const body = parseJson(text)
  if (body === undefined) {
    if (/ak-flow-executor|<title>[^<]*(authentik|log ?in|sign ?in)/i.test(text))
      throw fail(
        'answers with a login page, not with JSON',
        'Give the address of authentik itself, without a page before it.',
      )
    if (status === 404)
      throw fail(`has no /api/v3${path}`, 'Is the address that of an authentik, with the path it stands below?')
    throw fail(
      `answers ${status} with ${/<html/i.test(text) ? 'a web page' : 'something'} that is not JSON`,
      'Is the address that of authentik itself?',
    )
  }
  const { detail } = (body ?? {}) as { detail?: string }
  if (status === 401 || status === 403) throw refused(detail, fail)
  if (status === 404)
    throw fail(`has no /api/v3${path}`, 'Is the address that of an authentik, with the path it stands below?')
  if (status !== 200) throw fail(`answers ${status}: ${String(detail ?? text)}`, 'Look at its log.')
  return body
}

function refused(
  detail: string | undefined,
  fail: (cause: string, remedy: string, code: number) => VerifyFailure,
): VerifyFailure {
  if (detail === 'Token invalid/expired')
    return fail(
      'refuses the token (Token invalid/expired)',
      'Give one of intent API, of an active user, that has not expired.',
      EXIT.refused,
    )
  if (detail === 'Authentication credentials were not provided.')
    return fail('sees no token', 'Does something before it take the Authorization header away?', EXIT.refused)
  return fail(`refuses the caller (${detail ?? 'without a reason'})`, 'Give the token of a user who may.', EXIT.refused)
}
