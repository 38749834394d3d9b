/** Views: which operations stand on which path. */
import { createRouter, type Match, type Route } from '../http/router.ts'
import type { Method, Operation, View } from './operation.ts'

/** A view as a route. */
export interface ViewRoute extends Route {
  view: View
  /** By method. */
  operations: ReadonlyMap<string, Operation>
  /** The methods that are answered, as the Allow header lists them. */
  allow: string
}

/** The views of a release. */
export interface Views {
  routes: readonly ViewRoute[]
  /** What stands on a decoded path. */
  match(path: string): Match<ViewRoute> | undefined
}

const ORDER: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** @param prefix where the API stands, such as `/api/v3` */
export function createViews(prefix: string, operations: readonly Operation[]): Views {
  const byPath = Map.groupBy(operations, ({ view }) => view.path)
  const routes = Array.from(byPath.values(), (group) => toRoute(prefix, group))
  const router = createRouter(routes)
  return { routes, match: (path) => router.match(path) }
}

/** The Allow header of a path that has these methods. */
export function allowOf(methods: readonly Method[]): string {
  const sorted = ORDER.filter((method) => methods.includes(method))
  return [...sorted, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ')
}

function toRoute(prefix: string, operations: readonly Operation[]): ViewRoute {
  const [first] = operations
  if (!first) throw new TypeError('Failed to make a route: it has no operation.')
  const { view } = first
  const methods = [...(view.missing ?? []), ...operations.map(({ method }) => method)]
  return {
    path: prefix + view.path,
    mayHaveDots: view.mayHaveDots ?? false,
    view,
    operations: new Map(operations.map((operation) => [operation.method, operation])),
    allow: allowOf(methods),
  }
}
