/** Stages and how flows are bound to them, as a world lists them or as authentik's own flows have them; loaded when asked for. */
import { baseOf, type Call } from '../../http/message.ts'
import { isObject } from '../../schema/json.ts'
import { createRandom } from '../../store/random.ts'
import type { World } from '../../store/world.ts'
import {
  componentOf,
  DEFAULT_STAGES,
  defaultStagesOf,
  STAGE_KINDS,
  type DefaultStage,
} from '../flows/default-stages.ts'
import { PASSWORD_FLOW, RECOVERY_FLOW } from '../resources/default-flows.ts'
import { flows, type Flow } from '../resources/flows.ts'
import type { Binding, Stage } from '../resources/listed-stages.ts'

// ---- as a world lists them, or as authentik's default flows have them

/** What stands in a list, but for what is no row. */
export const listOf = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isObject) : []

const keyOf = (...names: string[]) => createRandom('stage', ...names).uuid()

const toStage = ([name, kind]: DefaultStage): Stage => ({
  pk: keyOf(name),
  name,
  component: componentOf(kind),
  verbose_name: STAGE_KINDS[kind] ?? '',
  verbose_name_plural: `${STAGE_KINDS[kind]}s`,
  meta_model_name: `authentik_stages_${kind}.${kind.replaceAll('_', '')}stage`,
})

/** The stages of a world. */
export function stagesIn(world: World): Stage[] {
  const { aside } = world
  if (Array.isArray(aside['stages'])) return listOf(aside['stages']) as unknown as Stage[]
  const ofDefaults = Object.entries(DEFAULT_STAGES).flatMap(([slug, stages]) => (slug === RECOVERY_FLOW ? [] : stages))
  const ofFlows = [...world.table(flows).values()].flatMap(defaultStagesOf)
  const byName = new Map([...ofDefaults, ...ofFlows].map((stage) => [stage[0], stage]))
  return Array.from(byName.values(), toStage)
}

/** How the flows of a world have their stages. */
export function bindingsIn(world: World): Binding[] {
  const { aside } = world
  if (Array.isArray(aside['flow_bindings'])) return listOf(aside['flow_bindings']) as unknown as Binding[]
  return [...world.table(flows).values()].flatMap((flow) =>
    defaultStagesOf(flow).map((stage) => {
      const [name, , order, isPlanned = false] = stage
      return {
        pk: keyOf(flow.slug, name),
        policybindingmodel_ptr_id: keyOf(flow.slug, name, 'policies'),
        target: flow.pk,
        stage: keyOf(name),
        stage_obj: { ...toStage(stage), flow_set: [] },
        evaluate_on_plan: isPlanned,
        re_evaluate_policies: !isPlanned,
        order,
        policy_engine_mode: 'any' as const,
        invalid_response_action: 'retry' as const,
      }
    }),
  )
}

/** A binding as a world lists it, with its stage. */
export type ListedBinding = Binding & { stage_obj?: object }

/** How a flow has its stages, in their order. */
export const boundTo = (flow: string, world: World): Binding[] =>
  bindingsIn(world)
    .filter(({ target }) => target === flow)
    .sort((a, b) => a.order - b.order)

/** The keys of a flow's stages, each once. */
export const stageKeysOf = (flow: string, world: World): string[] => [
  ...new Set(boundTo(flow, world).map(({ stage }) => stage)),
]

/** The flows that a stage is bound to. */
export const flowsOf = (stage: string, world: World, bindings = bindingsIn(world)): Flow[] =>
  bindings.flatMap((binding) => {
    const flow = binding.stage === stage ? world.table(flows).get(binding.target) : undefined
    return flow ? [flow] : []
  })

/** Every stage, with the flows that it is bound to. */
export function stageRows(world: World) {
  const bindings = bindingsIn(world)
  return stagesIn(world).map((stage) => ({ ...stage, flow_set: flowsOf(stage.pk, world, bindings) }))
}

/** Every binding, with its stage. */
export function bindingRows(world: World) {
  const stages = new Map(stageRows(world).map((stage) => [stage.pk, stage]))
  return bindingsIn(world).map((binding: ListedBinding) => ({
    ...binding,
    // A stage that a world does not list stands where it is bound.
    stage_obj: stages.get(binding.stage) ?? binding.stage_obj ?? null,
  }))
}

/** Whether a world has a stage with this key. */
export const hasStage = (key: unknown, world: World): boolean => stagesIn(world).some(({ pk }) => pk === key)

/** What users can set up themselves, by the model of the stage; the flow is that which authentik gives its own. */
const SETTINGS: Readonly<Record<string, [title: string, component: string, flow?: string]>> = {
  authenticatorduostage: ['Duo', 'authenticator-duo'],
  authenticatorsmsstage: ['SMS', 'authenticator-sms'],
  authenticatorstaticstage: ['Static tokens', 'authenticator-static', 'default-authenticator-static-setup'],
  authenticatortotpstage: ['TOTP Device', 'authenticator-totp', 'default-authenticator-totp-setup'],
  authenticatorwebauthnstage: ['WebAuthn device', 'authenticator-webauthn', 'default-authenticator-webauthn-setup'],
  passwordstage: ['Password Stage', 'password', PASSWORD_FLOW],
}

/** What users can set up themselves of a stage, of which a world may say as little as a key. */
const settingOf = ({ meta_model_name = '' }: Partial<Stage>) => SETTINGS[meta_model_name.split('.').at(-1) ?? ''] ?? []

/** What users can set up themselves. */
export function settingsIn(world: World, call: Call) {
  const settings = stagesIn(world).flatMap((stage) => {
    const { pk } = stage
    const [title, name] = settingOf(stage)
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

/** The flow by which users set up what a stage asks for; undefined where the world has none. */
export function setupFlowOf(key: string, world: World): Flow | undefined {
  const stage = stagesIn(world).find(({ pk }) => pk === key)
  const [, , slug] = stage ? settingOf(stage) : []
  return slug === undefined ? undefined : world.table(flows).find('slug', slug)
}

/** The slugs of the flows by which users set up what authentik's own stages ask for. */
export const SETUP_FLOWS = Object.values(SETTINGS).flatMap(([, , slug]) => slug ?? [])

/** The names and kinds of a flow's stages, in their order. */
function stagesOfFlow(flow: Flow, world: World): [name: string, kind: string][] {
  const stages = new Map(stagesIn(world).map((stage) => [stage.pk, stage]))
  return boundTo(flow.pk, world).flatMap((binding) => {
    const stage = stages.get(binding.stage)
    return stage ? [[stage.name, stage.verbose_name]] : []
  })
}

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
