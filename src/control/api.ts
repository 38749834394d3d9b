/** Answers on the mock's own paths: the control API, its document, and the page. */
import * as z from 'zod/mini'
import { MOCK_PATH } from '../authentik/pages.ts'
import { baseOf, type Call, type Header, type Reply } from '../http/message.ts'
import { isObject } from '../schema/json.ts'
import { parseUniqueKeys, RepeatedKeyError } from '../schema/unique-keys.ts'
import { MockError } from '../store/mock-error.ts'
import { describeIssues } from '../store/row.ts'
import { isForeign } from './access.ts'
import { answerInspector } from './inspector.ts'
import { WholeReply, type ControlContext, type ControlRoute, type Verb } from './control-route.ts'
import { controlError, noSuch } from './control-error.ts'
import type { House, Whereabouts } from './house.ts'
import type { Namespace } from './namespace.ts'
import { NotThere } from './not-there.ts'
import { toControlDocument } from './openapi.ts'
import { router, routes } from './routes.ts'

/** Where the control API stands, below the base path. */
const API_PATH = `${MOCK_PATH}api/`

/** Answers on a decoded path from `/-/mock/` on. */
export async function answerApi(call: Call, path: string, where: Whereabouts): Promise<Reply> {
  const reply = await answerPath(call, path, where)
  return { ...reply, headers: [...reply.headers, ['Date', new Date().toUTCString()]], decidesOrigins: true }
}

/** What stands on an answer that no page shows. */
const COMMON: readonly Header[] = [
  ['Cache-Control', 'no-store'],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['X-Frame-Options', 'DENY'],
]

async function answerPath(call: Call, path: string, where: Whereabouts): Promise<Reply> {
  const { namespace, house } = where
  if (isForeign(call))
    return fault(403, 'A page of another origin asks. The control API is for pages of its own, and for programs.')
  if (!path.startsWith(API_PATH)) return answerPage(call, path, namespace, house)
  const reply = await answerVerb(call, path, where)
  return { ...reply, headers: [...reply.headers, ...COMMON] }
}

async function answerVerb(call: Call, path: string, where: Whereabouts): Promise<Reply> {
  if (!where.house.access.isAllowed(call))
    return fault(401, UNAUTHORIZED, [], [['WWW-Authenticate', 'Bearer realm="authentik-mock"']])
  if (path === `${API_PATH}schema/`)
    return isRead(call) ? json(200, toControlDocument(routes, baseOf(call))) : notAllowed(call, ['GET'])
  const match = router.match(path)
  if (!match) {
    const remedy = router.match(`${path}/`)
      ? `Add the final slash: ${path}/`
      : `See what does: GET ${baseOf(call)}${API_PATH}schema/`
    return fault(404, `Nothing stands on ${path}. ${remedy}`)
  }
  return answerRoute(match.route, { ...where, call, params: match.params })
}

const UNAUTHORIZED =
  'The control API takes its own token: Authorization: Bearer TOKEN. It is printed at the start, and is in --json as control.token.'

const isRead = ({ method }: Call) => method === 'GET' || method === 'HEAD'

async function answerRoute(route: ControlRoute, context: Omit<ControlContext, 'body' | 'query'>): Promise<Reply> {
  const { call, namespace } = context
  const verb = route.methods[(call.method === 'HEAD' ? 'GET' : call.method) as keyof ControlRoute['methods']]
  if (!verb) return notAllowed(call, Object.keys(route.methods))
  await namespace.authentik.ready
  try {
    const query = new URLSearchParams(call.query)
    checkQuery(verb, query)
    const text = await call.body()
    const body = readBody(verb, text, call)
    const value = await verb.run({ ...context, query, body })
    // Nobody hears a stream whose body is left out.
    if (value instanceof WholeReply && call.method === 'HEAD') delete value.reply.stream
    if (value instanceof WholeReply) return value.reply
    return verb.answer ? json(verb.status ?? 200, value) : { status: 204, headers: [], body: '' }
  } catch (error) {
    return toFault(error)
  }
}

/** What is answered to a request that cannot be met. */
function toFault(error: unknown): Reply {
  if (error instanceof BodyError) return fault(error.status, error.message, error.problems)
  if (error instanceof NotThere) return fault(404, error.message)
  if (!(error instanceof MockError)) throw error
  return fault(error.code === 'ERR_JOURNAL' ? 408 : 400, error.message, error.problems)
}

