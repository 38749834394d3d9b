/** Answers on paths that authentik has and the mock has not, and on those that nobody has. */
import type { Call, Reply } from '../../http/message.ts'
import { decodePath } from '../../http/path.ts'
import type { Route, Router } from '../../http/router.ts'
import { answerNotEmulated, answerUnknownPath, json, type Backend, type Explanation } from '../../rest/dispatch.ts'
import { methodNotAllowed } from '../../rest/errors.ts'
import { allowOf } from '../../rest/views.ts'
import { documentedIn } from './documented.ts'
import type { DocumentedRoute, Paths } from './explain.ts'
import { SHADOWED } from './shadowed.ts'

/** What stands behind the mock's own answers. */
export interface Unsupported {
  /** Whether authentik has the decoded path, or has it with a slash at its end; a promise while its operations load. */
  has(path: string): boolean | Promise<boolean>
  answer(call: Call): Reply | Promise<Reply>
  /** Says why a call is not answered, and what is nearest to it; a promise while that is loaded. */
  explain(call: Call): Explanation | Promise<Explanation>
  /** Says why no request to authentik is on the path of a call, which may be a beginning with `*` behind it. */
  findDoubt(call: Call): string | undefined | Promise<string | undefined>
}

/** What the mock answers beside the API, and all that it answers. */
interface Answers {
  /** What stands beside the API. */
  pages: Router<Route>
  pagePaths: readonly string[]
  /** What the mock answers on a decoded path; undefined on one that it does not have. */
  answer(call: Call, path: string): Reply | Promise<Reply> | undefined
}

/**
 * Puts 501 where authentik would answer and the mock cannot, so that no client takes it for a row that is not there.
 * What authentik has not either is answered as authentik answers it. Its operations are loaded when they are first
 * needed.
 * @param prefix where the API stands, such as `/api/v3`
 */
export function createUnsupported(
  backend: Backend,
  prefix: string,
  { pages, pagePaths, answer }: Answers,
): Unsupported {
  const { release, views } = backend
  const shadowed = new Set(SHADOWED.map((path) => prefix + path))
  let loaded: Paths | undefined

  async function load(): Promise<Paths> {
    const [documented, { createPaths }] = await Promise.all([documentedIn(release.version), import('./explain.ts')])
    return (loaded = createPaths({ version: release.version, prefix, views, documented, pages, pagePaths }))
  }

  /** Uses what is loaded: at once where it is. */
  const use = <T>(task: (present: Paths) => T | Promise<T>): T | Promise<T> =>
    loaded ? task(loaded) : load().then(task)

  return {
    has(path) {
      if (!path.startsWith(`${prefix}/`)) return false
      return use(({ find }) => {
        if (find(path)) return true
        return !path.endsWith('/') && (views.match(`${path}/`) ?? find(`${path}/`)) !== undefined
      })
    },
    explain: (call) => use(({ explain }) => explain(call)),
    findDoubt: (call) => use(({ findDoubt }) => findDoubt(call)),
    answer(call) {
      const path = decodePath(call.path)
      const isShadowed = shadowed.has(path)
      const reply = isShadowed ? undefined : answer(call, path)
      if (reply) return reply
      return use(({ find, explain }) => {
        const route = find(path)
        if (route) return refuse(call, route, backend)
        const shadow = isShadowed ? answer(call, path) : undefined
        return shadow ?? answerUnknownPath(call, backend, explain(call))
      })
    },
  }
}

/** 501 for what authentik would answer, to whomever; 405 for a method that it has not. */
function refuse(call: Call, { methods }: DocumentedRoute, backend: Backend): Reply | Promise<Reply> {
  const allow = allowOf(methods)
  if (allow.split(', ').includes(call.method)) return answerNotEmulated(call, backend, allow)
  return json(405, methodNotAllowed(call.method).body, allow)
}
