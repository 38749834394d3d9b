/** Stages and how flows are bound to them, as a world lists them or as authentik's own flows have them; loaded when asked for. */
import { baseOf, type Call } from '../../http/message.ts'
import { isObject } from '../../schema/json.ts'
import { createRandom } from '../../store/random.ts'
import type { World } from '../../store/world.ts'
import { flows, type Flow } from '../resources/flows.ts'
import type { Binding, Stage } from '../resources/listed-stages.ts'

// ---- as a world lists them, or as authentik's defaults flows have them

const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isObject) : [])

/** Kinds of stages, by the name of the model: what their component and their name are called. */
const KINDS: Readonly<Record<string, string>> = {
  identification: 'Identification Stage',
  password: 'Password Stage',
  authenticator_validate: 'Authenticator Validation Stage',
  user_login: 'User Login Stage',
  user_logout: 'User Logout Stage',
  consent: 'Consent Stage',
}
/** The stages of authentik's defaults flows, by the slug of the flow: the name and kind of each. */
const DEFAULT_STAGES: Readonly<Record<string, readonly (readonly [name: string, kind: string])[]>> = {
  'default-authentication-flow': [
    ['default-authentication-identification', 'identification'],
    ['default-authentication-password', 'password'],
    ['default-authentication-mfa-validation', 'authenticator_validate'],
    ['default-authentication-login', 'user_login'],
  ],
  'default-invalidation-flow': [['default-invalidation-logout', 'user_logout']],
  'default-provider-authorization-explicit-consent': [['default-provider-authorization-consent', 'consent']],
}

const keyOf = (...names: string[]) => createRandom('stage', ...names).uuid()

function stagesIn(world: World): Stage[] {
  const listed = listOf(world.aside['stages'])
  if (listed.length) return listed as unknown as Stage[]
  return Object.values(DEFAULT_STAGES)
    .flat()
    .map(([name, kind]) => ({
      pk: keyOf(name),
      name,
      component: `ak-stage-${kind.replaceAll('_', '-')}-form`,
      verbose_name: KINDS[kind] ?? '',
      verbose_name_plural: `${KINDS[kind]}s`,
      meta_model_name: `authentik_stages_${kind}.${kind.replaceAll('_', '')}stage`,
    }))
}

function bindingsIn(world: World): Binding[] {
  const listed = listOf(world.aside['flow_bindings'])
  if (listed.length) return listed as unknown as Binding[]
  return Object.entries(DEFAULT_STAGES).flatMap(([slug, defaults]) => {
    const flow = world.table(flows).find('slug', slug)
    return (flow ? defaults : []).map(([name], index) => ({
      pk: keyOf(slug, name),
      policybindingmodel_ptr_id: keyOf(slug, name, 'policies'),
      target: flow?.pk ?? '',
      stage: keyOf(name),
      evaluate_on_plan: false,
      re_evaluate_policies: true,
      order: 10 * (index + 1),
      policy_engine_mode: 'any' as const,
      invalid_response_action: 'retry' as const,
    }))
  })
}

/** The flows that a stage is bound to. */
const flowsOf = (stage: string, world: World): Flow[] =>
  bindingsIn(world).flatMap((binding) => {
    const flow = binding.stage === stage ? world.table(flows).get(binding.target) : undefined
    return flow ? [flow] : []
  })

/** Every stage, with the flows that it is bound to. */
export const stageRows = (world: World) =>
  stagesIn(world).map((stage) => ({ ...stage, flow_set: flowsOf(stage.pk, world) }))

/** Every binding, with its stage. */
export function bindingRows(world: World) {
  const stages = new Map(stageRows(world).map((stage) => [stage.pk, stage]))
  return bindingsIn(world).map((binding) => ({ ...binding, stage_obj: stages.get(binding.stage) ?? null }))
}

/** What users can set up themselves, by the model of the stage. */
const SETTINGS: Readonly<Record<string, [title: string, component: string]>> = {
  authenticatorduostage: ['Duo', 'authenticator-duo'],
  authenticatorsmsstage: ['SMS', 'authenticator-sms'],
  authenticatorstaticstage: ['Static tokens', 'authenticator-static'],
  authenticatortotpstage: ['TOTP Device', 'authenticator-totp'],
  authenticatorwebauthnstage: ['WebAuthn device', 'authenticator-webauthn'],
  passwordstage: ['Password Stage', 'password'],
}

/** What users can set up themselves. */
export function settingsIn(world: World, call: Call) {
  const settings = stagesIn(world).flatMap(({ pk, meta_model_name }) => {
    const [title, name] = SETTINGS[meta_model_name.split('.').at(-1) ?? ''] ?? []
    if (title === undefined) return []
    return [
      {
        title,
        component: `ak-user-settings-${name}`,
        object_uid: pk,
        configure_url: `${baseOf(call)}/flows/-/configure/${pk}/`,
      },
    ]
  })
  return settings.sort((a, b) => (a.component < b.component ? -1 : 1))
}

/** The names and kinds of a flow's stages, in their order. */
export const stagesOfFlow = (flow: Flow, world: World): [name: string, kind: string][] =>
  bindingsIn(world)
    .filter(({ target }) => target === flow.pk)
    .sort((a, b) => a.order - b.order)
    .flatMap((binding) => {
      const stage = stagesIn(world).find(({ pk }) => pk === binding.stage)
      return stage ? [[stage.name, stage.verbose_name]] : []
    })

// ---- the way through a flow

const END = 'done[["End of the flow"]]'

/** The way through a flow, as Mermaid draws it. Policies are none of it. */
export function drawWay(flow: Flow, world: World): string {
  const asks = flow.authentication !== 'none'
  const requirement = [
    `flow_auth_requirement["Flow authentication requirement\n${flow.authentication}"]`,
    `flow_auth_requirement --Requirement not fulfilled--> ${END}`,
    'flow_auth_requirement --Requirement fulfilled--> flow_start["placeholder"]',
  ]
  const stages = stagesOfFlow(flow, world).map(([name, kind], index) => `stage_${index}(["Stage (${kind})\n${name}"])`)
  const way = [...stages, END]
  return [
    'graph TD',
    ...(asks ? requirement : []),
    `flow_start[["Flow\n${flow.name}"]]`,
    ...way.map((step, index) => `${index === 0 ? 'flow_start' : `stage_${index - 1}`} --> ${step}`),
  ].join('\n')
}
