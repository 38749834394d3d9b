/** Routes: what stands on a path, with parameters. */

/** Something that stands on a path; a segment `{name}` is a parameter. */
export interface Route {
  path: string
  /** Whether its parameters may have a dot, as hardly any of authentik's has. */
  mayHaveDots?: boolean
}

/** A route that a path leads to, and what its parameters are there. */
export interface Match<R extends Route> {
  route: R
  params: Record<string, string>
}

/** What stands on which path. */
export interface Router<R extends Route> {
  /** What stands on a decoded path: a parameter is one or more signs but `/` and `.` (docs/authentik.md#paths). */
  match(path: string): Match<R> | undefined
}

interface Step<R> {
  fixed: Map<string, Step<R>>
  parameter?: { name: string; step: Step<R>; mayHaveDots: boolean }
  route?: R
}

/**
 * Finds routes by their paths; a fixed segment goes before a parameter.
 * @param mayHaveDots whether a parameter may have a dot, whatever its route says
 */
export function createRouter<R extends Route>(routes: readonly R[], mayHaveDots = false): Router<R> {
  const root: Step<R> = { fixed: new Map() }
  for (const route of routes) stepTo(root, route).route = route

  return {
    match(path) {
      const params: Record<string, string> = {}
      let step = root
      for (let start = 0; start <= path.length;) {
        const slash = path.indexOf('/', start)
        const end = slash < 0 ? path.length : slash
        const segment = path.slice(start, end)
        start = end + 1
        const fixed = step.fixed.get(segment)
        if (fixed) step = fixed
        else if (
          step.parameter &&
          segment !== '' &&
          (mayHaveDots || step.parameter.mayHaveDots || !segment.includes('.'))
        ) {
          params[step.parameter.name] = segment
          step = step.parameter.step
        } else return undefined
      }
      return step.route && { route: step.route, params }
    },
  }
}

function stepTo<R>(root: Step<R>, { path, mayHaveDots = false }: Route): Step<R> {
  return path.split('/').reduce<Step<R>>((step, segment) => {
    const name = /^\{(.+)\}$/.exec(segment)?.[1]
    if (name !== undefined) return (step.parameter ??= { name, step: { fixed: new Map() }, mayHaveDots }).step
    const next = step.fixed.get(segment) ?? { fixed: new Map() }
    step.fixed.set(segment, next)
    return next
  }, root)
}
