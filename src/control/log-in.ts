/** Logs somebody in for a request to the control API. */
import { logInBrowser } from '../authentik/auth/log-in.ts'
import { cookieScope, SESSION_COOKIE } from '../authentik/auth/sessions.ts'
import type { Header } from '../http/message.ts'
import { controlError } from './control-error.ts'
import { findUser, noUser } from './find-user.ts'
import { WholeReply, type ControlContext } from './control-route.ts'

/**
 * Logs a user in, as the login flow would.
 * @param request.cookie whether the browser that asks gets the cookies
 * @throws MockError ERR_CONTROL for a user who is not there, or inactive
 */
export async function logInAs(
  { user, cookie = false }: { user: number | string; cookie?: boolean },
  { namespace, call, base }: ControlContext,
): Promise<WholeReply> {
  const { world } = namespace.core
  return world.queue.run(async () => {
    const row = findUser(user, world)
    if (!row) throw controlError([noUser(user, world)])
    if (!row.is_active)
      throw controlError([
        `user: ${row.username} is inactive, and authentik shows them the login; make them active, or log them in before they are made inactive`,
      ])
    const { cookies, headers } = await logInBrowser(row.pk, world)
    const scope = cookieScope({ ...call, base })
    // A page reads the CSRF cookie to send it as a header; the session it must not read.
    const setCookies = Object.entries(cookies).map(([name, value]): Header => {
      const attributes = name === SESSION_COOKIE ? `HttpOnly; ${scope}` : scope
      return ['Set-Cookie', `${name}=${value}; ${attributes}`]
    })
    return new WholeReply({
      status: 201,
      headers: [['Content-Type', 'application/json'], ...(cookie ? setCookies : [])],
      body: JSON.stringify(headers),
    })
  })
}
