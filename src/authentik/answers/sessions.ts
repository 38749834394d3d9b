/** The end of several users' sessions; loaded when asked for. */
import { permissionDenied } from '../../rest/errors.ts'
import type { Context } from '../../rest/operation.ts'
import { toInteger } from '../../rest/python.ts'
import { authenticatedSessions } from '../resources/authenticated-sessions.ts'

/** Deletes the sessions of the users whom a query names. @throws Problem 403 */
export async function deleteSessions(context: Context) {
  const { caller, query, world } = context
  if (!caller.may('delete_authenticatedsession')) throw permissionDenied()
  const users = new Set(query.getAll('user_pks').map((pk) => Number(toInteger(pk))))
  const table = world.table(authenticatedSessions)
  const sessions = [...table.values()].filter(({ user }) => users.has(user))
  for (const session of sessions) await table.delete(session.uuid)
  return { deleted: sessions.length }
}
