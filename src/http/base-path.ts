/** A path before everything, as authentik's `web.path` puts one there (docs/authentik.md#paths). */
import type { Layer } from './layer.ts'
import type { Header } from './message.ts'
import { decodePath } from './path.ts'

/** What is wrong with a base path, and what to give. */
const REMEDY = 'Give a path such as /auth/'

/**
 * Reads a base path: `/auth/`, of segments that no URL needs to escape. Its first and last slash may be left out.
 * @returns it without its final slash, which is '' for none: `/auth`
 * @throws Error what is wrong with it, and what to give
 */
export function readBasePath(text: unknown): string {
  if (typeof text !== 'string') throw new Error(`is ${String(text)}. ${REMEDY}`)
  const path = text.replace(/^\/|\/$/g, '')
  const segments = path === '' ? [] : path.split('/')
  if (segments.every((segment) => SEGMENT.test(segment))) return segments.map((segment) => `/${segment}`).join('')
  throw new Error(`is "${text}", which is no path of plain segments. ${REMEDY}`)
}

/** Letters and signs that are unreserved (RFC 3986, section 2.3), and not all of them dots. */
const SEGMENT = /^(?!\.+$)[A-Za-z0-9._~-]+$/

/** What stands on a path below the base path; undefined for one that is not below it. @example '/auth/api/' is '/api/' */
export function pathBelow(base: string, path: string): string | undefined {
  if (path.startsWith(`${base}/`)) return path.slice(base.length)
  if (base === '' || !path.includes('%')) return undefined
  // An escaped sign is the same path.
  const depth = base.split('/').length
  const segments = path.split('/')
  const isBelow = segments.length > depth && decodePath(segments.slice(0, depth).join('/')) === base
  return isBelow ? `/${segments.slice(depth).join('/')}` : undefined
}

/**
 * Answers below base paths alone: the start page leads to the last, and nothing else stands beside them.
 * @param bases each without its final slash; '' for all that there is
 * @param log is called with a message for each request beside them
 */
export const mount =
  (bases: readonly string[], log: (message: string) => void): Layer =>
  (next) =>
  (call) => {
    for (const base of bases) {
      const path = pathBelow(base, call.path)
      if (path !== undefined) return next(base === '' ? call : { ...call, base, path })
    }
    const base = bases.at(-1) ?? ''
    if (call.path === '/') return { status: 302, headers: [['Location', `${base}/`]], body: '' }
    log(`${call.method} ${call.path} is not below ${base}/, where everything is`)
    return { status: 404, headers: [...PLAIN], body: '404 page not found\n' }
  }

/** As Go's net/http answers where no route is. */
const PLAIN: readonly Header[] = [
  ['Content-Type', 'text/plain; charset=utf-8'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Authentik-Mock', 'not-emulated'],
]
