/** Rows that belong to a user: who sees them, and what becomes of who nobody knows (docs/authentik.md#permissions). */
import { credentialsMissing, permissionDenied, ServerFault } from '../../rest/errors.ts'
import type { Context } from '../../rest/operation.ts'
import { whereAny, whereOwn, whereViewable, type Sees } from '../../rest/viewset.ts'
import { modelNameOf } from '../../store/resource.ts'
import { behaviourOf } from '../behaviour.ts'
import { ANONYMOUS_FAILS } from '../deviations.ts'

/**
 * A superuser sees all, anyone else their own, and all where the release shows them to who may view them.
 * @param isWidened whether it does
 */
export const whereOwnedOr =
  (isWidened: (context: Context) => boolean): Sees =>
  (caller, resource, context) => {
    if (caller.user === undefined) throw nobodyKnown(context)
    return isWidened(context) && caller.may(`view_${modelNameOf(resource)}`) ? {} : whereOwn(caller)
  }

/** Who is told what uses a row: in older releases it takes the permission to view it, too. */
export const whereUsedOr =
  (isWidened: (context: Context) => boolean): Sees =>
  (caller, resource, context) => {
    const visible = whereOwnedOr(isWidened)(caller, resource, context)
    if (behaviourOf(context).ownersNeedNoPermission || caller.may(`view_${modelNameOf(resource)}`)) return visible
    throw permissionDenied()
  }

/** Whether sessions and consents are shown to who may view them. */
export const isShownByPermission = (context: Context): boolean => behaviourOf(context).ownersNeedNoPermission

/** A server was seen to fail over a caller whom nobody knows, where it looks for their rows. */
const nobodyKnown = ({ serializer }: Context) =>
  serializer.has(ANONYMOUS_FAILS) ? new ServerFault() : credentialsMissing()

/** Lets through whom somebody knows. @throws Problem 403; a fault of the server's own where it was seen to fail */
export function requireKnown(context: Context): void {
  if (context.caller.user === undefined) throw nobodyKnown(context)
}

/** Who is told what uses a user or a group: a server was seen to fail over who may view it through a role. */
export const viewingUses: Sees = (caller, resource, context) => {
  const { serializer, release } = context
  if (!release.behaviour.usedByNeedsViewPermission && !caller.may(`view_${modelNameOf(resource)}`)) return whereAny()
  const visible = whereViewable(caller, resource, context)
  if (serializer.has('used-by-roles-500') && !caller.superuser) throw new ServerFault()
  return visible
}
