/** What PostgreSQL does not keep, so that a real server fails where it would write it. */

/** A row that PostgreSQL would refuse; named as in PEP 249. */
export class DataError extends Error {
  override readonly name = 'DataError'
}

/** Whether PostgreSQL keeps a text: one with neither a NUL nor half of a surrogate pair. */
export const isKept = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** Says why a text is not kept. */
export const unkept = (text: string): string =>
  text.includes('\0')
    ? 'has a NUL in it, which PostgreSQL does not keep'
    : 'has half of a surrogate pair in it, which PostgreSQL does not keep'

/** Looks at every text of a row, all the way down, and at the names of its members. @throws DataError */
export function checkTexts(value: unknown, name: string): void {
  if (typeof value === 'string') {
    if (!isKept(value)) throw new DataError(`${name} ${unkept(value)}`)
  } else if (value !== null && typeof value === 'object') {
    for (const [key, member] of Object.entries(value)) {
      if (!isKept(key)) throw new DataError(`a key of ${name} ${unkept(key)}`)
      checkTexts(member, Array.isArray(value) ? name : key)
    }
  }
}
