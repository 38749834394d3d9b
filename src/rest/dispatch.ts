/** Answers a call of the API as authentik's backend does, in the order in which Django REST framework does it (docs/authentik.md#order-of-checks). */
import { mapReply, type Layer } from '../http/layer.ts'
import type { Call, Header, Reply } from '../http/message.ts'
import type { Match } from '../http/router.ts'
import { readKey } from '../schema/json.ts'
import { anyValue } from '../schema/words.ts'
import { DataError } from '../store/data-error.ts'
import type { World } from '../store/world.ts'
import { Attachment } from './attachment.ts'
import type { Behaviour } from './behaviour.ts'
import {
  credentialsMissing,
  methodNotAllowed,
  pathOf,
  permissionDenied,
  Problem,
  ServerFault,
  serverFault,
  unknownPath,
} from './errors.ts'
import { inLanguage, languageIn, type Language } from './language.ts'
import { indentIn, JSON_RENDERER, negotiate, type Renderer } from './negotiate.ts'
import type { Caller, Context, Method, Operation, Release, Serializer, View } from './operation.ts'
import type { ViewRoute, Views } from './views.ts'

/** What a backend answers from. */
export interface Backend {
  world: World
  release: Release
  views: Views
  serializer: Serializer
  /** The id of the deviation by which an anonymous caller is not refused but sees nothing. */
  anonymousSeesNothing: string
  /** Who asks. @throws Problem when the credentials are not good */
  authenticate(call: Call, world: World, behaviour: Behaviour): Caller
  /** Notes that a row was written. */
  audit?: Context['audit']
  /** It is called for each request that the mock has no answer to. */
  onNotEmulated(message: string): void
  /** It is called for each request that is refused with 403. */
  onForbidden(call: Call): void
  /** Says why a call is not answered; a promise while that is loaded. */
  explain(call: Call): Explanation | Promise<Explanation>
}

/** Why a call is not answered. */
export interface Explanation {
  /** What is wrong, and what is nearest to it. */
  message: string
  /** The same in a word, as the header `X-Authentik-Mock` has it. */
  mark: 'add the slash' | 'leave out the slash' | 'not-emulated'
}

/** Answers a call on a path that the API has. */
export function answerView(backend: Backend, call: Call, { route, params }: Match<ViewRoute>): Reply | Promise<Reply> {
  const { behaviour } = backend.release
  const indent = behaviour.acceptsJsonIndent ? indentIn(call) : undefined
  const refuse = (error: unknown): Reply => {
    if (error instanceof ServerFault) return serverFault(call)
    if (!(error instanceof Problem)) throw error
    if (error.status === 403) backend.onForbidden(call)
    if (error.body === undefined || error.body === '') return bare(error, route.allow)
    const language = languageIn(behaviour, call)
    const body = language === undefined ? error.body : localise(language, error.body)
    return json(error.status, body, route.allow, indent)
  }
  try {
    const reply = respond(backend, call, route, params, indent)
    return reply instanceof Promise ? reply.catch(refuse) : reply
  } catch (error) {
    return refuse(error)
  }
}

/** An answer without a body; where that is an empty text, it is said to be a page. */
const bare = ({ status, body }: Problem, allow: string): Reply => ({
  status,
  headers: [...(body === '' ? [['Content-Type', 'text/html; charset=utf-8'] satisfies Header] : []), ['Allow', allow]],
  body: '',
})

/** The steps of a request. @throws Problem for any answer but the happy one */
function respond(
  backend: Backend,
  call: Call,
  route: ViewRoute,
  params: Record<string, string>,
  indent: number | undefined,
): Reply | Promise<Reply> {
  const { world, serializer, release, audit } = backend
  const { allow, view, operations } = route
  const query = call.query === '' ? NO_QUERY : new URLSearchParams(call.query)
  const renderer = negotiate(call, query, view.renderers)
  const caller = backend.authenticate(call, world, release.behaviour)
  if (call.trace) call.trace.user = caller.user
  authorise(route, call.method, caller, release.behaviour)
  if (call.method === 'OPTIONS') {
    const post = caller.may(`add_${view.model}`) ? operations.get('POST') : undefined
    const texts = view.describe?.()
    const form = post && view.describeBody?.(post)
    if (!texts && !form) return json(200, describe(view), allow, indent)
    return Promise.all([texts, form]).then(([more, POST]) =>
      json(200, { ...describe({ ...view, ...more }), ...(POST && { actions: { POST } }) }, allow, indent),
    )
  }
  const operation = operations.get(call.method === 'HEAD' ? 'GET' : call.method)
  const context = { world, caller, call, params, query, serializer, release, audit }
  if (!operation) {
    if (!view.missing?.includes(call.method as Method)) throw methodNotAllowed(call.method)
    return refuseMethod({ ...context, operation: operations.get('GET') ?? NO_OPERATION }, route, backend)
  }
  const isAnonymous = caller.user === undefined && view.open !== 'everybody'
  if (isAnonymous && !serializer.has(backend.anonymousSeesNothing)) throw credentialsMissing()
  return succeed({ ...context, operation }, renderer, allow, indent)
}

