/** Finds which operation of a document is which of another. */
import { titleOf, type DocumentedOperation } from './document.ts'

/** An operation in both documents, or in one of them. */
export type OperationPair = [DocumentedOperation | undefined, DocumentedOperation | undefined]

/**
 * Pairs operations by method and path, whatever the parameters of the path are called, and the rest by operationId.
 * @returns the pairs in the order of the first document, then what only the second has
 */
export function pairOperations(
  oldOperations: readonly DocumentedOperation[],
  newOperations: readonly DocumentedOperation[],
): OperationPair[] {
  const partners = new Map<DocumentedOperation, DocumentedOperation>()
  const rest = new Set(newOperations)
  for (const keyOf of [titleOf, withoutNames, idOf]) {
    const newByKey = new Map([...rest].map((operation) => [keyOf(operation), operation]))
    for (const operation of oldOperations) {
      const partner = newByKey.get(keyOf(operation))
      if (!partner || partners.has(operation) || !rest.has(partner)) continue
      partners.set(operation, partner)
      rest.delete(partner)
    }
  }
  return [
    ...oldOperations.map((operation): OperationPair => [operation, partners.get(operation)]),
    ...[...rest].map((operation): OperationPair => [undefined, operation]),
  ]
}

/** Returns the method and path of an operation, without the names that the parameters of the path have. */
export const withoutNames = (operation: DocumentedOperation) => titleOf(operation).replace(/\{[^}]+\}/g, '{}')

const idOf = ({ id }: DocumentedOperation) => id
