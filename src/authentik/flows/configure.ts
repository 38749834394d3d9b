/** Leads whoever is logged in to the flow by which they set up what a stage asks for, such as their password. */
import type { Reply } from '../../http/message.ts'
import { quote } from '../../schema/json.ts'
import { stagesIn } from '../answers/stages.ts'
import { sessionOf } from '../auth/sessions.ts'
import { absent, redirect, type OAuthContext, type OAuthEndpoint } from '../oidc/endpoint.ts'
import { PASSWORD_FLOW } from '../resources/default-flows.ts'
import { flows } from '../resources/flows.ts'
import { browserSessionOf, cookieOfSession } from './browser-session.ts'
import { flowLocation, queryOf } from './flow-location.ts'
import { defaultLoginLocation } from './login-location.ts'

function configure(context: OAuthContext): Reply {
  const { call, world } = context
  if (!sessionOf(call, world)) return redirect(defaultLoginLocation(call))
  const slug = flowOfStage(context)
  if (slug === undefined) return absent(context, missingFlow(context))
  const session = browserSessionOf(call, world)
  session.plan = undefined
  return redirect(flowLocation(slug, context, queryOf(call)), [cookieOfSession(session, context)])
}

/** The flows that authentik gives its own stages, by the model of the stage. */
const SETUP_FLOWS: Readonly<Record<string, string>> = {
  authenticatorstaticstage: 'default-authenticator-static-setup',
  authenticatortotpstage: 'default-authenticator-totp-setup',
  authenticatorwebauthnstage: 'default-authenticator-webauthn-setup',
  passwordstage: PASSWORD_FLOW,
}

function flowOfStage({ params, world }: OAuthContext): string | undefined {
  const stage = stagesIn(world).find(({ pk }) => pk === params['stage_uuid'])
  const slug = SETUP_FLOWS[stage?.meta_model_name.split('.').at(-1) ?? '']
  return slug === undefined ? undefined : world.table(flows).find('slug', slug)?.slug
}

const missingFlow = ({ params }: OAuthContext) =>
  `the world has no flow by which users set up what the stage ${quote(params['stage_uuid'] ?? '')} asks for. Of authentik's own there are ${Object.values(SETUP_FLOWS).join(', ')}`

/** Where the settings of a user lead (`configure_url` of `/stages/all/user_settings/`). */
export const configureFlow: OAuthEndpoint = { methods: { GET: configure } }
