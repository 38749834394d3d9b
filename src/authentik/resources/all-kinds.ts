/** What stands among others of every kind, such as a scope mapping among the property mappings: who may delete it. */
import { permissionDenied, ServerFault } from '../../rest/errors.ts'
import type { Context } from '../../rest/operation.ts'

/**
 * Lets through who may delete what is of a kind.
 * @param model whose permission it takes
 * @throws Problem 403; a server was seen to fail over who may only view it
 */
export const mayDestroyKind =
  (model: string) =>
  ({ caller, serializer }: Context): void => {
    if (caller.superuser || caller.may(`delete_${model}`)) return
    throw serializer.has('provider-delete-500') ? new ServerFault() : permissionDenied()
  }
