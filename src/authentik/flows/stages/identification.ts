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

/** By what the stage has users named. */
const fieldsOf = ({ stage: { settings } }: StageContext): readonly unknown[] => {
  const fields = settings?.['user_fields']
  return Array.isArray(fields) ? fields : ['email', 'username']
}

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
      user_fields: fieldsOf(context),
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
  answer(context, { uid_field: identifier }) {
    const { plan, world, stage } = context
    if (typeof identifier !== 'string' || identifier === '')
      return { errors: { non_field_errors: error('No identification data provided.', 'invalid') } }
    const { case_insensitive_matching, show_matched_user, pretend_user_exists } = stage.settings ?? {}
    plan.identifier = identifier
    plan.hidesUser = show_matched_user === false
    // Who is not active passes too, and fails at the password.
    const naming = { fields: fieldsOf(context), isExact: case_insensitive_matching === false }
    plan.user = findUser(identifier, world, naming)?.pk
    if (plan.user === undefined && pretend_user_exists === false)
      return { errors: { non_field_errors: error('Failed to authenticate.', 'invalid') } }
    return 'done'
  },
}
