/** A filter by a part of a text. */
import type { FilterKind } from '../../rest/filters.ts'
import { text } from '../../schema/words.ts'

/** Keeps what has this text in it, in any case. */
export const containing: FilterKind = ({ value }) => ({
  schema: text(),
  read(values) {
    const last = values.at(-1)?.trim().toLowerCase()
    return last ? (row, source) => String(value(row, source)).toLowerCase().includes(last) : undefined
  },
})
