/** What a request asks for: an operation of the API, an OAuth endpoint, a flow, or another page. */
import type { Pipeline } from '../mock/pipeline.ts'
import type { Operation } from '../rest/operation.ts'
import { decodePath } from '../http/path.ts'
import type { RequestKind } from './types.ts'

/** What stands on the path of a request. */
export interface Target {
  kind: RequestKind
  operation?: Operation
  /** The parameters of the path, where the API has it, be it with this method or not. */
  params?: Readonly<Record<string, string>>
}

const OAUTH = /^\/(?:application\/o\/|\.well-known\/|device(?:\/|$))/
const FLOW = /^\/(?:api\/v3\/flows\/executor\/|if\/|flows\/)/

/** Finds what a request asks for. @param path as it was sent, with the base path */
export function findTarget(
  { views, pages, toRoutePath }: Pick<Pipeline, 'pages' | 'toRoutePath' | 'views'>,
  method: string,
  path: string,
): Target {
  const routePath = toRoutePath(decodePath(path))
  if (routePath === undefined) return { kind: 'unknown' }
  const view = views.match(routePath)
  const operation = view?.route.operations.get(method === 'HEAD' ? 'GET' : method)
  if (view) return { kind: 'api', params: view.params, ...(operation && { operation }) }
  if (FLOW.test(routePath)) return { kind: 'flow' }
  if (OAUTH.test(routePath)) return { kind: 'oauth' }
  if (routePath.startsWith('/api/v3/') && routePath !== '/api/v3/') return { kind: 'api' }
  return { kind: pages.match(routePath) ? 'page' : 'unknown' }
}
