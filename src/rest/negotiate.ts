/** Which representation a call accepts: JSON and nothing else on nearly all of authentik's API (docs/authentik.md#headers). */
import { covers } from '../http/body.ts'
import type { Call } from '../http/message.ts'
import { notAcceptable, notFound } from './errors.ts'
import { lastOf } from './python.ts'

/** A way to write an answer. */
export interface Renderer {
  /** What `?format=` calls it. */
  format: string
  /** Its media type. */
  type: string
  /** What the Content-Type says. */
  contentType: string
  /**
   * Writes an answer from its JSON.
   * @param indent so many spaces a level, where the caller asks for it
   */
  render(json: string, indent?: number): string | Promise<string>
}

/** JSON, as nearly every operation writes it. */
export const JSON_RENDERER: Renderer = {
  format: 'json',
  type: 'application/json',
  contentType: 'application/json',
  render: (json, indent) => (indent === undefined ? json : JSON.stringify(JSON.parse(json), null, indent)),
}
const JSON_ALONE = [JSON_RENDERER] as const

/**
 * The first way that the caller prefers as much as any other. Quality values do not count in Django REST framework:
 * `application/json;q=0` accepts JSON.
 * @throws Problem 404 for an unknown `?format=`, 406 when the Accept header leaves every way out
 */
export function negotiate(call: Call, query: URLSearchParams, renderers: readonly Renderer[] = JSON_ALONE): Renderer {
  const format = query.size === 0 ? undefined : lastOf(query, 'format')
  const possible = format ? renderers.filter((renderer) => renderer.format === format) : renderers
  const [first] = possible
  if (!first) throw notFound()
  const accept = call.header('accept')
  if (accept === undefined || accept === '*/*' || accept === first.type) return first
  // A header of thousands of commas has one range.
  const ranges = Array.from(new Set(accept.split(',')), (range) => ({ range, precision: precisionOf(range) }))
  for (const expected of [3, 2, 1, 0])
    for (const renderer of possible)
      if (ranges.some(({ range, precision }) => precision === expected && covers(range, renderer.type))) return renderer
  throw notAcceptable()
}

/** How deep a caller wants JSON to be indented: `application/json; indent=4`. */
export const indentIn = (call: Call): number | undefined =>
  Number(/;\s*indent=(\d+)/.exec(call.header('accept') ?? '')?.[1]) || undefined

function precisionOf(range: string): number {
  const [type = '', ...parameters] = range.split(';')
  if (type.trim().startsWith('*')) return 0
  if (type.trim().endsWith('/*')) return 1
  return parameters.some((parameter) => !parameter.trim().startsWith('q=')) ? 3 : 2
}
