/** What a browser goes through in a flow: stages, one after the other, and what they tell each other. */
import { readKey } from '../../schema/json.ts'
import { boundTo, listOf, type ListedBinding } from '../answers/stages.ts'
import { flows, type Flow } from '../resources/flows.ts'
import type { Binding } from '../resources/listed-stages.ts'
import { policyBindings } from '../resources/policy-bindings.ts'
import { isSuperuser, users, type User } from '../resources/users.ts'
import { isAllowed } from '../auth/policies.ts'
import type { DeviceToken } from '../resources/device-tokens.ts'
import type { AuthorizeRequest } from '../oidc/authorize-request.ts'
import { PASSWORD_FLOW, SETTINGS_FLOW } from '../resources/default-flows.ts'
import type { World } from '../../store/world.ts'
import { componentOf, defaultStagesOf } from './default-stages.ts'

/** The kinds of stages that the mock plays. */
export type StageKind =
  | 'identification'
  | 'password'
  | 'authenticator-validate'
  | 'login'
  | 'consent'
  | 'prompt'
  | 'settings'
  | 'user-write'
  | 'authorization'
  | 'device-code'
  | 'device-finish'
  | 'logout'
  | 'session-end'
  | 'unsupported'

/** How a consent is kept. */
export type ConsentMode = 'always_require' | 'permanent' | 'expiring'

/** One step of a plan. */
export interface Stage {
  kind: StageKind
  /** What authentik calls it, of one that is not played. */
  name?: string
  /** Of a consent. */
  mode?: ConsentMode
  /** How long a consent is kept: `weeks=4`. */
  validity?: string
  /** How long a login lasts, and how much longer where it is to be remembered: `days=30`. */
  sessionDuration?: string
  rememberOffset?: string
  /** Of a prompt: the first number by which its fields are ordered. */
  order?: number
  /** What a world says of one that asks who somebody is, or for a password. */
  settings?: Readonly<Record<string, unknown>>
  /** How it is bound to its flow, where policies may hold for that. */
  binding?: Binding
}

/** A flow that a browser is in. */
export interface Plan {
  flow: Flow
  /** Those that are still to come, the current one first. */
  stages: Stage[]
  /** The application for which it is. */
  application?: { pk: string; name: string } | undefined
  /** What was typed at the first stage, and the user that it names. */
  identifier?: string | undefined
  user?: number | undefined
  /** Whether it is shown what was typed, and not whom that names. */
  hidesUser?: boolean | undefined
  /** What was answered to a prompt, by the field's key. */
  answers?: Readonly<Record<string, string>> | undefined
  /** What the answer to a consent must show. */
  consentToken?: string | undefined
  /** The provider of the client for which it is, by its pk, and the scopes that it wants. */
  client?: { provider: number; scopes: readonly string[] } | undefined
  /** What it asked the authorization endpoint for. */
  request?: AuthorizeRequest | undefined
  /** The device that it lets in. */
  device?: DeviceToken | undefined
  /** Where a client wants to have who has logged out of it. */
  logoutUri?: string | undefined
  /** Whether a link that was made for its user began it. */
  isRestored?: boolean
  /** Whether it has been gone through, where the release keeps it then. */
  isOver?: boolean
}

const CONSENT: Stage = { kind: 'consent', mode: 'always_require' }

/**
 * The stages of a flow: as its world says in `flow_bindings`, or as authentik's own flow of its kind has them.
 * @param user whom it is planned for, by pk; undefined for who is not known yet
 */
export function stagesOf(flow: Flow, world: World, user?: number): Stage[] {
  const isBound = Array.isArray(world.aside['flow_bindings']) || world.table(policyBindings).size > 0
  // A flow that the world does not list is as every authentik has it.
  if (isBound && world.table(flows).has(flow.pk))
    return boundStages(flow, world).filter(({ binding }) => !binding?.evaluate_on_plan || isMet(binding, user, world))
  return defaultStagesOf(flow).map(([, kind]) => toStage(componentOf(kind), flow, () => ({})))
}

const rowOf = (user: number | undefined, world: World) =>
  user === undefined ? undefined : world.table(users).get(user)

/**
 * Whether somebody may go through a flow; one that only a redirect or an outpost enters is for nobody here.
 * @param user who is logged in
 * @param pending whom the flow is about, whom its policies are asked of
 */
