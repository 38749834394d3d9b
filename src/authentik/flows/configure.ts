/** Leads whoever is logged in to the flow by which they set up what a stage asks for, such as their password. */
import type { Reply } from '../../http/message.ts'
import { quote } from '../../schema/json.ts'
import { SETUP_FLOWS, setupFlowOf } from '../answers/stages.ts'
import { sessionOf } from '../auth/sessions.ts'
import { absent, redirect, type OAuthContext, type OAuthEndpoint } from '../oidc/endpoint.ts'
import { browserSessionOf, cookieOfSession } from './browser-session.ts'
import { flowLocation, queryOf } from './flow-location.ts'
import { defaultLoginLocation } from './login-location.ts'

function configure(context: OAuthContext): Reply {
  const { call, params, world } = context
  if (!sessionOf(call, world)) return redirect(defaultLoginLocation(call))
  const flow = setupFlowOf(params['stage_uuid'] ?? '', world)
  if (!flow) return absent(context, missingFlow(context))
  const session = browserSessionOf(call, world)
  session.plan = undefined
  return redirect(flowLocation(flow.slug, context, queryOf(call)), [cookieOfSession(session, context)])
}

const missingFlow = ({ params }: OAuthContext) =>
  `the world has no flow by which users set up what the stage ${quote(params['stage_uuid'] ?? '')} asks for. Of authentik's own there are ${SETUP_FLOWS.join(', ')}`

/** Where the settings of a user lead (`configure_url` of `/stages/all/user_settings/`). */
export const configureFlow: OAuthEndpoint = { methods: { GET: configure } }
