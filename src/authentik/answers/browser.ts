/** Reads what a call says of the browser that sent it, as a session keeps it. */
import type { Call } from '../../http/message.ts'
import { clientIpOf } from '../auth/client-ip.ts'
import type { AuthenticatedSession } from '../resources/authenticated-sessions.ts'
import { readUserAgent } from './user-agent.ts'

/** The address, the header User-Agent, and what that says. */
export function browserOf(call: Call): Partial<AuthenticatedSession> {
  const last_user_agent = call.header('user-agent') ?? ''
  return { last_ip: clientIpOf(call), last_user_agent, user_agent: { ...readUserAgent(last_user_agent) } }
}
