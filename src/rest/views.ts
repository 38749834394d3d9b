/** Views: which operations stand on which path. */
import { createRouter, type Match, type Route } from '../http/router.ts'
import type { Method, Operation, View } from './operation.ts'
import { createSpelling } from './spelling.ts'

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
  /** The operations whose paths read most like this one, the most alike first. */
  nearest(path: string, count: number): Operation[]
}

const ORDER: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** @param prefix where the API stands, such as `/api/v3` */
export function createViews(prefix: string, operations: readonly Operation[]): Views {
  const paths = [...new Set(operations.map(({ view }) => view.path))]
  const routes = paths.map((path) =>
    toRoute(
      prefix,
      operations.filter(({ view }) => view.path === path),
    ),
  )
  const router = createRouter(routes)
  const spell = createSpelling(() => operations.flatMap(({ view }) => wordsOf(prefix + view.path)))
  return {
    routes,
    match: (path) => router.match(path),
    nearest(path, count) {
      const words = spell(wordsOf(path))
      const depth = depthOf(path)
      const likeness = ({ view }: Operation) => {
        const shared = wordsOf(prefix + view.path).filter((word) => words.has(word)).length
        return 2 * shared - Math.abs(depthOf(view.path) + depthOf(prefix) - depth)
      }
      const likenesses = new Map(operations.map((operation) => [operation, likeness(operation)]))
      const compare = (a: Operation, b: Operation) => (likenesses.get(b) ?? 0) - (likenesses.get(a) ?? 0)
      return operations.toSorted(compare).slice(0, count)
    },
  }
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

const wordsOf = (path: string) => path.split(/[^a-z0-9]+/i).filter(Boolean)

const depthOf = (path: string) => path.split('/').filter(Boolean).length
