/** The one path that every request takes, from the URL to the answer. */
import type { Call, Reply } from '../http/message.ts'
import type { Dice } from '../store/random.ts'
import { inLanguage, languageOf, type Language } from './language.ts'
import { memo } from './response-cache.ts'
import { indentIn, JSON_RENDERER, negotiate } from '../http/negotiate.ts'
import type { Caller, Context, Method, View } from './operation.ts'
import { credentialsMissing, methodNotAllowed, notEmulated, permissionDenied, Problem, unknownPath } from './errors.ts'
import { decodePath } from './python.ts'
import type { Behaviour } from './behaviour.ts'
import type { Release } from './operation.ts'
import type { Route, Routes } from '../http/router.ts'
import type { Voice } from './serialize.ts'
import type { World } from '../store/world.ts'

export interface Dispatcher {
  world: World
  release: Release
  routes: Routes
  /** What stands outside the API, by its path: it is answered whatever the method. */
  pages: Record<string, Page>
  voice: Voice
  /** Who asks. @throws Problem when the credentials are not good. */
  authenticate(call: Call, world: World, behaviour: Behaviour): Caller
  /** Told of each request that the mock has no answer to. */
  notEmulated(message: string): void
}

/** Answers a call outside the API. */
export type Page = (call: Call, world: World, behaviour: Behaviour) => Reply

/** Answers a call as authentik's backend does, in the order in which Django REST framework does it (FACTS 1.1). */
export function dispatcher(on: Dispatcher): (call: Call) => Reply | Promise<Reply> {
  const { dice } = on.world
  const kept = memo((call) => respond(call, on), on.world)
  return (call) => {
    const reply =
      kept(call) ?? on.pages[decodePath(call.path)]?.(call, on.world, on.release.behaviour) ?? refuseUnknown(call, on)
    const language = on.release.behaviour.speaksLanguages ? languageOf(call) : undefined
    return reply instanceof Promise ? reply.then((one) => sign(one, dice, language)) : sign(reply, dice, language)
  }
}

/** @returns undefined on a path that the API does not have */
function respond(call: Call, on: Dispatcher): Reply | Promise<Reply> | undefined {
  const { world, routes, voice, release } = on
  const match = routes.match(decodePath(call.path))
  if (!match) return undefined
  const { route, params } = match
  const { allow, view } = route
  const { behaviour } = release
  const indent = behaviour.indents ? indentIn(call) : undefined
  try {
    const query = new URLSearchParams(call.query)
    const renderer = negotiate(call, query, view.renderers)
    const caller = on.authenticate(call, world, behaviour)
    authorise(view, call.method, caller, behaviour.guardsRows)
    if (call.method === 'OPTIONS') return json(200, describe(view), allow, indent)
    const operation = route.operations[call.method === 'HEAD' ? 'GET' : call.method]
    const isMissing = view.missing?.includes(call.method as Method)
    if (!operation && !isMissing) throw methodNotAllowed(call.method)
    if (caller.user === undefined && view.open !== 'everybody' && !voice.has('anonymous-detail-404'))
      throw credentialsMissing()
    const context: Context = {
      world,
      caller,
      call,
      params,
      query,
      voice,
      release,
      operation: operation ?? route.operations['GET']!,
    }
    if (!operation) return refuseMethod(context, route, on)
    const succeed = (value: unknown): Reply | Promise<Reply> => {
      const more = operation.headers?.(context, renderer.format) ?? []
      const schema = operation.responses[operation.status]
      if (!schema) return { status: operation.status, headers: [['Allow', allow], ...more], body: '' }
      const written = renderer.render(voice.say(schema, value), indent)
      const reply = (body: string): Reply => ({
        status: operation.status,
        headers: [['Content-Type', renderer.contentType], ['Allow', allow], ...more],
        body,
      })
      return typeof written === 'string' ? reply(written) : written.then(reply)
    }
    const result = operation.resolve(context)
    return result instanceof Promise ? result.then(succeed).catch(refuse) : succeed(result)
  } catch (error) {
    return refuse(error)
  }

  function refuse(error: unknown): Reply {
    if (error instanceof Problem)
      return json(
        error.status,
        behaviour.speaksLanguages ? inWordsOf(languageOf(call), error.body) : error.body,
        allow,
        indent,
      )
    throw error
  }
}

/** The permission that a method needs on a list; on the path of one row it is asked for later, of the row (FACTS 1.1). */
const NEEDED: Record<string, string> = { POST: 'add', PUT: 'change', PATCH: 'change', DELETE: 'delete' }

/** @param guardsRows whether the path of one row asks for it too */
function authorise({ path, model, open }: View, method: string, caller: Caller, guardsRows: boolean): void {
  if (open === 'everybody' || (path.includes('{') && !guardsRows)) return
  if (caller.user === undefined) throw credentialsMissing()
  const needed = NEEDED[method]
  if (needed && !open && !caller.may(`${needed}_${model}`)) throw permissionDenied()
}

/** 501 for what authentik has and the mock does not, after what can be told of the row and the permission. */
function refuseMethod(context: Context, { view, allow }: Route, on: Dispatcher): Reply {
  const { call, caller } = context
  view.find?.(context)
  if (!view.open && !caller.may(`${NEEDED[call.method]}_${view.model}`)) throw permissionDenied()
  const { body, status, message } = notEmulated(call, nearestTo(call, on.routes))
  on.notEmulated(message)
  const reply = json(status, body, allow)
  reply.headers.push(NOT_EMULATED)
  return reply
}

function refuseUnknown(call: Call, { routes, notEmulated: tell }: Dispatcher): Reply {
  const { message } = notEmulated(call, nearestTo(call, routes))
  tell(message)
  const reply = unknownPath(call.method, message)
  reply.headers.push(NOT_EMULATED)
  return reply
}

const NOT_EMULATED: [string, string] = ['X-Authentik-Mock', 'not-emulated']

const nearestTo = (call: Call, routes: Routes) =>
  routes.nearest(decodePath(call.path), 2).map((one) => `${one.method} ${one.view.path} (${one.id})`)

const describe = ({ name, description, renderers = [JSON_RENDERER] }: View) => ({
  name,
  description,
  renders: renderers.map(({ type }) => type),
  parses: ['application/json'],
})

/** The text of a problem in a language; those of a form's fields are known in English alone. */
function inWordsOf(language: Language, body: unknown): unknown {
  const { detail } = body as { detail?: string }
  return detail === undefined ? body : { detail: inLanguage(language, detail) }
}

function json(status: number, body: unknown, allow: string, indent?: number): Reply {
  return {
    status,
    headers: [
      ['Content-Type', 'application/json'],
      ['Allow', allow],
    ],
    body: JSON.stringify(body, null, indent),
  }
}

/**
 * What the backend adds to every answer (FACTS 0.1).
 * @param language that of the answer, where releases have several
 */
function sign({ status, headers, body }: Reply, dice: Dice, language: Language | undefined): Reply {
  const signed: Reply['headers'] = [...headers, ...SECURITY, ['X-Authentik-Id', dice.uuid(false)]]
  const vary = headers.some(([name]) => name === 'Vary')
  if (language === undefined) return { status, headers: vary ? signed : [...signed, VARY], body }
  signed.push(['Content-Language', language])
  if (!vary) signed.push(VARY_BY_LANGUAGE)
  return { status, headers: signed, body }
}

const SECURITY: Reply['headers'] = [
  ['X-Frame-Options', 'DENY'],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'same-origin'],
]
const VARY: [string, string] = ['Vary', 'Cookie']
const VARY_BY_LANGUAGE: [string, string] = ['Vary', 'Accept-Language, Cookie']
