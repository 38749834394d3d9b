/** Answers on paths that authentik has and the mock has not. */
import type { Call, Reply } from '../../http/message.ts'
import { decodePath } from '../../http/path.ts'
import { createRouter, type Route } from '../../http/router.ts'
import { answerNotEmulated, answerUnknownPath, json, type Backend } from '../../rest/dispatch.ts'
import { methodNotAllowed } from '../../rest/errors.ts'
import type { Method } from '../../rest/operation.ts'
import { allowOf } from '../../rest/views.ts'
import { documentedIn, type DocumentedOperation } from './documented.ts'
import { SHADOWED } from './shadowed.ts'

/** What a release documents on one path. */
interface DocumentedRoute extends Route {
  methods: Method[]
}

/** Finds what a release documents on a path below the API's prefix. */
type FindRoute = (path: string) => DocumentedRoute | undefined

/** What stands behind the mock's own answers. */
export interface Unsupported {
  /** Whether authentik has the decoded path, or has it with a slash at its end; a promise while its operations load. */
  has(path: string): boolean | Promise<boolean>
  answer(call: Call): Reply | Promise<Reply>
}

/**
 * Puts 501 where authentik would answer and the mock cannot, so that no client takes it for a row that is not there.
 * What authentik has not either is answered as authentik answers it. Its operations are loaded when they are first
 * needed.
 * @param prefix where the API stands, such as `/api/v3`
 * @param answer what the mock answers on a decoded path; undefined on one that it does not have
 */
export function createUnsupported(
  backend: Backend,
  prefix: string,
  answer: (call: Call, path: string) => Reply | Promise<Reply> | undefined,
): Unsupported {
  const shadowed = new Set(SHADOWED.map((path) => prefix + path))
  let findRoute: FindRoute | undefined

  /** Looks a decoded path up: at once where it can be told, or the operations are loaded. */
  function lookUp<T>(path: string, use: (route: DocumentedRoute | undefined) => T | Promise<T>): T | Promise<T> {
    if (!path.startsWith(`${prefix}/`)) return use(undefined)
    const relativePath = path.slice(prefix.length)
    if (findRoute) return use(findRoute(relativePath))
    return documentedIn(backend.release.version).then((operations) => {
      findRoute = routeFinder(operations)
      return use(findRoute(relativePath))
    })
  }

  /** Whether something stands on a path with a slash at its end; authentik's operations are loaded by then. */
  function hasWithSlash(path: string): boolean {
    const withSlash = `${path}/`
    if (path.endsWith('/') || !withSlash.startsWith(`${prefix}/`)) return false
    return backend.views.match(withSlash) !== undefined || findRoute?.(withSlash.slice(prefix.length)) !== undefined
  }

  return {
    has: (path) => lookUp(path, (route) => route !== undefined || hasWithSlash(path)),
    answer(call) {
      const path = decodePath(call.path)
      const isShadowed = shadowed.has(path)
      const reply = isShadowed ? undefined : answer(call, path)
      if (reply) return reply
      return lookUp(path, (route) => {
        if (route) return refuse(call, route, backend)
        const shadow = isShadowed ? answer(call, path) : undefined
        return shadow ?? answerUnknownPath(call, backend, hasWithSlash(path))
      })
    },
  }
}

/** 501 for what authentik would answer, to whomever; 405 for a method that it has not. */
function refuse(call: Call, { methods }: DocumentedRoute, backend: Backend): Reply {
  const allow = allowOf(methods)
  if (allow.split(', ').includes(call.method)) return answerNotEmulated(call, backend, allow)
  return json(405, methodNotAllowed(call.method).body, allow)
}

function routeFinder(operations: readonly DocumentedOperation[]): FindRoute {
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
