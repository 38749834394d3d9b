/** Finds the operation that a wrong id was meant for. */
import { distance } from 'fastest-levenshtein'
import type { Operation } from '../rest/operation.ts'

/** Whether there is an operation with an id, and which is the nearest. */
export function nearestIn(
  operations: readonly Operation[],
  operationId: string,
): { isThere: boolean; nearest: string } {
  const ids = operations.map(({ id }) => id)
  const [nearest = ''] = ids.toSorted((a, b) => distance(a, operationId) - distance(b, operationId))
  return { isThere: nearest === operationId, nearest }
}
