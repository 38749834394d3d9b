/** A filter by values that some row has, of which several may be asked for: django-filter's AllValuesMultipleFilter. */
import { FilterError, type FilterKind } from '../../rest/filters.ts'
import { list, text } from '../../schema/words.ts'

/**
 * Keeps what has any of these texts, each of which some row has.
 * @param name the resource whose rows are looked at, by its name in a world
 */
export const allValues =
  (name: string): FilterKind =>
  ({ value }) => ({
    schema: list(text()),
    read(values, source) {
      if (values.length === 0) return undefined
      const table = source.tableNamed(name)
      const choices = new Set(Array.from(table?.values() ?? [], (row) => value(row as never, source)))
      for (const choice of values)
        if (!choices.has(choice))
          throw new FilterError(`Select a valid choice. ${choice} is not one of the available choices.`)
      return (row, rows) => values.includes(String(value(row, rows)))
    },
  })
