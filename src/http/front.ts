/** The outer layer of a running authentik, written in Go: it cleans paths and adds headers of its own (FACTS 0.1, 0.2). */
import type { Call, Reply } from './message.ts'
import { decodePath } from '../rest/python.ts'

type Answer = (call: Call) => Reply | Promise<Reply>

/** Answers as the front does: an unclean path is redirected before anything else looks at it. */
export function front(behind: Answer): Answer {
  const through = ({ status, headers, body }: Reply): Reply => ({
    status,
    headers: [POWERED_BY, VARY, ...headers],
    body,
  })
  return (call) => {
    const location = cleanLocation(call)
    if (location !== undefined)
      return {
        status: 301,
        headers: [['Location', location]],
        body: '',
      }
    const reply = behind(call)
    return reply instanceof Promise ? reply.then(through) : through(reply)
  }
}

/** Where the front sends a call whose path holds an empty, `.` or `..` segment, encoded or not; undefined for a clean one. */
function cleanLocation({ path, query }: Pick<Call, 'path' | 'query'>): string | undefined {
  if (!path.includes('//') && !path.includes('/.') && !path.includes('%')) return undefined
  const decoded = decodePath(path)
  const clean = cleanPath(decoded)
  if (clean === decoded) return undefined
  return encodePath(clean) + (query && `?${query}`)
}

/** A decoded path without its empty, `.` and `..` segments. */
export function cleanPath(path: string): string {
  const kept: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') kept.pop()
    else if (segment !== '' && segment !== '.') kept.push(segment)
  }
  return `/${kept.join('/')}${kept.length && path.endsWith('/') ? '/' : ''}`
}

/** Escapes what Go's net/url escapes in a path. */
const encodePath = (path: string) =>
  encodeURI(path.toWellFormed()).replace(/[!'()*?#]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

const POWERED_BY: [string, string] = ['X-Powered-By', 'authentik']
const VARY: [string, string] = ['Vary', 'Accept-Encoding']
