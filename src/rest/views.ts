/** Views: which operations stand on which path. */
import { createRouter, type Match, type Route } from '../http/router.ts'
import { once } from '../schema/lazily.ts'
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
  const byPath = Map.groupBy(operations, ({ view }) => view.path)
  const routes = Array.from(byPath.values(), (group) => toRoute(prefix, group))
  const router = createRouter(routes)
  /** What the paths read like, which is asked for when one is not there. */
  const read = once(() =>
    operations.map((operation) => {
      const path = prefix + operation.view.path
      return { operation, words: wordsOf(path), depth: depthOf(path) }
    }),
  )
  const spell = createSpelling(() => read().flatMap(({ words }) => words))
  return {
    routes,
    match: (path) => router.match(path),
    nearest(path, count) {
      const words = spell(wordsOf(path))
      const depth = depthOf(path)
      const likenesses = read().map((reading) => {
        const shared = reading.words.filter((word) => words.has(word)).length
        return { operation: reading.operation, likeness: 2 * shared - Math.abs(reading.depth - depth) }
      })
      const sorted = likenesses.sort((a, b) => b.likeness - a.likeness).slice(0, count)
      return sorted.map(({ operation }) => operation)
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
