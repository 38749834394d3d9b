/** The stages that authentik's own flows have, and how they are bound to them. */
import {
  INVALIDATION_FLOW,
  PASSWORD_FLOW,
  PROVIDER_FLOWS,
  RECOVERY_FLOW,
  SETTINGS_FLOW,
} from '../resources/default-flows.ts'
import type { Flow } from '../resources/flows.ts'

/** A stage of authentik's own: its name, its kind, its place in the flow, and whether its policies are asked beforehand. */
export type DefaultStage = readonly [name: string, kind: string, order: number, isPlanned?: boolean]

/** The kinds of stages that authentik's own flows have, by the name of the model: what they are called. */
export const STAGE_KINDS: Readonly<Record<string, string>> = {
  identification: 'Identification Stage',
  password: 'Password Stage',
  authenticator_validate: 'Authenticator Validation Stage',
  authenticator_static: 'Static Authenticator Setup Stage',
  authenticator_totp: 'TOTP Authenticator Setup Stage',
  authenticator_webauthn: 'WebAuthn Authenticator Setup Stage',
  user_login: 'User Login Stage',
  user_logout: 'User Logout Stage',
  user_write: 'User Write Stage',
  prompt: 'Prompt Stage',
  consent: 'Consent Stage',
  email: 'Email Stage',
}

/** What answers call a kind of stages: `ak-stage-user-login-form`. */
export const componentOf = (kind: string): string => `ak-stage-${kind.replaceAll('_', '-')}-form`

const setup = (name: string): readonly DefaultStage[] => [
  [`default-authenticator-${name}-setup`, `authenticator_${name}`, 0],
]

/** The stages of authentik's own flows, by the slug of the flow. */
export const DEFAULT_STAGES: Readonly<Record<string, readonly DefaultStage[]>> = {
  [PROVIDER_FLOWS.authentication_flow]: [
    ['default-authentication-identification', 'identification', 10],
    ['default-authentication-password', 'password', 20],
    ['default-authentication-mfa-validation', 'authenticator_validate', 30],
    ['default-authentication-login', 'user_login', 100],
  ],
  'default-authenticator-static-setup': setup('static'),
  'default-authenticator-totp-setup': setup('totp'),
  'default-authenticator-webauthn-setup': setup('webauthn'),
  [INVALIDATION_FLOW]: [['default-invalidation-logout', 'user_logout', 0]],
  [PASSWORD_FLOW]: [
    ['default-password-change-prompt', 'prompt', 0],
    ['default-password-change-write', 'user_write', 1],
  ],
  [PROVIDER_FLOWS.authorization_flow]: [['default-provider-authorization-consent', 'consent', 0]],
  [PROVIDER_FLOWS.first_authorization_flow]: [],
  [PROVIDER_FLOWS.invalidation_flow]: [],
  [RECOVERY_FLOW]: [
    ['default-recovery-identification', 'identification', 10],
    ['default-recovery-email', 'email', 20],
    ['default-recovery-prompt', 'prompt', 30],
    ['default-recovery-user-write', 'user_write', 40],
    ['default-recovery-user-login', 'user_login', 100],
  ],
  'default-source-authentication': [['default-source-authentication-login', 'user_login', 0]],
  'default-source-enrollment': [
    ['default-source-enrollment-prompt', 'prompt', 0],
    ['default-source-enrollment-write', 'user_write', 1],
    ['default-source-enrollment-login', 'user_login', 2],
  ],
  'default-source-pre-authentication': [],
  [SETTINGS_FLOW]: [
    ['default-user-settings', 'prompt', 20],
    ['default-user-settings-write', 'user_write', 100],
  ],
  'initial-setup': [
    ['stage-default-oobe-password', 'prompt', 10, true],
    ['default-password-change-write', 'user_write', 20],
    ['default-authentication-login', 'user_login', 100, true],
  ],
}

/** The flow whose stages another of its designation has, where a world says nothing of them. */
const DEFAULT_FLOW_OF: Readonly<Record<string, string>> = {
  authentication: PROVIDER_FLOWS.authentication_flow,
  authorization: PROVIDER_FLOWS.first_authorization_flow,
  invalidation: INVALIDATION_FLOW,
  recovery: RECOVERY_FLOW,
}

/** The stages of a flow of which its world says nothing: authentik's own, or those of its own flow of that designation. */
export function defaultStagesOf({ slug, designation }: Pick<Flow, 'slug' | 'designation'>): readonly DefaultStage[] {
  const name = Object.hasOwn(DEFAULT_STAGES, slug) ? slug : DEFAULT_FLOW_OF[designation]
  return name === undefined ? [] : (DEFAULT_STAGES[name] ?? [])
}
