/** Bodies of requests: which media type they say they have, and what they hold. */
import type { Call } from './message.ts'

/** Whether a media range, or the type of a body, names this media type. */
export function covers(range: string, mediaType: string): boolean {
  const [type, subtype] = (range.split(';')[0] ?? '').trim().toLowerCase().split('/')
  const [mediaMainType, mediaSubtype] = mediaType.split('/')
  return (type === '*' || type === mediaMainType) && (subtype === '*' || subtype === mediaSubtype)
}

/** The media type that a call says its body has; empty when it does not say. */
export const contentTypeOf = (call: Call) => call.header('content-type') ?? ''

/** The fields of a form, `application/x-www-form-urlencoded`; none when the body is of another type. */
export async function readForm(call: Call): Promise<URLSearchParams> {
  return new URLSearchParams(
    covers(contentTypeOf(call), 'application/x-www-form-urlencoded') ? await call.body() : undefined,
  )
}