/** Shared by all calls without a query: nothing adds to it. */
const NO_QUERY = new URLSearchParams()

/** The happy answer. */
function succeed(
  context: Context,
  renderer: Renderer,
  allow: string,
  indent: number | undefined,
): Reply | Promise<Reply> {
  const { operation, serializer } = context
  const { status = operation.status, isPlain } = operation.observed?.(context) ?? {}
  const schema = isPlain ? anyValue() : operation.responses[operation.status]
  const toReply = (value: unknown): Reply | Promise<Reply> => {
    const headers = operation.headers?.(context, renderer.format) ?? []
    if (value instanceof Attachment)
      return { status, headers: [...value.headers(), ['Allow', allow], ...headers], body: value.text }
    if (!schema) return { status, headers: [['Allow', allow], ...headers], body: '' }
    const rendered = renderer.render(serializer.serialize(schema, value, context), indent)
    const finish = (body: string): Reply => ({
      status,
      headers: [['Content-Type', renderer.contentType], ['Allow', allow], ...headers],
      body,
    })
    return typeof rendered === 'string' ? finish(rendered) : rendered.then(finish)
  }
  const value = operation.resolve(context)
  return value instanceof Promise ? value.then(toReply) : toReply(value)
}

/** The permission that a method needs on a list; on the path of one row it is asked for later, of the row. */
export const NEEDED: ReadonlyMap<string, string> = new Map([
  ['POST', 'add'],
  ['PUT', 'change'],
  ['PATCH', 'change'],
  ['DELETE', 'delete'],
])

function authorise({ view, operations }: ViewRoute, method: string, caller: Caller, behaviour: Behaviour): void {
  const { path, model, open } = view
  if (open === 'everybody') return
  // Where owners are asked for nothing else, older releases ask everybody who they are, on any path.
  const asksOwners = open === 'owners' && !behaviour.ownersNeedNoPermission
  if (path.includes('{') && !behaviour.instanceNeedsModelPermission && !asksOwners) return
  // Rows of one's own are made without a permission, and who nobody knows is found out late.
  if (open === 'owners' && !asksOwners && method === 'POST' && operations.has('POST')) return
  if (caller.user === undefined) throw credentialsMissing()
  const action = NEEDED.get(method)
  const needsPermission = !open || (open === 'owners' && !asksOwners)
  if (action && needsPermission && !caller.may(`${action}_${model}`)) throw permissionDenied()
}

/** Answers as authentik does where it would write what its database does not keep. */
export const failAsDatabase =
  ({ onNotEmulated }: Pick<Backend, 'onNotEmulated'>): Layer =>
  (next) => {
    const refuse = (error: unknown, call: Call): Reply => {
      if (!(error instanceof DataError)) throw error
      const reason = `${error.message}: a real authentik fails here, and so does its mock.`
      note(call, `${call.method} ${pathOf(call)} is answered with a fault of the server. ${reason}`, onNotEmulated)
      return serverFault(call, reason)
    }
    return (call) => {
      try {
        const reply = next(call)
        return reply instanceof Promise ? reply.catch((error: unknown) => refuse(error, call)) : reply
      } catch (error) {
        return refuse(error, call)
      }
    }
  }

/** A view whose row was found. */
const withoutRow = ({ find: _found, ...view }: View): View => view

/** 501 for what authentik has and the mock does not, after what can be told of the row and the permission. */
function refuseMethod(context: Context, { view, allow }: ViewRoute, backend: Backend): Reply | Promise<Reply> {
  const { call, caller } = context
  const row = view.find?.(context)
  if (row instanceof Promise)
    return row.then(() => refuseMethod({ ...context }, { view: withoutRow(view), allow } as ViewRoute, backend))
  if (!view.open && !caller.may(`${NEEDED.get(call.method)}_${view.model}`)) throw permissionDenied()
  return answerNotEmulated(call, backend, allow)
}

