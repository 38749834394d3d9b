/** A filter by a whole number. */
import { FilterError, type FilterKind } from '../../rest/filters.ts'
import { toInteger } from '../../rest/python.ts'
import { integer } from '../../schema/words.ts'

/** Keeps what has just this number. */
export const numberFilter: FilterKind = ({ value }) => ({
  schema: integer(),
  read(values) {
    const last = values.at(-1)?.trim()
    if (!last) return undefined
    const expected = toInteger(last)
    if (expected === undefined) throw new FilterError('Enter a number.')
    return (row, source) => value(row, source) === Number(expected)
  },
})
