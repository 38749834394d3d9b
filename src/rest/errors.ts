/** Every answer that is not the happy one, in the words that authentik uses (docs/authentik.md#statuses-and-texts). */
import { escapeHtml, page } from '../http/html.ts'
import { baseOf, type Call, type Header, type Reply } from '../http/message.ts'

/** It is thrown anywhere between the route and the answer, and becomes the answer. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  /** The answer's JSON. */
  readonly body: unknown

  constructor(status: number, body: unknown) {
    super(`An answer with the status ${status}.`)
    this.status = status
    this.body = body
  }
}

/** A fault of the server's own: a page to GET, and to the rest what Django's view of that page answers them. */
export class ServerFault extends Problem {
  constructor() {
    super(500, undefined)
  }
}

const detail = (status: number, text: string) => new Problem(status, { detail: text })

/** 404. @param className the model that has no such row, where the release says it */
export const notFound = (className?: string) =>
  detail(404, className === undefined ? 'Not found.' : `No ${className} matches the given query.`)
/** 403 for a caller whom nobody knows. */
export const credentialsMissing = () => detail(403, 'Authentication credentials were not provided.')
/** 403 for a token that is no good. */
export const credentialsRefused = () => detail(403, 'Token invalid/expired')
/** 403 for another scheme than Bearer. */
export const schemeUnsupported = () => detail(403, 'Unsupported authentication type')
/** 403 for a caller who may not. */
export const permissionDenied = () => detail(403, 'You do not have permission to perform this action.')
/** 405. */
export const methodNotAllowed = (method: string) => detail(405, `Method "${method}" not allowed.`)
/** 415. */
export const mediaTypeUnsupported = (type: string) => detail(415, `Unsupported media type "${type}" in request.`)
/** 406. */
export const notAcceptable = () => detail(406, 'Could not satisfy the request Accept header.')

/** 400: what is wrong, by the name of the filter or field. */
export const invalid = (messages: Record<string, unknown>) => new Problem(400, messages)

/** What stands in a 400 for a row that is not there. */
export const INVALID_CHOICE = 'Select a valid choice. That choice is not one of the available choices.'

/** What is told of a call in a message. */
type Subject = Pick<Call, 'method' | 'path' | 'base'>

/** The path as it was sent. */
export const pathOf = (call: Subject) => baseOf(call) + call.path

/**
 * What authentik answers on a path that it does not have: an HTML page to GET, nothing to the rest
 * (docs/authentik.md#paths). The page says that a mock answered, so that nobody takes it for a missing row.
 */
export const unknownPath = (call: Subject, message: string): Reply => errorPage(call, 404, 'Not Found', message)

/** What authentik answers where it fails: an HTML page to GET, nothing to the rest. @param reason why it does */
export const serverFault = (call: Subject, reason = 'A real authentik was seen to fail here, and so does its mock.') =>
  errorPage(call, 500, 'Server Error', reason)

function errorPage(call: Subject, status: number, title: string, message: string): Reply {
  const { method } = call
  const html: Header = ['Content-Type', 'text/html; charset=utf-8']
  const allow: Header = ['Allow', 'GET, HEAD, OPTIONS']
  if (method === 'GET' || method === 'HEAD') {
    const link = `<p><a href="${baseOf(call)}/-/mock/">What this mock is</a></p>`
    const body = page(title, `<h1>${title}</h1><p>${escapeHtml(message)}</p>${link}`)
    return { status, headers: [html], body }
  }
  return { status: method === 'OPTIONS' ? 200 : 405, headers: [html, allow], body: '' }
}
