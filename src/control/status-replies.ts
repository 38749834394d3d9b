/** What authentik answers with a status, in its own words, where nothing else is said (docs/authentik.md#statuses-and-texts). */
import { page } from '../http/html.ts'
import { baseOf, type Call, type Header, type Reply } from '../http/message.ts'
import { json } from '../rest/dispatch.ts'

const HTML: Header = ['Content-Type', 'text/html; charset=utf-8']
const TEXT: Header = ['Content-Type', 'text/plain; charset=utf-8']
const JSON_TYPE: Header = ['Content-Type', 'application/json']

const DETAILS: ReadonlyMap<number, string> = new Map([
  [401, 'Authentication credentials were not provided.'],
  [403, 'You do not have permission to perform this action.'],
  [404, 'Not found.'],
  [406, 'Could not satisfy the request Accept header.'],
])

/** The answer with a status; where authentik never gives it, that of Django REST framework. */
export function replyWithStatus(status: number, call: Call): Reply {
  if (status === 502 || status === 503) return replyWhileStarting(call, status)
  if (status === 500) return { status, headers: [HTML], body: brokenPage(call) }
  if (status === 429) return throttled(1)
  if (status === 400) return json(status, { non_field_errors: ['Invalid input.'], code: 'invalid' })
  if (status === 405) return json(status, { detail: `Method "${call.method}" not allowed.` })
  if (status < 400) return { status, headers: [JSON_TYPE], body: '' }
  return json(status, { detail: DETAILS.get(status) ?? (status < 500 ? 'Invalid input.' : 'A server error occurred.') })
}

const brokenPage = (call: Call) =>
  page('Server Error', `<h1>Server Error</h1><p><a href="${baseOf(call)}/">Go home</a></p>`)

/** What a broken authentik answers: its page of errors to GET, and an empty 405 to anything else (docs/authentik.md#paths). */
export function replyWhileBroken(call: Call): Reply {
  if (call.method === 'GET' || call.method === 'HEAD') return replyWithStatus(500, call)
  return { status: 405, headers: [HTML, ['Allow', 'GET, HEAD, OPTIONS']], body: '' }
}

/** What Django REST framework says of too many requests. @param seconds until one more is let through */
export function throttled(seconds: number): Reply {
  const reply = json(429, {
    detail: `Request was throttled. Expected available in ${seconds} second${seconds === 1 ? '' : 's'}.`,
  })
  reply.headers.push(['Retry-After', String(seconds)])
  return reply
}

/** What the front says while authentik itself starts: 502 until 2025.8, 503 since 2025.10. */
export function replyWhileStarting(call: Call, status: 502 | 503): Reply {
  const accept = call.header('accept') ?? ''
  if (status === 502) {
    const message = 'failed to connect to authentik backend: authentik starting'
    if (accept === 'application/json') return { status, headers: [JSON_TYPE], body: JSON.stringify({ error: message }) }
    return { status, headers: [TEXT], body: message }
  }
  const retry: Header = ['Retry-After', '5']
  if (accept.includes('application/json'))
    return { status, headers: [JSON_TYPE, retry], body: JSON.stringify({ error: 'authentik starting' }) }
  if (accept.includes('text/html'))
    return { status, headers: [HTML, retry], body: page('authentik starting', '<h1>authentik starting</h1>') }
  return { status, headers: [TEXT, retry], body: 'authentik starting' }
}
