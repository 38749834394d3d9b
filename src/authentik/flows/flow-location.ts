/** The page of a flow, and the way to it. */
import { baseOf, type Reply } from '../../http/message.ts'
import { redirect, type OAuthContext } from '../oidc/endpoint.ts'
import { cookieOfSession, type BrowserSession } from './browser-session.ts'
import type { Plan } from './plan.ts'

/** The address of a flow's page. @param slug of the flow @param query what it is entered with, without a question mark */
export const flowLocation = (slug: string, { call }: Pick<OAuthContext, 'call'>, query: string): string =>
  `${baseOf(call)}/if/flow/${slug}/${query && `?${query}`}`

/** Has a session begin a plan, and leads its browser to the page of the flow. @param query as in {@link flowLocation} */
export function startPlan(plan: Plan, session: BrowserSession, context: OAuthContext, query: string): Reply {
  session.plan = plan
  return redirect(flowLocation(plan.flow.slug, context, query), [cookieOfSession(session, context)])
}
