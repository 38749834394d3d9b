/** What several fields together may be once alone, as REST framework says it. */
import { invalid } from '../../rest/errors.ts'

/**
 * Lets through a row whose fields have no other row's values.
 * @param rows all rows, with what the row was before among them
 * @throws Problem 400 for values that another row has
 */
export function requireUnique<Row extends { pk: string }>(
  rows: readonly Row[],
  row: Readonly<Record<string, unknown>>,
  fields: readonly (keyof Row & string)[],
): void {
  const isTaken = rows.some((rival) => rival.pk !== row['pk'] && fields.every((field) => rival[field] === row[field]))
  if (isTaken) throw invalid({ non_field_errors: [`The fields ${fields.join(', ')} must make a unique set.`] })
}
