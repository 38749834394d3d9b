/** How a value is read that a world says of a field: as authentik takes it, and in the form in which authentik keeps it. */
import { isEmail } from '../schema/email.ts'
import { quote } from '../schema/json.ts'
import { toUuid } from '../schema/uuid.ts'
import type { Fragment } from '../schema/words.ts'
import { readInstant, toInstant, type Instant } from './clock.ts'
import { MockError } from './mock-error.ts'
import { MAX_KEY } from './table.ts'

/** Why a value cannot be. */
export class FormError extends Error {
  override readonly name = 'FormError'
}

/** Reads a value, as it is kept; what is of another type is given back as it is. @throws FormError */
export type Reader = (value: unknown) => unknown

/** How values of a documented form are read; undefined for one that needs no reading. */
export function readerOf({ format, items }: Fragment): Reader | undefined {
  if (!items) return format === undefined ? undefined : READERS.get(format)
  const read = readerOf(items)
  return read && ((value) => (Array.isArray(value) ? value.map(read) : value))
}

/** Reads the key of a numbered row. */
export const readNumber: Reader = (value) => {
  if (typeof value === 'number' && Number.isInteger(value) && (value < 1 || value > MAX_KEY))
    throw new FormError(`${value} is no key of a row: they are counted from 1 to ${MAX_KEY}`)
  return value
}

const ofText =
  (read: (text: string) => string): Reader =>
  (value) =>
    typeof value === 'string' ? read(value) : value

const READERS: ReadonlyMap<string, Reader> = new Map([
  ['uuid', ofText(readUuid)],
  ['date-time', ofText(readKept)],
  ['email', ofText(readEmail)],
])

function readUuid(text: string): string {
  const uuid = toUuid(text)
  if (uuid === undefined) throw new FormError(`${quote(text)} is no UUID`)
  return uuid
}

/** authentik has users without an address. */
function readEmail(text: string): string {
  if (text !== '' && !isEmail(text)) throw new FormError(`${quote(text)} is no e-mail address`)
  return text
}

/** An instant as authentik writes it: with six digits of a second, or none where all are zero. */
function readKept(text: string): Instant {
  if (WRITTEN_FORM.test(text)) return text
  let milliseconds: number
  try {
    milliseconds = readInstant(text)
  } catch (error) {
    if (!(error instanceof MockError)) throw error
    throw new FormError(
      `${quote(text)} is no instant. ${error.message.replace(/\.$/, '')}, or a time from now, such as +5m`,
    )
  }
  const [, digits = ''] = /\.(\d+)/.exec(text) ?? []
  const instant = toInstant(milliseconds, Number(digits.slice(3, 6).padEnd(3, '0')))
  if (digits.length <= 6) return instant
  throw new FormError(`${quote(text)} has ${digits.length} digits of a second. authentik keeps six: ${instant}`)
}

/** An instant as authentik writes it, on a day that every month has: most are, and need no more reading. */
const WRITTEN_FORM =
  /^(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.(?!000000)\d{6})?Z$/
