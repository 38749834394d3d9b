/** Tells which paths a release has, and what was meant by one that nobody has; loaded when one is asked for. */
import { baseOf, type Call } from '../../http/message.ts'
import { decodePath } from '../../http/path.ts'
import { createRouter, type Route, type Router } from '../../http/router.ts'
import type { Explanation } from '../../rest/dispatch.ts'
import { pathOf } from '../../rest/errors.ts'
import { createNearest, sortByPlace, type Likeness } from '../../rest/nearest.ts'
import type { Method } from '../../rest/operation.ts'
import type { Views } from '../../rest/views.ts'
import type { DocumentedOperation } from './documented.ts'

/** What stands on the paths of a mock, and of its authentik. */
export interface PathSubject {
  /** Such as `2024.8.3`. */
  version: string
  /** Where the API stands, such as `/api/v3`. */
  prefix: string
  views: Views
  /** What the release documents. */
  documented: readonly DocumentedOperation[]
  /** The pages, and the login, and their paths as routes write them. */
  pages: Router<Route>
  pagePaths: readonly string[]
}

/** What a release documents on one path. */
export interface DocumentedRoute extends Route {
  methods: Method[]
}

/** What is told of paths. */
export interface Paths {
  /** What the release documents on a decoded path. */
  find(path: string): DocumentedRoute | undefined
  /** Says why a call is not answered, and what is nearest to it. */
  explain(call: Call): Explanation
  /** Says why no request to authentik is on the path of a call, or on one that begins so, where it ends with `*`. */
  findDoubt(call: Call): string | undefined
}

/** An operation that may be meant. */
interface Candidate {
  method: string
  id: string
  /** Whether the mock has it. */
  isHere: boolean
}

/** Below it authentik has what the login has, and nothing else. */
const OAUTH_PREFIX = '/application/o/'
/** How unlike a path may be for it to be named. */
const MAX_UNLIKENESS = 0.4
/** How much more unlike the second may be than the first. */
const MAX_DISTANCE = 0.15

