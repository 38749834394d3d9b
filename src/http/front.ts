/** The outer layer of a running authentik, written in Go: it cleans paths and adds headers of its own (docs/authentik.md#paths). */
import { mapReply, type Layer } from './layer.ts'
import type { Call, Header } from './message.ts'
import { cleanPath, decodePath, encodePath } from './path.ts'

/** Redirects a path that is not clean before anything else looks at it, and adds the headers of the front. */
export const front: Layer = (next) => (call) => {
  const location = cleanLocation(call)
  if (location !== undefined) return { status: 301, headers: [['Location', location]], body: '' }
  return mapReply(next(call), (reply) => {
    reply.headers.unshift(...HEADERS)
    return reply
  })
}

/** Where the front sends a call whose path holds an empty, `.` or `..` segment, encoded or not; undefined for a clean one. */
function cleanLocation({ path, query }: Pick<Call, 'path' | 'query'>): string | undefined {
  if (!path.includes('//') && !path.includes('/.') && !path.includes('%')) return undefined
  const decoded = decodePath(path)
  const clean = cleanPath(decoded)
  if (clean === decoded) return undefined
  return encodePath(clean) + (query && `?${query}`)
}

const HEADERS: readonly Header[] = [
  ['X-Powered-By', 'authentik'],
  ['Vary', 'Accept-Encoding'],
]
