/** The stage that asks who somebody is. */
import { component, nullable, optional, text } from '../../../schema/words.ts'
import { behaviourIn } from '../../oidc/endpoint.ts'
import { launchUrlOf } from '../../resources/application-launch.ts'
import { applications } from '../../resources/applications.ts'
import { autoUserOf, findUser, whereActive } from '../auto-login.ts'
import { error, inRelease, type StageContext, type StageDefinition } from './stage.ts'

const FORM = component('IdentificationChallengeResponse', { uid_field: text({ minLength: 1 }) })
/** From 2025.12 on, where a passkey may say as much as a name. */
const OPEN_FORM = component('IdentificationChallengeResponse', { uid_field: optional(nullable(text())) })

/** Whoever a client says it is about, where the release takes its word. */
const hintedUser = (context: StageContext) => {
  const hint = context.entry.get('login_hint')
  const isTaken = hint !== null && behaviourIn(context).loginHintIsTaken
  return isTaken ? whereActive(findUser(hint, context.world)) : undefined
}

export const identification: StageDefinition = {
  component: 'ak-stage-identification',
  pass(context) {
    const user = autoUserOf(context) ?? hintedUser(context)
    context.plan.user = user?.pk ?? context.plan.user
    return user && 'done'
  },
  challenge(context) {
    const { session, world } = context
    const application =
      session.application === undefined ? undefined : world.table(applications).get(session.application)
    return inRelease(context, {
      user_fields: ['email', 'username'],
      pending_user_identifier: null,
      password_fields: false,
      allow_show_password: false,
      application_pre: application?.name,
      application_pre_launch: application && (launchUrlOf(application, world) ?? undefined),
      flow_designation: 'authentication',
      captcha_stage: context.isDocumented && !behaviourIn(context).captchaStageIsNullable ? undefined : null,
      primary_action: 'Log in',
      sources: [],
      show_source_labels: false,
      enable_remember_me: false,
      passkey_challenge: null,
    })
  },
  form: (context) => (behaviourIn(context).identificationNeedsData ? OPEN_FORM : FORM),
  answer({ plan, world }, { uid_field: identifier }) {
    if (typeof identifier !== 'string' || identifier === '')
      return { errors: { non_field_errors: error('No identification data provided.', 'invalid') } }
    plan.identifier = identifier
    // Who is not active passes too, and fails at the password.
    plan.user = findUser(identifier, world)?.pk
    return 'done'
  },
}
