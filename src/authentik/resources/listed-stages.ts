/** Stages of flows, and how flows are bound to them: as a world lists them, or as authentik's defaults flows have them. */
import { computed, field, type RowOfFields } from '../../rest/field.ts'
import { choosing, exactly, havingUuid, pointing, widget } from '../../rest/filters.ts'
import { operation, type Context } from '../../rest/operation.ts'
import { toUuid } from '../../rest/python.ts'
import { partialComponent, resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { isObject } from '../../schema/json.ts'
import { boolean, choice, component, integer, list, optional, text, uuid } from '../../schema/words.ts'
import { once } from '../../store/lazily.ts'
import { createRandom } from '../../store/random.ts'
import type { RowSource } from '../../store/resource.ts'
import type { World } from '../../store/world.ts'
import { flows, type Flow } from './flows.ts'
import { numberFilter } from './number-filter.ts'
import { PolicyEngineMode } from './policy-engine-mode.ts'
import { typesOperation } from './types.ts'

/** What becomes of a flow whose answer is no good. */
export const InvalidResponseActionEnum = once(() =>
  choice('InvalidResponseActionEnum', ['retry', 'restart', 'restart_with_context']),
)

/** A flow as it stands inside a stage. */
export const flowSet = once(() =>
  partialComponent(flows, 'FlowSet', [
    'pk',
    'policybindingmodel_ptr_id',
    'name',
    'slug',
    'title',
    'designation',
    'background',
    'policy_engine_mode',
    'compatibility_mode',
    'export_url',
    'layout',
    'denied_action',
  ]),
)

const stageFields = once(() => ({
  pk: field(uuid(), { readOnly: true, order: true }),
  name: field(text(), { filter: exactly, search: true, order: true }),
  component: field(text(), { readOnly: true }),
  verbose_name: field(text(), { readOnly: true }),
  verbose_name_plural: field(text(), { readOnly: true }),
  meta_model_name: field(text(), { readOnly: true }),
  flow_set: computed(optional(list(flowSet())), ({ pk }, { world }) => flowsOf(pk, world), { isReadOnly: false }),
}))
type Stage = RowOfFields<ReturnType<typeof stageFields>>

const stages = resource({
  name: 'stages',
  noun: 'a stage',
  component: 'Stage',
  django: { app: 'authentik_flows', className: 'Stage', label: ({ name }) => `Stage ${name}` },
  fields: stageFields,
})

const bindingFields = once(() => ({
  pk: field(uuid(), { readOnly: true, filters: { fsb_uuid: havingUuid }, order: true }),
  policybindingmodel_ptr_id: field(uuid(), { readOnly: true, filters: { pbm_uuid: havingUuid } }),
  target: field(uuid(), { references: 'flows', filter: pointing, order: true }),
  stage: field(uuid(), { filter: havingUuid, order: true }),
  stage_obj: computed(
    stages.component,
    ({ stage }, { world }) => stagesIn(world).find(({ pk }) => pk === stage) ?? null,
  ),
  evaluate_on_plan: field(boolean(), { default: false, filter: widget, order: true }),
  re_evaluate_policies: field(boolean(), { default: true, filter: widget, order: true }),
  order: field(integer({ minimum: -2147483648, maximum: 2147483647 }), { filter: numberFilter, order: true }),
  policy_engine_mode: field(PolicyEngineMode, { default: 'any', filter: choosing, order: true }),
  invalid_response_action: field(InvalidResponseActionEnum(), {
    default: 'retry',
    description: 'What becomes of the flow after an answer that is no good.',
    filter: choosing,
    order: true,
  }),
}))
type Binding = RowOfFields<ReturnType<typeof bindingFields>>

const bindings = resource({
  name: 'flow_bindings',
  noun: 'a flow stage binding',
  component: 'FlowStageBinding',
  django: {
    app: 'authentik_flows',
    className: 'FlowStageBinding',
    label: ({ target, order }) => `Flow-stage binding #${order} to ${target}`,
  },
  fields: bindingFields,
  filters: {
    policies: {
      schema: list(uuid()),
      read: (keys) =>
        keys.length
          ? ({ policybindingmodel_ptr_id: target }: Binding, source) =>
              boundPolicies(target, source).some((key) => keys.includes(key))
          : undefined,
    },
  },
})

/** The policies that are bound to something. */
const boundPolicies = (key: string, source: RowSource): string[] =>
  [...source.tableNamed<{ target: string; policy: string | null }>('policy_bindings').values()].flatMap(
    ({ target, policy }) => (target === key && policy !== null ? [policy] : []),
  )

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

// ---- what can be asked of them

const UserSetting = once(() =>
  component('UserSetting', {
    object_uid: text(),
    component: text(),
    title: text(),
    configure_url: optional(text()),
    icon_url: optional(text()),
  }),
)

/** What users can set up themselves, by the model of the stage. */
const SETTINGS: Readonly<Record<string, [title: string, component: string]>> = {
  authenticatorduostage: ['Duo', 'authenticator-duo'],
  authenticatorsmsstage: ['SMS', 'authenticator-sms'],
  authenticatorstaticstage: ['Static tokens', 'authenticator-static'],
  authenticatortotpstage: ['TOTP Device', 'authenticator-totp'],
  authenticatorwebauthnstage: ['WebAuthn device', 'authenticator-webauthn'],
  passwordstage: ['Password Stage', 'password'],
}

function settingsIn({ world }: Context) {
  const settings = stagesIn(world).flatMap(({ pk, meta_model_name }) => {
    const [title, name] = SETTINGS[meta_model_name.split('.').at(-1) ?? ''] ?? []
    if (title === undefined) return []
    return [
      { title, component: `ak-user-settings-${name}`, object_uid: pk, configure_url: `/flows/-/configure/${pk}/` },
    ]
  })
  return settings.sort((a, b) => (a.component < b.component ? -1 : 1))
}

const lookup = (parameter: string) => ({ parameter, schema: uuid(), read: toUuid })

/** What can be asked of stages. */
export const operations = [
  ...viewsetOperations(stages, {
    path: '/stages/all/',
    actions: ['list', 'retrieve'],
    missing: { instance: ['DELETE'] },
    rows: ({ world }) => stagesIn(world),
    ordering: ['name'],
    lookup: lookup('stage_uuid'),
  }).operations,
  typesOperation('stages_all_types_list', '/stages/all/types/', 'stages'),
  operation({
    id: 'stages_all_user_settings_list',
    method: 'GET',
    tag: 'stages',
    parameters: {},
    view: {
      path: '/stages/all/user_settings/',
      name: 'User settings',
      description: 'Get all stages the user can configure',
      open: 'users',
    },
    summary: 'Lists what users can set up themselves.',
    get responses() {
      return { 200: list(UserSetting()) }
    },
    observed: ({ serializer }) => ({ isPlain: serializer.has('user-settings-order') }),
    resolve: settingsIn,
  }),
  ...viewsetOperations(bindings, {
    path: '/flows/bindings/',
    actions: ['list', 'retrieve'],
    missing: { list: ['POST'], instance: ['PUT', 'PATCH', 'DELETE'] },
    rows: ({ world }) => bindingsIn(world),
    ordering: ['target', 'order'],
    lookup: lookup('fsb_uuid'),
  }).operations,
]

/** The names and kinds of a flow's stages, in their order. */
export const stagesOfFlow = (flow: Flow, world: World): [name: string, kind: string][] =>
  bindingsIn(world)
    .filter(({ target }) => target === flow.pk)
    .sort((a, b) => a.order - b.order)
    .flatMap((binding) => {
      const stage = stagesIn(world).find(({ pk }) => pk === binding.stage)
      return stage ? [[stage.name, stage.verbose_name]] : []
    })
