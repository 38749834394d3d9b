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

/**
 * The text that bytes are in UTF-8. Of bytes that are none the first stands as half a surrogate pair, U+DC80 to U+DCFF,
 * as Python's `surrogateescape` has it: no bytes in UTF-8 make one, so that whoever reads the text can tell. A byte
 * order mark stays.
 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return STRICT.decode(bytes)
  } catch {
    const index = findInvalid(bytes)
    const half = String.fromCharCode(0xdc00 + (bytes[index] ?? 0))
    return LENIENT.decode(bytes.subarray(0, index)) + half + LENIENT.decode(bytes.subarray(index + 1))
  }
}

/** Where bytes stop being UTF-8: there the sign that stands for what is none has other bytes. */
function findInvalid(bytes: Uint8Array): number {
  const replaced = new TextEncoder().encode(LENIENT.decode(bytes))
  let index = replaced.findIndex((byte, position) => byte !== bytes[position])
  while (isContinuation(replaced[index] ?? 0)) index--
  return index
}

const isContinuation = (byte: number) => (byte & 0xc0) === 0x80

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const LENIENT = new TextDecoder('utf-8', { ignoreBOM: true })
