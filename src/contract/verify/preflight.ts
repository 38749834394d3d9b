/** Asks a server, before anything is verified, whether it is an authentik, of which release, and whose token is used. */
import { compareVersions, versions } from '../../authentik/releases/index.ts'
import { createSend, originOf, type Answer, type ClientOptions, type Send } from './exchange.ts'
import { EXIT, VerifyFailure } from './failure.ts'
import { parseJson, readKey, toText } from '../../schema/json.ts'

/** The server to verify, and the token to ask it with. */
export interface Target {
  /** Where authentik stands, without a slash at the end and without `/api/v3`. */
  base: string
  token: string | undefined
  /** What is trusted, and which proxies are used. */
  client?: ClientOptions
}

/** A server with the function that sends requests to it. */
interface ConnectedTarget extends Target {
  send: Send
}

/** A server that is an authentik, with what was learnt of it. */
export interface Provider extends ConnectedTarget {
  release: string
  /** How the release is known. */
  certainty: string
  /** Whether the server is of that release, and not only near it. */
  isExact: boolean
  /** Whether the server is newer than every release that is known here. */
  isNewer: boolean
  /** Which release the server says it is; it may differ from `release`. */
  statedRelease?: string
  /** Whose token it is. */
  caller: { pk: number; username: string; superuser: boolean }
}

/** Asks for a path below `/api/v3`, with the token of another caller, or null for none. */
export type Ask = (path: string, token?: string | null) => Promise<Answer>

/** Makes a function that asks a server for paths below `/api/v3`. */
export const createAsk =
  (target: ConnectedTarget): Ask =>
  (path, token = target.token ?? null) =>
    target.send({
      url: `${target.base}/api/v3${path}`,
      headers: { Accept: 'application/json', ...(token === null ? {} : { Authorization: `Bearer ${token}` }) },
    })

const CONFIG = '/root/config/'
const ME = '/core/users/me/'

/**
 * Asks a server who it is, and who the caller is. The token is sent only once the server has shown to be an authentik.
 *
 * @param requestedRelease the release that it should be; undefined to detect it
 * @throws VerifyFailure for what is no authentik, or refuses the token
 */
export async function preflight(target: Target, requestedRelease: string | undefined): Promise<Provider> {
  const connected = { ...target, send: createSend(target.client) }
  const ask = createAsk(connected)
  const notAuthentik = () =>
    new VerifyFailure(
      EXIT.unreachable,
      target.base,
      'answers, but not as an authentik does',
      'Is the address that of authentik itself?',
    )
  const config = checkJson(await ask(CONFIG, null), target.base, CONFIG)
  if (!readKey(config, 'error_reporting')) throw notAuthentik()
  if (target.token === undefined)
    throw new VerifyFailure(
      EXIT.refused,
      target.base,
      'no token is given',
      'Give an API token: --token-file FILE, or AUTHENTIK_TOKEN',
    )
  const caller = toCaller(checkJson(await ask(ME), target.base, ME))
  if (!caller) throw notAuthentik()
  return { ...connected, caller, ...(await detectRelease(ask, connected, requestedRelease)) }
}

/** Asks a server whose the second token is. @throws VerifyFailure when it is refused */
export async function identifySecond(
  provider: Provider,
  token: string,
): Promise<{ token: string; pk: number; superuser: boolean }> {
  const { base } = provider
  try {
    const caller = toCaller(checkJson(await createAsk(provider)(ME, token), base, ME))
    if (caller) return { token, ...caller }
  } catch (error) {
    if (!(error instanceof VerifyFailure) || error.code !== EXIT.refused) throw error
    const [, cause, remedy] = error.parts
    throw new VerifyFailure(EXIT.refused, base, `of the second token: ${cause}`, remedy)
  }
  throw new VerifyFailure(EXIT.refused, base, 'does not say whose the second token is', 'Give that of another user.')
}

/** Reads whose token it is. @returns undefined for what is no user */
function toCaller(me: unknown): Provider['caller'] | undefined {
  const user = readKey(me, 'user')
  const [pk, username, superuser] = ['pk', 'username', 'is_superuser'].map((key) => readKey(user, key))
  return typeof pk === 'number' && typeof username === 'string'
    ? { pk, username, superuser: superuser === true }
    : undefined
}

async function detectRelease(
  ask: Ask,
  target: ConnectedTarget,
  requested: string | undefined,
): Promise<Pick<Provider, 'release' | 'certainty' | 'isExact' | 'isNewer' | 'statedRelease'>> {
  const statedRelease = await askRelease(ask, target, requested === undefined)
  const conclude = (release: string, certainty: string) => ({
    release,
    certainty,
    isExact: release === (statedRelease ?? requested),
    isNewer: requested === undefined && statedRelease !== undefined && compareVersions(statedRelease, newest) > 0,
    ...(statedRelease === undefined ? {} : { statedRelease }),
  })
  if (requested !== undefined)
    return conclude(
      requested,
      statedRelease === undefined || statedRelease === requested
        ? 'as asked for'
        : `as asked for; the server says ${statedRelease}`,
    )
  if (statedRelease === undefined)
    throw new VerifyFailure(EXIT.usage, target.base, 'does not say which release it is', 'Give it: --release VERSION')
  if (versions.includes(statedRelease)) return conclude(statedRelease, 'as the server says')
  const [oldest = statedRelease] = versions
  const nearest = versions.findLast((version) => compareVersions(version, statedRelease) <= 0) ?? oldest
  const isNewer = compareVersions(statedRelease, newest) > 0
  return conclude(
    nearest,
    `the nearest to ${statedRelease}${isNewer ? ', which is newer than all that are known here' : ''}`,
  )
}