/** Creates what tells of the paths that the mock has not. */
export function createPaths({ version, prefix, views, documented, pages, pagePaths }: PathSubject): Paths {
  const findRoute = routeFinder(documented)
  const find: Paths['find'] = (path) =>
    path.startsWith(`${prefix}/`) ? findRoute(path.slice(prefix.length)) : undefined
  const isThere = (path: string) =>
    views.match(path) !== undefined || pages.match(path) !== undefined || find(path) !== undefined
  const here = new Map(
    views.routes.map(({ path, operations }) => [path, Array.from(operations.values(), toCandidate(true))]),
  )
  const candidates = new Map<string, readonly Candidate[]>([...pagePaths.map((path) => [path, []] as const), ...here])
  const paths = new Set([...here.keys()].map(withoutNames))
  for (const [path, operations] of Map.groupBy(documented, (operation) => prefix + operation.path))
    if (!paths.has(withoutNames(path))) candidates.set(path, operations.map(toCandidate(false)))
  const nearestHere = createNearest([...here.keys()], prefix)
  const nearest = createNearest([...candidates.keys()], prefix)

  /** The operations that are meant, as whoever asks for one writes it: `GET /api/v3/core/users/ (core_users_list)`. */
  function list(call: Call, likenesses: readonly Likeness[]): string {
    const method = call.method === 'HEAD' ? 'GET' : call.method
    return likenesses
      .map(({ path }) => {
        const operations = candidates.get(path) ?? []
        const [first] = operations
        const operation =
          operations.find((candidate) => candidate.method === method) ??
          operations.find((candidate) => candidate.method === 'GET') ??
          first
        const address = baseOf(call) + path
        if (!operation) return address
        return `${operation.method} ${address} (${operation.id}${operation.isHere ? '' : ', which is not emulated'})`
      })
      .join(', ')
  }

  /** What is nearest to a path that is spelt right, so that its place tells more than its letters. */
  function relativesOf(path: string, { method }: Call): Likeness[] {
    const documentedPath = find(path)?.path
    const route = documentedPath === undefined ? views.match(path)?.route.path : prefix + documentedPath
    const hasMethod = (candidate: string) =>
      here.get(candidate)?.some((operation) => operation.method === method) ?? false
    return sortByPlace(route ?? path, nearestHere(path, here.size), { shared: prefix, hasMethod }).slice(0, 2)
  }

  // Of what stands beside the API and the login it is not known whether authentik has it.
  const isKnown = (path: string) => path.startsWith(`${prefix}/`) || path.startsWith(OAUTH_PREFIX)

  function explain(call: Call): Explanation {
    const path = decodePath(call.path)
    const [sent, subject] = [pathOf(call), `${call.method} ${pathOf(call)}`]
    const notEmulated = (message: string): Explanation => ({ message, mark: 'not-emulated' })
    if (isThere(path))
      return notEmulated(`${subject} is not emulated. Nearest: ${list(call, relativesOf(path, call))}.`)
    if (!path.endsWith('/') && isThere(`${path}/`))
      return {
        mark: 'add the slash',
        message: `${subject} has no final slash, so that authentik does not know it either: add the slash, ${sent}/`,
      }
    if (path.length > 1 && path.endsWith('/') && isThere(path.slice(0, -1)))
      return {
        mark: 'leave out the slash',
        message: `${subject} has a final slash, so that authentik does not know it either: leave it out, ${sent.slice(0, -1)}`,
      }
    const start = path.lastIndexOf(`${prefix}/`)
    const end = path.slice(start)
    if (start > 0 && isThere(end)) {
      const [likeness] = nearest(end, 1)
      const meant = likeness ? list(call, [likeness]) : end
      return notEmulated(
        `${subject} has ${path.slice(0, start)} before a path of authentik: leave it out, or give the mock that basePath. Nearest: ${meant}.`,
      )
    }
    // What stands before the API's paths is forgotten, too.
    const further = path.startsWith(`${prefix}/`) ? [] : nearest(prefix + path, 2)
    const sorted = [...nearest(path, 2), ...further].sort((a, b) => a.unlikeness - b.unlikeness)
    const limit = Math.min(MAX_UNLIKENESS, (sorted[0]?.unlikeness ?? 0) + MAX_DISTANCE)
    // A path may be like the same one with what stands before it and without.
    const alike = new Map(
      sorted.filter(({ unlikeness }) => unlikeness <= limit).map((likeness) => [likeness.path, likeness]),
    )
    const likenesses = [...alike.values()].slice(0, 2)
    const remedy =
      likenesses.length > 0 ? `Nearest: ${list(call, likenesses)}.` : `What is there: ${baseOf(call)}/-/mock/`
    return notEmulated(`${subject} is ${isKnown(path) ? `no path of authentik ${version}` : 'not emulated'}. ${remedy}`)
  }

  function findDoubt(call: Call): string | undefined {
    const path = decodePath(call.path)
    if (path.endsWith('*')) {
      const start = path.slice(0, -1)
      if (!isKnown(start) || [...candidates.keys()].some((candidate) => beginsWith(candidate, start))) return undefined
      return `no path of authentik ${version} begins with ${start}`
    }
    const { mark, message } = explain(call)
    return isThere(path) || (mark === 'not-emulated' && !isKnown(path)) ? undefined : message
  }

  return { find, explain, findDoubt }
}

/** Whether a path may begin so, whatever its parameters are. */
function beginsWith(path: string, start: string): boolean {
  const segments = path.split('/')
  const sought = start.split('/')
  return sought.every((segment, index) => {
    const candidate = segments[index]
    if (candidate === undefined) return false
    if (/^\{\w+\}$/.test(candidate)) return true
    return index === sought.length - 1 ? candidate.startsWith(segment) : candidate === segment
  })
}

const toCandidate =
  (isHere: boolean) =>
  ({ method, id }: { method: string; id: string }): Candidate => ({ method, id, isHere })

/** A path whose parameters have no names: authentik's documents and ours may call them otherwise. */
const withoutNames = (path: string) => path.replace(/\{\w+\}/g, '{}')

function routeFinder(operations: readonly DocumentedOperation[]): Paths['find'] {
  const routes = Map.groupBy(operations, ({ path }) => path)
  const router = createRouter<DocumentedRoute>(
    [...routes].map(([path, documented]) => ({ path, methods: documented.map(({ method }) => method) })),
  )
  return (path) => {
    const route = router.match(path)?.route
    if (route || !path.includes('.')) return route
    // The type of an object, such as `authentik_core.group`, has a dot, which the other parameters cannot have.
    const dotted = router.match(path.replaceAll('.', '_'))?.route
    return dotted?.path.includes('{content_type}') ? dotted : undefined
  }
}
