/** What a browser goes through in a flow: stages, one after the other, and what they tell each other. */
import { readKey, isObject } from '../../schema/json.ts'
import type { Flow } from '../resources/flows.ts'
import type { DeviceToken } from '../resources/device-tokens.ts'
import type { AuthorizeRequest } from '../oidc/authorize-request.ts'
import {
  DEFAULT_FLOWS,
  INVALIDATION_FLOW,
  PASSWORD_FLOW,
  PROVIDER_FLOWS,
  RECOVERY_FLOW,
} from '../resources/default-flows.ts'
import type { World } from '../../store/world.ts'

/** The kinds of stages that the mock plays. */
export type StageKind =
  | 'identification'
  | 'password'
  | 'authenticator-validate'
  | 'login'
  | 'consent'
  | 'prompt'
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
  /** How many passwords were refused. */
  failures: number
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
  /** Whether it was entered by its address, and no client asked for anything. */
  isBare?: boolean
  /** Whether it has been gone through, where the release keeps it then. */
  isOver?: boolean
}

const CONSENT: Stage = { kind: 'consent', mode: 'always_require' }

/** The stages of authentik's own flows. */
const DEFAULT_STAGES: Readonly<Record<string, readonly Stage[]>> = {
  [PROVIDER_FLOWS.authentication_flow]: [
    { kind: 'identification' },
    { kind: 'password' },
    { kind: 'authenticator-validate' },
    { kind: 'login' },
  ],
  [PROVIDER_FLOWS.authorization_flow]: [CONSENT],
  [PROVIDER_FLOWS.first_authorization_flow]: [],
  [PROVIDER_FLOWS.invalidation_flow]: [],
  [INVALIDATION_FLOW]: [{ kind: 'logout' }],
  [PASSWORD_FLOW]: [{ kind: 'prompt', order: 300 }, { kind: 'user-write' }],
  [RECOVERY_FLOW]: [
    { kind: 'identification' },
    { kind: 'unsupported', name: 'stage ak-stage-email' },
    { kind: 'prompt' },
    { kind: 'user-write' },
    { kind: 'login' },
  ],
}

/** The stages of a flow: as its world says in `flow_bindings`, or as authentik's own flow of its kind has them. */
export function stagesOf(flow: Flow, world: World): Stage[] {
  const bound = boundStages(flow, world)
  if (bound) return bound
  const defaults = Object.hasOwn(DEFAULT_STAGES, flow.slug) ? DEFAULT_STAGES[flow.slug] : undefined
  if (defaults) return [...defaults]
  const slug = DEFAULT_FLOW_OF[flow.designation]
  // Those of authentik's own that the mock does not play; one of a world's own without bindings has no stages.
  if (slug === undefined)
    return DEFAULT_FLOWS.some((ours) => ours.slug === flow.slug)
      ? [{ kind: 'unsupported', name: `stages of ${flow.slug}` }]
      : []
  return [...(DEFAULT_STAGES[slug] ?? [])]
}

/** The flow whose stages another of its designation has, where a world says nothing of them. */
const DEFAULT_FLOW_OF: Readonly<Record<string, string>> = {
  authentication: PROVIDER_FLOWS.authentication_flow,
  authorization: PROVIDER_FLOWS.first_authorization_flow,
  invalidation: INVALIDATION_FLOW,
  recovery: RECOVERY_FLOW,
}

const KINDS: Readonly<Record<string, StageKind>> = {
  'ak-stage-identification-form': 'identification',
  'ak-stage-password-form': 'password',
  'ak-stage-authenticator-validate-form': 'authenticator-validate',
  'ak-stage-user-login-form': 'login',
  'ak-stage-consent-form': 'consent',
  'ak-stage-user-logout-form': 'logout',
  'ak-stage-user-write-form': 'user-write',
}

/** A prompt as authentik's own flows have it that ask for a new password; others ask for what the mock does not know. */
const promptIn = ({ slug, designation }: Flow): Stage | undefined =>
  slug === PASSWORD_FLOW || designation === 'recovery'
    ? { kind: 'prompt', ...(slug === PASSWORD_FLOW ? { order: 300 } : {}) }
    : undefined

/**
 * The stages of a flow that somebody entered by a link made for them: nobody asks who they are, and no mail is sent.
 * authentik's own flow has a policy on those stages that says so (docs/authentik.md#recovery).
 */
export const restoredStagesOf = (flow: Flow, world: World): Stage[] =>
  stagesOf(flow, world).filter(({ kind, name }) => kind !== 'identification' && name !== 'stage ak-stage-email')

/** What a world file says of the stages of a flow; undefined where it says nothing of any. */
function boundStages(flow: Flow, { aside }: World): Stage[] | undefined {
  const bindings = listOf(aside['flow_bindings'])
  if (bindings.length === 0) return undefined
  return bindings
    .filter((binding) => binding['target'] === flow.pk)
    .sort((a, b) => Number(a['order']) - Number(b['order']))
    .map((binding) => {
      const component = String(readKey(binding['stage_obj'], 'component'))
      const prompt = component === 'ak-stage-prompt-form' ? promptIn(flow) : undefined
      if (prompt) return prompt
      const kind = Object.hasOwn(KINDS, component) ? KINDS[component] : undefined
      if (kind === undefined) return { kind: 'unsupported' as const, name: `stage ${component.replace(/-form$/, '')}` }
      const row = (key: string) => listOf(aside[key]).find(({ pk: stage }) => stage === binding['stage']) ?? {}
      if (kind === 'consent') return toConsent(row('stages_consent'))
      return kind === 'login' ? toLogin(row('stages_user_login')) : { kind }
    })
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

const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isObject) : [])
