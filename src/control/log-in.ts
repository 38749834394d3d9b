/** Logs somebody in for a request to the control API. */
import { CSRF_COOKIE, CSRF_HEADER } from '../authentik/auth/csrf.ts'
import { cookieScope, SESSION_COOKIE, startSession } from '../authentik/auth/sessions.ts'
import type { Header } from '../http/message.ts'
import { controlError } from './control-error.ts'
import { findUser, namesOf } from './grants.ts'
import { WholeReply, type ControlContext } from './control-route.ts'
import { noUser } from './sessions.ts'

/**
 * Logs a user in, as the login flow would.
 * @param request.cookie whether the browser that asks gets the cookies
 * @throws MockError ERR_CONTROL for a user who is not there
 */
export async function logInAs(
  { user, cookie = false }: { user: number | string; cookie?: boolean },
  { namespace, call, base }: ControlContext,
): Promise<WholeReply> {
  const { world } = namespace.core
  return world.queue.run(async () => {
    const row = findUser(user, world)
    if (!row) throw controlError([noUser(user, namesOf(world))])
    const { session_key } = await startSession(row.pk, world)
    const csrf = world.random.key(32)
    const scope = cookieScope({ ...call, base })
    const cookies: Header[] = [
      ['Set-Cookie', `${SESSION_COOKIE}=${session_key}; HttpOnly; ${scope}`],
      ['Set-Cookie', `${CSRF_COOKIE}=${csrf}; ${scope}`],
    ]
    const headers = { Cookie: `${SESSION_COOKIE}=${session_key}; ${CSRF_COOKIE}=${csrf}`, [CSRF_HEADER]: csrf }
    return new WholeReply({
      status: 201,
      headers: [['Content-Type', 'application/json'], ...(cookie ? cookies : [])],
      body: JSON.stringify(headers),
    })
  })
}
