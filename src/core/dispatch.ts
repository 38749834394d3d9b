/** The one path that every request takes, from the URL to the answer. */
import type { Call, Reply } from './call.ts'
import type { Voice } from './deviation.ts'
import type { Dice } from './dice.ts'
import { memo } from './memo.ts'
import { JSON_RENDERER, negotiate } from './negotiate.ts'
import type { Caller, Context, View } from './operation.ts'
import { credentialsMissing, methodNotAllowed, notEmulated, permissionDenied, Problem, unknownPath } from './problem.ts'
import { decodePath } from './python.ts'
import type { Release } from './release.ts'
import type { Route, Routes } from './routes.ts'
import type { World } from './world.ts'

export interface Dispatcher {
  world: World
  release: Release
  routes: Routes
  /** What stands outside the API, by its path: it is answered whatever the method. */
  pages: Record<string, Page>
  voice: Voice
  /** Who asks. @throws Problem when the credentials are not good. */
  authenticate(call: Call, world: World): Caller
  /** Told of each request that the mock has no answer to. */
  notEmulated(message: string): void
}

/** Answers a call outside the API. */
export type Page = (call: Call, world: World) => Reply

/** Answers a call as authentik's backend does, in the order in which Django REST framework does it (FACTS 1.1). */
export function dispatcher(on: Dispatcher): (call: Call) => Reply | Promise<Reply> {
  const { dice } = on.world
  const kept = memo((call) => respond(call, on), on.world)
  return (call) => {
    const reply = kept(call) ?? on.pages[decodePath(call.path)]?.(call, on.world) ?? refuseUnknown(call, on)
    return reply instanceof Promise ? reply.then((one) => sign(one, dice)) : sign(reply, dice)
  }
}

/** @returns undefined on a path that the API does not have */
function respond(call: Call, on: Dispatcher): Reply | Promise<Reply> | undefined {
  const { world, routes, voice, release } = on
  const match = routes.match(decodePath(call.path))
  if (!match) return undefined
  const { route, params } = match
  const { allow, view } = route
  try {
    const query = new URLSearchParams(call.query)
    const renderer = negotiate(call, query, view.renderers)
    const caller = on.authenticate(call, world)
    authorise(view, call.method, caller)
    if (call.method === 'OPTIONS') return json(200, describe(view), allow)
    const operation = route.operations[call.method === 'HEAD' ? 'GET' : call.method]
    if (!operation) return refuseMethod(call, route, caller, on)
    if (caller.user === undefined && view.open !== 'everybody' && !voice.has('anonymous-detail-404')) throw credentialsMissing()
    const context: Context = { world, caller, call, params, query, voice, release }
    const succeed = (value: unknown): Reply | Promise<Reply> => {
      const more = operation.headers?.(context) ?? []
      if (operation.responses[operation.status] === null) return { status: operation.status, headers: [['Allow', allow], ...more], body: '' }
      const written = renderer.render(value)
      const reply = (body: string): Reply => ({ status: operation.status, headers: [['Content-Type', renderer.contentType], ['Allow', allow], ...more], body })
      return typeof written === 'string' ? reply(written) : written.then(reply)
    }
    const result = operation.resolve(context)
    return result instanceof Promise ? result.then(succeed).catch(refuse) : succeed(result)
  } catch (error) {
    return refuse(error)
  }

  function refuse(error: unknown): Reply {
    if (error instanceof Problem) return json(error.status, error.body, allow)
    throw error
  }
}

/** The permission that a method needs on a list; on the path of one row it is asked for later, of the row (FACTS 1.1). */
const NEEDED: Record<string, string> = { POST: 'add', PUT: 'change', PATCH: 'change', DELETE: 'delete' }

function authorise({ path, model, open }: View, method: string, caller: Caller): void {
  if (open === 'everybody' || path.includes('{')) return
  if (caller.user === undefined) throw credentialsMissing()
  const needed = NEEDED[method]
  if (needed && !open && !caller.may(`${needed}_${model}`)) throw permissionDenied()
}

/** 405 where authentik has no such method; 501 where it has and the mock does not, after what can be told of the caller's permission. */
function refuseMethod(call: Call, { view, allow }: Route, caller: Caller, on: Dispatcher): Reply {
  if (!view.missing?.includes(call.method as never)) throw methodNotAllowed(call.method)
  if (!caller.may(`${NEEDED[call.method]}_${view.model}`)) throw permissionDenied()
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

const nearestTo = (call: Call, routes: Routes) => routes.nearest(decodePath(call.path), 2).map((one) => `${one.method} ${one.view.path} (${one.id})`)

const describe = ({ name, description, renderers = [JSON_RENDERER] }: View) => ({ name, description, renders: renderers.map(({ type }) => type), parses: ['application/json'] })

function json(status: number, body: unknown, allow: string): Reply {
  return {
    status,
    headers: [
      ['Content-Type', 'application/json'],
      ['Allow', allow],
    ],
    body: JSON.stringify(body),
  }
}

/** What the backend adds to every answer (FACTS 0.1). */
function sign({ status, headers, body }: Reply, dice: Dice): Reply {
  const signed: Reply['headers'] = [...headers, ...SECURITY, ['X-Authentik-Id', dice.uuid().replaceAll('-', '')]]
  if (!headers.some(([name]) => name === 'Vary')) signed.push(VARY)
  return { status, headers: signed, body }
}

const SECURITY: Reply['headers'] = [
  ['X-Frame-Options', 'DENY'],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'same-origin'],
]
const VARY: [string, string] = ['Vary', 'Cookie']
