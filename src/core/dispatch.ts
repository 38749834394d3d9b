/** The one path that every request takes, from the URL to the answer. */
import type { Call, Reply } from './call.ts'
import type { Voice } from './deviation.ts'
import type { Dice } from './dice.ts'
import { memo } from './memo.ts'
import { negotiate } from './negotiate.ts'
import type { Caller, Context, Operation, View } from './operation.ts'
import { credentialsMissing, INVALID_CHOICE, invalid, methodNotAllowed, permissionDenied, Problem, unknownPath } from './problem.ts'
import { decodePath, lastOf, toInteger } from './python.ts'
import type { Resource } from './resource.ts'
import type { Routes } from './routes.ts'
import type { World } from './world.ts'

export interface Dispatcher {
  world: World
  routes: Routes
  voice: Voice
  /** Who asks. @throws Problem when the credentials are not good. */
  authenticate(call: Call, world: World): Caller
  /** Told of each request on a path that the mock does not have. */
  notEmulated(message: string): void
}

/** Answers a call as authentik's backend does, in the order in which Django REST framework does it (FACTS 1.1). */
export function dispatcher(on: Dispatcher): (call: Call) => Reply | Promise<Reply> {
  const { dice } = on.world
  const kept = memo((call) => respond(call, on), on.world)
  return (call) => {
    const reply = kept(call) ?? refuseUnknown(call, on)
    return reply instanceof Promise ? reply.then((one) => sign(one, dice)) : sign(reply, dice)
  }
}

/** @returns undefined on a path that the mock does not have */
function respond(call: Call, on: Dispatcher): Reply | Promise<Reply> | undefined {
  const { world, routes } = on
  const match = routes.match(decodePath(call.path))
  if (!match) return undefined
  const { route, params } = match
  const { allow } = route
  try {
    const query = new URLSearchParams(call.query)
    negotiate(call, query)
    const caller = on.authenticate(call, world)
    authorise(route.view, call.method, caller)
    if (call.method === 'OPTIONS') return json(200, describe(route.view), allow)
    const operation = route.operations[call.method === 'HEAD' ? 'GET' : call.method]
    if (!operation) throw methodNotAllowed(call.method)
    if (caller.user === undefined && !on.voice.admitsAnonymous) throw credentialsMissing()
    const filters = parseFilters(operation, query, world)
    const result = operation.resolve({ world, caller, call, params, query, filters, voice: on.voice })
    return result instanceof Promise ? result.then((body) => succeed(operation, body, allow), refuse) : succeed(operation, result, allow)
  } catch (error) {
    return refuse(error)
  }

  function refuse(error: unknown): Reply {
    if (error instanceof Problem) return json(error.status, error.body, allow)
    throw error
  }
}

/** The row that a path's `{id}` names. Anything that Python's `int()` reads is an id (FACTS 1.2). */
export function findById<Row extends object>({ world, params }: Context, of: Resource<Row>, name = 'id'): Row | undefined {
  const id = toInteger(params[name]!)
  return id === undefined ? undefined : world.rows(of).get(Number(id))
}

/** The permission that a method needs on a list; on the path of one row it is asked for later, of the row (FACTS 1.1). */
const NEEDED: Record<string, string> = { POST: 'add', PUT: 'change', PATCH: 'change', DELETE: 'delete' }

function authorise({ path, model }: View, method: string, caller: Caller): void {
  if (path.includes('{')) return
  if (caller.user === undefined) throw credentialsMissing()
  const needed = NEEDED[method]
  if (needed && !caller.may(`${needed}_${model}`)) throw permissionDenied()
}

function parseFilters({ filters = {} }: Operation, query: URLSearchParams, world: World): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  if (query.size === 0) return found
  const wrong: Record<string, string[]> = {}
  for (const [name, target] of Object.entries(filters)) {
    const given = lastOf(query, name)
    if (!given) continue
    const key = toInteger(given)
    if (key !== undefined && world.rows(target).has(Number(key))) found[name] = Number(key)
    else wrong[name] = [INVALID_CHOICE]
  }
  if (Object.keys(wrong).length) throw invalid(wrong)
  return found
}

const describe = ({ name, description }: { name: string; description: string }) => ({ name, description, renders: ['application/json'], parses: ['application/json'] })

function succeed(operation: Operation, body: unknown, allow: string): Reply {
  const { status } = operation
  return operation.responses[status] === null ? { status, headers: [['Allow', allow]], body: '' } : json(status, body, allow)
}

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

function refuseUnknown(call: Call, { routes, notEmulated }: Dispatcher): Reply {
  const nearest = routes.nearest(decodePath(call.path), 2).map((one) => `${one.method} ${one.view.path} (${one.id})`)
  const message = `${call.method} ${call.path} is not emulated. Nearest: ${nearest.join(', ')}.`
  notEmulated(message)
  const reply = unknownPath(call.method, message)
  reply.headers.push(['X-Authentik-Mock', 'not-emulated'])
  return reply
}

/** What the backend adds to every answer (FACTS 0.1). */
const sign = ({ status, headers, body }: Reply, dice: Dice): Reply => ({ status, headers: [...headers, ...SECURITY, ['X-Authentik-Id', toRequestId(dice.hex(32))], VARY], body })

const SECURITY: Reply['headers'] = [
  ['X-Frame-Options', 'DENY'],
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'same-origin'],
]
const VARY: [string, string] = ['Vary', 'Cookie']

/** A version 4 UUID without its hyphens. */
const toRequestId = (hex: string) => `${hex.slice(0, 12)}4${hex.slice(13, 16)}a${hex.slice(17)}`
