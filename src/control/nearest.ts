/** Finds the operation that a wrong id was meant for. */
import type { Operation } from '../rest/operation.ts'
import { nearestTo } from '../schema/nearest.ts'

/** Whether there is an operation with an id, and which is the nearest. */
export function nearestIn(
  operations: readonly Operation[],
  operationId: string,
): { isThere: boolean; nearest: string } {
  const ids = operations.map(({ id }) => id)
  return { isThere: ids.includes(operationId), nearest: nearestTo(operationId, ids) }
}
