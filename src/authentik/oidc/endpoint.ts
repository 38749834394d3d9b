/** What the OAuth endpoints have in common: methods, and JSON as Python writes it. */
import type { Log } from '../../http/log.ts'
import type { Call, Header, Reply } from '../../http/message.ts'
import { page } from '../../http/html.ts'
import { toPythonJson, toUri } from './python-text.ts'
import type { World } from '../../store/world.ts'
import type { AuthentikRelease } from '../behaviour.ts'
import { checkCsrf } from '../auth/csrf.ts'
import { Problem } from '../../rest/errors.ts'
import { loginBehaviourOf, type LoginBehaviour } from './behaviour.ts'
import type { OAuthError } from './oauth-error.ts'

/** What an endpoint answers from. */
export interface OAuthContext {
  call: Call
  /** The path's parameters, decoded. */
  params: Record<string, string>
  world: World
  release: AuthentikRelease
  /** The user who is logged in without a page; undefined where there is a page. */
  autoLogin: string | undefined
  /** Whether answers are as the documentation says, where servers differ from it. */
  isDocumented: boolean
  /** Takes what is to be said to who runs the mock. */
  log: Log
  /** Answers as on a path that authentik does not have. @param reason what is missing */
  notFound(reason: string): Reply
}

/** How the login of the release behaves. */
export const behaviourIn = ({ release }: Pick<OAuthContext, 'release'>): LoginBehaviour =>
  loginBehaviourOf(release.version)

type Answer = (context: OAuthContext) => Reply | Promise<Reply>

/** What stands on one path. */
export interface OAuthEndpoint {
  /** What is answered, by method; HEAD is answered as GET. */
  methods: Partial<Record<'GET' | 'POST', Answer>>
  /** Answers OPTIONS instead of Django. */
  options?: Answer
  /** Answers whatever the method is. */
  every?: Answer
  /** Whether a POST needs no CSRF token. */
  isCsrfExempt?: boolean
}

const EMPTY: Header = ['Content-Type', 'text/html; charset=utf-8']

/** An answer without a body, as Django has it. */
export const empty = (status: number, headers: readonly Header[] = []): Reply => ({
  status,
  headers: [EMPTY, ...headers],
  body: '',
})

/** Leads to an address. */
export const redirect = (location: string, headers: readonly Header[] = []): Reply =>
  empty(302, [['Location', toUri(location)], ...headers])

/** Answers a call by its method, as a view of Django does. */
export async function answerEndpoint(endpoint: OAuthEndpoint, context: OAuthContext): Promise<Reply> {
  const { method } = context.call
  const { methods, options, every, isCsrfExempt = false } = endpoint
  if (!isCsrfExempt && lacksCsrf(context.call)) return forbidden()
  if (every) return every(context)
  if (method === 'OPTIONS' && options) return options(context)
  const answer = methods[method === 'HEAD' ? 'GET' : (method as 'GET' | 'POST')]
  return answer ? answer(context) : notAnswered(context.call, Object.keys(methods))
}

/** What a method gets that a view does not answer: OPTIONS says which it does. @param methods `GET` stands for HEAD too */
export const notAnswered = ({ method }: Call, methods: readonly string[]): Reply =>
  empty(method === 'OPTIONS' ? 200 : 405, [allowOf(methods)])

/** Answers as on a path that authentik does not have: its page for that is read, and takes no form. */
export const absent = (context: OAuthContext, reason: string): Reply =>
  context.call.method === 'GET' || context.call.method === 'HEAD'
    ? context.notFound(reason)
    : notAnswered(context.call, ['GET'])

function allowOf(methods: readonly string[]): Header {
  const names = methods.flatMap((name) => (name === 'GET' ? ['GET', 'HEAD'] : [name]))
  const order = [...names.filter((name) => name !== 'HEAD'), ...names.filter((name) => name === 'HEAD'), 'OPTIONS']
  return ['Allow', order.join(', ')]
}

/** Whether a page of another site may have sent it (docs/authentik.md#sessions-and-csrf). */
export function lacksCsrf(call: Call): boolean {
  try {
    checkCsrf(call)
    return false
  } catch (error) {
    if (error instanceof Problem) return true
    throw error
  }
}

/** What a page is told that sent a form from elsewhere. */
export const forbidden = (): Reply => ({
  status: 403,
  headers: [EMPTY],
  body: page('403 Forbidden', '<h1>Forbidden (403)</h1><p>CSRF verification failed. Request aborted.</p>'),
})

/** What no cache may keep. */
const NO_STORE: readonly Header[] = [
  ['Cache-Control', 'no-store'],
  ['Pragma', 'no-cache'],
]

/** JSON as Python writes it. */
export const json = (status: number, value: unknown, headers: readonly Header[] = [], indent?: number): Reply => ({
  status,
  headers: [['Content-Type', 'application/json'], ...headers],
  body: toPythonJson(value, indent),
})

/** JSON that no cache may keep. */
export const secretJson = (status: number, value: unknown, headers: readonly Header[] = []): Reply =>
  json(status, value, [...NO_STORE, ...headers])

/** A refusal in JSON. From 2025.8 on it names the request. */
export function refusal(error: OAuthError, status: number, context: OAuthContext): Reply {
  const { world } = context
  const namesRequest = behaviourIn(context).errorsNameRequest
  const id = world.random.uuid(false)
  const { code, message } = error
  const body = { error: code, error_description: message, ...(namesRequest ? { request_id: id } : {}) }
  return secretJson(status, body, namesRequest ? [['X-Authentik-Id', id]] : [])
}
