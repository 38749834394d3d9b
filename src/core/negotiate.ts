/** Which representation a call accepts: authentik's API has JSON and nothing else (FACTS 0, 1.2). */
import type { Call } from './call.ts'
import { notAcceptable, notFound } from './problem.ts'
import { lastOf } from './python.ts'

/** @throws Problem 404 for an unknown `?format=`, 406 when the Accept header leaves JSON out */
export function negotiate(call: Call, query: URLSearchParams): void {
  const format = lastOf(query, 'format')
  if (format && format !== 'json') throw notFound()
  const accept = call.header('accept')
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return
  if (!accept.split(',').some(acceptsJson)) throw notAcceptable()
}

/** Quality values do not count in Django REST framework: `application/json;q=0` accepts JSON. */
function acceptsJson(range: string): boolean {
  const [type, subtype] = range.split(';')[0]!.trim().toLowerCase().split('/')
  return (type === '*' || type === 'application') && (subtype === '*' || subtype === 'json')
}
