/** The page of a flow, and the way to it. */
import { readPairs } from '../../http/form.ts'
import { baseOf, type Call, type Reply } from '../../http/message.ts'
import { callerOf } from '../auth/caller.ts'
import { sessionOf } from '../auth/sessions.ts'
import { behaviourIn, redirect, type OAuthContext } from '../oidc/endpoint.ts'
import { encodeForm } from '../oidc/python-text.ts'
import { cookieOfSession, type BrowserSession } from './browser-session.ts'
import type { Flow } from '../resources/flows.ts'
import { users } from '../resources/users.ts'
import type { Plan } from './plan.ts'

/** The address of a flow's page. @param slug of the flow @param query what it is entered with, without a question mark */
export const flowLocation = (slug: string, { call }: Pick<OAuthContext, 'call'>, query: string): string =>
  `${baseOf(call)}/if/flow/${slug}/${query && `?${query}`}`

/** The query of a call as Django writes it again: of several values of a name the last. */
export const queryOf = ({ query }: Call): string => encodeForm(readPairs(query))

/**
 * Has a session begin a plan, and leads its browser to the page of the flow, with the query of the call; from 2024.12 on
 * the page is told that its reader may look into the flow.
 */
export function startPlan(plan: Plan, session: BrowserSession, context: OAuthContext): Reply {
  session.plan = plan
  const query = [queryOf(context.call), mayInspect(plan.flow, context) ? 'inspector=available' : ''].filter(Boolean)
  return redirect(flowLocation(plan.flow.slug, context, query.join('&')), [cookieOfSession(session, context)])
}

/** Whether somebody who is logged in may look into a flow. */
function mayInspect(flow: Flow, context: OAuthContext): boolean {
  const { call, world } = context
  const login = behaviourIn(context).flowsTellInspectors ? sessionOf(call, world) : undefined
  const user = login && world.table(users).get(login.user)
  return user !== undefined && callerOf(user, world).may('inspect_flow', flow.pk)
}
