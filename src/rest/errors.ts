/** Every answer that is not the happy one, in the words authentik uses (FACTS 1.2). */
import type { Call, Reply } from '../http/message.ts'

/** Thrown anywhere between the route and the answer; becomes the answer. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  /** The answer's JSON. */
  readonly body: unknown

  constructor(status: number, body: unknown) {
    super(JSON.stringify(body))
    this.status = status
    this.body = body
  }
}

const detail = (status: number, text: string) => new Problem(status, { detail: text })

/** @param className the model that has no such row, where it is said */
export const notFound = (className?: string) =>
  detail(404, className === undefined ? 'Not found.' : `No ${className} matches the given query.`)
export const credentialsMissing = () => detail(403, 'Authentication credentials were not provided.')
export const credentialsRefused = () => detail(403, 'Token invalid/expired')
export const schemeUnsupported = () => detail(403, 'Unsupported authentication type')
export const permissionDenied = () => detail(403, 'You do not have permission to perform this action.')
export const methodNotAllowed = (method: string) => detail(405, `Method "${method}" not allowed.`)
export const mediaTypeUnsupported = (type: string) => detail(415, `Unsupported media type "${type}" in request.`)
export const notAcceptable = () => detail(406, 'Could not satisfy the request Accept header.')

/** 400: what is wrong, by the name of the filter or field. */
export const invalid = (messages: Record<string, unknown>) => new Problem(400, messages)

/** 501: authentik has it, the mock does not. */
export function notEmulated(
  { method, path }: Pick<Call, 'method' | 'path'>,
  nearest: readonly string[],
): { status: 501; body: { detail: string }; message: string } {
  const message = `${method} ${path} is not emulated. Nearest: ${nearest.join(', ')}.`
  return { status: 501, body: { detail: message }, message }
}

export const INVALID_CHOICE = 'Select a valid choice. That choice is not one of the available choices.'

/**
 * What authentik answers on a path it does not have: an HTML page to GET, nothing to the rest (FACTS 0.2).
 * The page says that a mock answered, so that nobody takes it for a missing row.
 */
export function unknownPath(method: string, message: string): Reply {
  const html: [string, string] = ['Content-Type', 'text/html; charset=utf-8']
  const allow: [string, string] = ['Allow', 'GET, HEAD, OPTIONS']
  if (method === 'GET' || method === 'HEAD') return { status: 404, headers: [html], body: page('Not Found', message) }
  return { status: method === 'OPTIONS' ? 200 : 405, headers: [html, allow], body: '' }
}

function page(title: string, message: string): string {
  const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
  return `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>${title} - authentik-mock</title></head>\n<body><h1>${title}</h1><p>${escape(message)}</p></body>\n</html>\n`
}