export const isFor = (
  flow: Flow,
  user: number | undefined,
  world: World,
  { pending }: { pending: number | undefined } = { pending: user },
): boolean => meetsRequirement(flow, rowOf(user, world), world) && isAllowed(rowOf(pending, world), flow, world)

function meetsRequirement({ authentication }: Flow, user: User | undefined, world: World): boolean {
  switch (authentication) {
    case 'none':
      return true
    case 'require_authenticated':
      return user !== undefined
    case 'require_unauthenticated':
      return user === undefined
    case 'require_superuser':
      return user !== undefined && isSuperuser(user, world)
    default:
      return false
  }
}

/** Whether a stage is left out when its turn comes, because its policies deny it to whom the plan is for then. */
export const isLeftOut = ({ binding }: Stage, user: number | undefined, world: World): boolean =>
  binding !== undefined && binding.re_evaluate_policies && !isMet(binding, user, world)

const isMet = (binding: Binding, user: number | undefined, world: World) =>
  isAllowed(rowOf(user, world), binding, world)

const KINDS: Readonly<Record<string, StageKind>> = {
  'ak-stage-identification-form': 'identification',
  'ak-stage-password-form': 'password',
  'ak-stage-authenticator-validate-form': 'authenticator-validate',
  'ak-stage-user-login-form': 'login',
  'ak-stage-consent-form': 'consent',
  'ak-stage-user-logout-form': 'logout',
  'ak-stage-user-write-form': 'user-write',
}

/** A prompt as authentik's own flows have it, for a new password or for settings; others ask for what the mock does not know. */
function promptIn({ slug, designation }: Flow): Stage | undefined {
  if (slug === SETTINGS_FLOW) return { kind: 'settings' }
  if (slug === PASSWORD_FLOW) return { kind: 'prompt', order: 300 }
  return designation === 'recovery' ? { kind: 'prompt' } : undefined
}

/**
 * The stages of a flow that somebody entered by a link made for them: nobody asks who they are, and no mail is sent.
 * authentik's own flow has a policy on those stages that says so (docs/authentik.md#recovery).
 */
export const restoredStagesOf = (flow: Flow, world: World, user: number | undefined): Stage[] =>
  stagesOf(flow, world, user).filter(({ kind, name }) => kind !== 'identification' && name !== 'stage ak-stage-email')

/** What a world says of the stages of a flow. */
function boundStages(flow: Flow, world: World): Stage[] {
  const rows = (key: string, stage: unknown) => listOf(world.aside[key]).find(({ pk }) => pk === stage)
  return boundTo(flow.pk, world).map((binding: ListedBinding) => {
    const { stage, stage_obj } = binding
    const component = rows('stages', stage)?.['component'] ?? readKey(stage_obj, 'component')
    return { ...toStage(String(component), flow, (key) => rows(key, stage) ?? {}), binding }
  })
}

/** A stage as it is played. @param details gives what a world says of it under a key, such as `stages_consent` */
function toStage(component: string, flow: Flow, details: (key: string) => Record<string, unknown>): Stage {
  const prompt = component === 'ak-stage-prompt-form' ? promptIn(flow) : undefined
  if (prompt) return prompt
  const kind = Object.hasOwn(KINDS, component) ? KINDS[component] : undefined
  if (kind === undefined) return { kind: 'unsupported', name: `stage ${component.replace(/-form$/, '')}` }
  if (kind === 'consent') return toConsent(details('stages_consent'))
  if (kind === 'identification' || kind === 'password') return { kind, settings: details(`stages_${kind}`) }
  return kind === 'login' ? toLogin(details('stages_user_login')) : { kind }
}

const toConsent = ({ mode, consent_expire_in: validity }: Record<string, unknown>): Stage => ({
  ...CONSENT,
  ...(isConsentMode(mode) ? { mode } : {}),
  ...(typeof validity === 'string' ? { validity } : {}),
})

const toLogin = ({ session_duration, remember_me_offset }: Record<string, unknown>): Stage => ({
  kind: 'login',
  ...(typeof session_duration === 'string' ? { sessionDuration: session_duration } : {}),
  ...(typeof remember_me_offset === 'string' ? { rememberOffset: remember_me_offset } : {}),
})

const isConsentMode = (value: unknown): value is ConsentMode =>
  value === 'always_require' || value === 'permanent' || value === 'expiring'