/** What is wrong with a body. */
class BodyError extends Error {
  readonly status: number
  readonly problems: readonly string[]
  constructor(status: number, message: string, problems: readonly string[] = []) {
    super(message)
    this.status = status
    this.problems = problems
  }
}

/** @throws MockError ERR_CONTROL for a parameter that a verb does not take, or that is there twice */
function checkQuery({ query: parameters = {} }: Verb, query: URLSearchParams): void {
  const names = Object.keys(parameters)
  const problems = [...new Set(query.keys())].flatMap((name) => {
    if (!names.includes(name)) return [noSuch('parameter', name, names)]
    return query.getAll(name).length > 1 ? [`${name}: is there more than once`] : []
  })
  if (problems.length) throw controlError(problems)
}

/** Reads the body that a verb takes. @throws BodyError */
function readBody({ body: schema, isBodyOptional }: Verb, text: string, call: Call): unknown {
  if (!schema) {
    // Many a client sends an empty object with everything.
    if (/^\s*(?:\{\s*\})?\s*$/.test(text)) return undefined
    throw new BodyError(400, 'The body does not fit: the body: none is taken here.', ['the body: none is taken here'])
  }
  if (isBodyOptional && text === '') return undefined
  const type = call.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    throw new BodyError(415, `The body is ${type ?? 'of no type'}. Send JSON, with Content-Type: application/json.`)
  let value: unknown
  try {
    value = parseUniqueKeys(text)
  } catch (error) {
    if (error instanceof RepeatedKeyError) throw new BodyError(400, `The body cannot be taken: ${error.message}.`)
    throw new BodyError(400, `The body is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  const parsed = z.safeParse(schema, value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.flatMap((issue) => describe(issue, schema))
  throw new BodyError(400, `The body does not fit: ${problems.join('; ')}.`, problems)
}

/** What zod finds wrong, with the path of the value. */
function describe(issue: z.core.$ZodIssue, schema: z.ZodMiniType): string[] {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.path.length === 0 && schema instanceof z.ZodMiniObject ? Object.keys(schema.shape) : []
    return issue.keys.map((key) => noSuch('field', [...issue.path, key].join('.'), names))
  }
  if (issue.path.length === 0) return ['the body: is no object']
  return describeIssues([issue] as Parameters<typeof describeIssues>[0])
}

/** The page, and where a person enters the token: it leads back to where they came from. */
async function answerPage(call: Call, path: string, namespace: Namespace, house: House): Promise<Reply> {
  const { access } = house
  const home = namespace.base + MOCK_PATH
  const letIn = (cookie: Header): Reply => ({ status: 303, headers: [['Location', home], cookie, ...COMMON], body: '' })
  if (path !== MOCK_PATH) return answerInspector(call, path, { isAllowed: access.isAllowed(call) })
  const link = isRead(call) ? new URLSearchParams(call.query).get('token') : null
  if (link !== null) {
    const cookie = access.openLink(link, call)
    if (cookie) return letIn(cookie)
    if (!access.isAllowed(call)) return answerInspector(call, path, { isAllowed: false, fault: LINK_FAULT })
  }
  if (call.method === 'POST') {
    const cookie = access.enter(new URLSearchParams(await call.body()).get('token') ?? '', call)
    return cookie ? letIn(cookie) : answerInspector(call, path, { isAllowed: false, fault: TOKEN_FAULT })
  }
  return answerInspector(call, path, { isAllowed: access.isAllowed(call) })
}

const LINK_FAULT = 'The link lets one browser in, once. Enter the token, which is what follows token= in it.'
const TOKEN_FAULT = 'This is not the token. It is printed when the mock starts.'

const json = (status: number, value: unknown, headers: readonly Header[] = []): Reply => ({
  status,
  headers: [['Content-Type', 'application/json'], ...headers],
  body: JSON.stringify(isObject(value) || Array.isArray(value) ? value : { value }),
})

const fault = (
  status: number,
  detail: string,
  problems: readonly string[] = [],
  headers: readonly Header[] = [],
): Reply => json(status, { detail, problems }, headers)

function notAllowed({ method }: Call, methods: readonly string[]): Reply {
  const allow: Header = ['Allow', [...methods, 'OPTIONS'].join(', ')]
  if (method === 'OPTIONS') return { status: 204, headers: [allow], body: '' }
  return fault(405, `${method} is not taken here. There are ${methods.join(', ')}.`, [], [allow])
}
