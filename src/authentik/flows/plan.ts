/** What a browser goes through in a flow: stages, one after the other, and what they tell each other. */
import { readKey, isObject } from '../../schema/json.ts'
import type { Flow } from '../resources/flows.ts'
import type { OAuth2Provider } from '../resources/oauth2-providers.ts'
import type { AuthorizeRequest } from '../oidc/authorize-request.ts'
import { PROVIDER_FLOWS } from '../resources/default-flows.ts'
import type { World } from '../../store/world.ts'

/** The kinds of stages that the mock plays. */
export type StageKind =
  | 'identification'
  | 'password'
  | 'login'
  | 'consent'
  | 'authorization'
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
  /** What the answer to a consent must show. */
  consentToken?: string | undefined
  /** What a client asked for. */
  authorization?: { request: AuthorizeRequest; provider: OAuth2Provider } | undefined
  /** Whether it was entered by its address, and no client asked for anything. */
  isBare?: boolean
  /** Whether it has been gone through, where the release keeps it then. */
  isOver?: boolean
}

const CONSENT: Stage = { kind: 'consent', mode: 'always_require' }

/** The stages of authentik's own flows. */
const DEFAULT_STAGES: Readonly<Record<string, readonly Stage[]>> = {
  [PROVIDER_FLOWS.authentication_flow]: [{ kind: 'identification' }, { kind: 'password' }, { kind: 'login' }],
  [PROVIDER_FLOWS.authorization_flow]: [CONSENT],
  [PROVIDER_FLOWS.first_authorization_flow]: [],
  [PROVIDER_FLOWS.invalidation_flow]: [{ kind: 'session-end' }],
  'default-invalidation-flow': [{ kind: 'logout' }],
}

/** The stages of a flow: as its world says in `flow_bindings`, or as authentik's own flow of its kind has them. */
export function stagesOf(flow: Flow, world: World): Stage[] {
  const bound = boundStages(flow, world)
  // The stage that ends an application's session is added to its flow, and bound to none.
  if (bound) return flow.slug === PROVIDER_FLOWS.invalidation_flow ? [...bound, { kind: 'session-end' }] : bound
  const defaults = DEFAULT_STAGES[flow.slug]
  if (defaults) return [...defaults]
  const slug = DEFAULT_FLOW_OF[flow.designation]
  if (slug === undefined) return [{ kind: 'unsupported', name: `stages of ${flow.slug}` }]
  return [...(DEFAULT_STAGES[slug] ?? [])]
}

/** The flow whose stages another of its designation has, where a world says nothing of them. */
const DEFAULT_FLOW_OF: Readonly<Record<string, string>> = {
  authentication: PROVIDER_FLOWS.authentication_flow,
  authorization: PROVIDER_FLOWS.first_authorization_flow,
  invalidation: 'default-invalidation-flow',
}

/** Stages that are passed: nobody in a world has a second factor. */
const PASSED: ReadonlySet<string> = new Set(['ak-stage-authenticator-validate-form'])

const KINDS: Readonly<Record<string, StageKind>> = {
  'ak-stage-identification-form': 'identification',
  'ak-stage-password-form': 'password',
  'ak-stage-user-login-form': 'login',
  'ak-stage-consent-form': 'consent',
  'ak-stage-user-logout-form': 'logout',
}

/** What a world file says of the stages of a flow; undefined where it says nothing of any. */
function boundStages({ pk }: Flow, { aside }: World): Stage[] | undefined {
  const bindings = listOf(aside['flow_bindings'])
  if (bindings.length === 0) return undefined
  const consents = listOf(aside['stages_consent'])
  return bindings
    .filter((binding) => binding['target'] === pk)
    .sort((a, b) => Number(a['order']) - Number(b['order']))
    .flatMap((binding) => {
      const component = String(readKey(binding['stage_obj'], 'component'))
      const kind = KINDS[component]
      if (PASSED.has(component)) return []
      if (kind === undefined)
        return [{ kind: 'unsupported' as const, name: `stage ${component.replace(/-form$/, '')}` }]
      if (kind !== 'consent') return [{ kind }]
      const { mode, consent_expire_in: validity } = consents.find((row) => row['pk'] === binding['stage']) ?? {}
      return [
        { ...CONSENT, ...(isConsentMode(mode) ? { mode } : {}), ...(typeof validity === 'string' ? { validity } : {}) },
      ]
    })
}

const isConsentMode = (value: unknown): value is ConsentMode =>
  value === 'always_require' || value === 'permanent' || value === 'expiring'

const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isObject) : [])
