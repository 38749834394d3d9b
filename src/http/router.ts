/** Which operations stand on which path. */
import type { Method, Operation, View } from '../rest/operation.ts'

export interface Route {
  view: View
  /** By method. */
  operations: Partial<Record<string, Operation>>
  /** The methods that are answered, as the Allow header lists them. */
  allow: string
}

export interface Match {
  route: Route
  params: Record<string, string>
}

export interface Routes {
  /** What stands on a decoded path, or undefined: a parameter is one or more signs but `/` and `.` (FACTS 0.2). */
  match(path: string): Match | undefined
  /** The operations whose paths read most like this one, the most alike first. */
  nearest(path: string, count: number): Operation[]
}

interface Step {
  fixed: Map<string, Step>
  parameter?: { name: string; step: Step }
  route?: Route
}

const ORDER: readonly Method[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** @param prefix where the API stands, such as `/api/v3` */
export function createRoutes(prefix: string, operations: readonly Operation[]): Routes {
  const root: Step = { fixed: new Map() }
  for (const view of new Set(operations.map((one) => one.view))) {
    const own = operations.filter((one) => one.view === view)
    const methods = ORDER.filter((method) => view.missing?.includes(method) || own.some((one) => one.method === method))
    walk(root, prefix + view.path).route = {
      view,
      operations: Object.fromEntries(own.map((one) => [one.method, one])),
      allow: [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', '),
    }
  }

  return {
    match(path) {
      const params: Record<string, string> = {}
      let step: Step | undefined = root
      for (const segment of path.split('/')) {
        const fixed: Step | undefined = step.fixed.get(segment)
        if (fixed) step = fixed
        else if (step.parameter && segment !== '' && !segment.includes('.')) {
          params[step.parameter.name] = segment
          step = step.parameter.step
        } else return undefined
      }
      return step.route && { route: step.route, params }
    },

    nearest(path, count) {
      const words = wordsOf(path)
      const depth = depthOf(path)
      const alike = ({ view }: Operation) =>
        2 * wordsOf(prefix + view.path).filter((word) => words.includes(word)).length -
        Math.abs(depthOf(view.path) + depthOf(prefix) - depth)
      return operations.toSorted((a, b) => alike(b) - alike(a)).slice(0, count)
    },
  }
}

function walk(root: Step, path: string): Step {
  return path.split('/').reduce((step, segment) => {
    const name = /^\{(.+)\}$/.exec(segment)?.[1]
    if (name) return (step.parameter ??= { name, step: { fixed: new Map() } }).step
    const known = step.fixed.get(segment)
    if (known) return known
    const made: Step = { fixed: new Map() }
    step.fixed.set(segment, made)
    return made
  }, root)
}

const wordsOf = (path: string) => path.split(/[^a-z0-9]+/i).filter(Boolean)

const depthOf = (path: string) => path.split('/').filter(Boolean).length