const newest = versions.at(-1) ?? ''

/**
 * Asks the server which release it is: it tells those who may know, and else its own document tells it.
 *
 * @param mayAskForDocument whether to wait for the document, which a server makes anew for each request
 */
async function askRelease(
  ask: Ask,
  { base, send }: ConnectedTarget,
  mayAskForDocument: boolean,
): Promise<string | undefined> {
  const path = '/admin/version/'
  const answer = checkPatience(await ask(path), base)
  if (answer.status >= 500) checkJson(answer, base, path)
  const current = answer.status === 200 ? readKey(parseJson(answer.text), 'version_current') : undefined
  if (isVersion(current) || !mayAskForDocument) return isVersion(current) ? current : undefined
  const document = await send({
    url: `${base}/api/v3/schema/?format=json`,
    headers: { Accept: 'application/json' },
    timeout: 30_000,
  })
  const version = readKey(readKey(parseJson(document.text), 'info'), 'version')
  return document.status === 200 && isVersion(version) ? version : undefined
}

const isVersion = (value: unknown): value is string => typeof value === 'string' && /^\d/.test(value)

/** Gives an answer back. @throws VerifyFailure when the answer asks to come again later */
export function checkPatience(answer: Answer, base: string): Answer {
  const { status, headers } = answer
  if (status !== 429) return answer
  const seconds = headers['retry-after']
  throw new VerifyFailure(
    EXIT.unreachable,
    base,
    `asks for patience${seconds ? `: ${seconds} seconds` : ''}`,
    'Try again later.',
  )
}

/** Makes a failure with the address of the server. @param code by default, that the server cannot be reached */
type Fail = (cause: string, remedy: string, code?: number) => VerifyFailure

/** Reads the answer to a path below `/api/v3` as JSON. @throws VerifyFailure that says what else it is */
export function checkJson(answer: Answer, base: string, path: string): unknown {
  const { status, headers, text } = checkPatience(answer, base)
  const fail: Fail = (cause, remedy, code = EXIT.unreachable) => new VerifyFailure(code, base, cause, remedy)
  if (status >= 300 && status < 400 && headers.location !== undefined)
    throw explainRedirect(headers.location, base, fail)
  if (status >= 500) throw fail(`fails with ${status}`, 'Is it still starting? Look at its log.')
  const body = parseJson(text)
  if (body === undefined && /ak-flow-executor|<title>[^<]*(authentik|log ?in|sign ?in)/i.test(text))
    throw fail(
      'answers with a login page, not with JSON',
      'Give the address of authentik itself, without a page before it.',
    )
  if (body === undefined && status !== 404)
    throw fail(
      `answers ${status} with ${/<html/i.test(text) ? 'a web page' : 'something'} that is not JSON`,
      'Is the address that of authentik itself?',
    )
  const detail = readKey(body, 'detail')
  if (status === 401 || status === 403) throw explainRefusal(detail, fail)
  if (status === 404)
    throw fail(`has no /api/v3${path}`, 'Is the address that of an authentik, with the path it stands below?')
  if (status !== 200) throw fail(`answers ${status}: ${toText(detail ?? text)}`, 'Look at its log.')
  return body
}

function explainRedirect(location: string, base: string, fail: Fail): VerifyFailure {
  if (!URL.canParse(location, base)) return fail('sends to what is no address', 'Look at what stands before it.')
  const { pathname, origin } = new URL(location, base)
  if (location.includes('outpost.goauthentik.io'))
    return fail('a proxy outpost stands before it', 'Give the address of authentik itself.')
  if (/\/(if\/)?flow/.test(pathname))
    return fail('sends to its login page', 'Give the address of its API, without a page before it.')
  if (origin !== originOf(base))
    return fail(
      `sends to another origin, ${origin}, which is not followed`,
      `If that is the authentik: --provider-url ${origin}`,
    )
  return fail(
    `sends to ${pathname}, which is not followed`,
    'Give the address without a path, or the one it stands below.',
  )
}

/** @param detail the reason that the server gives */
function explainRefusal(detail: unknown, fail: Fail): VerifyFailure {
  if (detail === 'Token invalid/expired')
    return fail(
      'refuses the token (Token invalid/expired)',
      'Give one of intent API, of an active user, that has not expired.',
      EXIT.refused,
    )
  if (detail === 'Authentication credentials were not provided.')
    return fail('sees no token', 'Does something before it take the Authorization header away?', EXIT.refused)
  return fail(
    `refuses the caller (${toText(detail ?? 'without a reason')})`,
    'Give the token of a user who may.',
    EXIT.refused,
  )
}