/**
 * 501, which says why.
 * @param allow the methods that authentik has on the path, as the Allow header lists them; none on a path that it has not
 */
export function answerNotEmulated(
  call: Call,
  { explain, onNotEmulated }: Pick<Backend, 'explain' | 'onNotEmulated'>,
  allow?: string,
): Reply | Promise<Reply> {
  const refuse = ({ message }: Explanation): Reply => {
    note(call, message, onNotEmulated)
    const { status, headers, body } = json(501, { detail: message }, allow)
    return { status, headers: [...headers, toMark('not-emulated')], body }
  }
  const explanation = explain(call)
  return explanation instanceof Promise ? explanation.then(refuse) : refuse(explanation)
}

/** Tells why a call is not answered: in the log, and where the call is recorded. */
function note(call: Call, message: string, log: (message: string) => void): void {
  if (call.trace) call.trace.reason = message
  log(message)
}

/** What a view without GET would have: no filter, and nothing to answer. */
const NO_OPERATION: Operation = {
  id: '',
  method: 'GET',
  view: { path: '', name: '', description: '' },
  tag: '',
  summary: '',
  parameters: {},
  responses: {},
  status: 501,
  resolve: () => undefined,
}

/** The answer to a call on a path that neither authentik nor the mock has. */
export function answerUnknownPath(
  call: Call,
  { onNotEmulated }: Pick<Backend, 'onNotEmulated'>,
  { message, mark }: Explanation,
): Reply {
  note(call, message, onNotEmulated)
  const { status, headers, body } = unknownPath(call, message)
  return { status, headers: [...headers, toMark(mark)], body }
}

/** The answer to a call on a path that authentik has, and that names what is not there. @param reason says what */
export function answerMissing(call: Call, { onNotEmulated }: Pick<Backend, 'onNotEmulated'>, reason: string): Reply {
  const message = `${call.method} ${pathOf(call)} is answered with 404: ${reason}.`
  note(call, message, onNotEmulated)
  return unknownPath(call, message)
}

const toMark = (mark: Explanation['mark']): Header => ['X-Authentik-Mock', mark]

const describe = ({ name, description, renderers = [JSON_RENDERER] }: View) => ({
  name,
  description,
  renders: renderers.map(({ type }) => type),
  parses: ['application/json'],
})

/** The text of a problem in a language; those of a form's fields are known in English alone. */
function localise(language: Language, body: unknown): unknown {
  const detail = readKey(body, 'detail')
  return typeof detail !== 'string' ? body : { detail: inLanguage(language, detail) }
}

/** An answer in JSON. @param allow the methods of the path, as the Allow header lists them, where it has any */
export const json = (status: number, body: unknown, allow?: string, indent?: number): Reply => ({
  status,
  headers: [['Content-Type', 'application/json'], ...(allow === undefined ? [] : [['Allow', allow] satisfies Header])],
  body: JSON.stringify(body, null, indent),
})

/** Adds to every answer what the backend adds (docs/authentik.md#headers). */
export function signReplies({ world, release }: Pick<Backend, 'world' | 'release'>) {
  const { random } = world
  return (reply: Reply | Promise<Reply>, call: Call) => {
    const language = languageIn(release.behaviour, call)
    return mapReply(reply, (unsigned) => {
      const { headers } = unsigned
      const varies = headers.some(([name]) => name === 'Vary')
      const has = (sought: string) => headers.some(([name]) => name === sought)
      headers.push(...(has('X-Frame-Options') ? SECURITY.slice(1) : SECURITY))
      // A body that names the request has drawn its name already.
      if (!has('X-Authentik-Id')) headers.push(['X-Authentik-Id', random.uuid(false)])
      if (language !== undefined && !has('Content-Language')) headers.push(['Content-Language', language])
      if (!varies) headers.push(language === undefined ? VARY : VARY_BY_LANGUAGE)
      return unsigned
    })
  }
}

const SECURITY: readonly Header[] = [
  ['X-Frame-Options', 'DENY'],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'same-origin'],
]
const VARY: Header = ['Vary', 'Cookie']
const VARY_BY_LANGUAGE: Header = ['Vary', 'Accept-Language, Cookie']
