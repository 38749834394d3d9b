/** Stages of flows, and how flows are bound to them: as a world lists them, or as authentik's defaults flows have them. */
import { computed, field, type RowOfFields } from '../../rest/field.ts'
import { choosing, exactly, havingUuid, pointing, widget } from '../../rest/filters.ts'
import { operation, type Context } from '../../rest/operation.ts'
import { toUuid } from '../../rest/python.ts'
import { partialComponent, resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { boolean, choice, component, integer, list, optional, text, uuid } from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import type { RowSource } from '../../store/resource.ts'
import type { World } from '../../store/world.ts'
import { mayDestroyKind } from './all-kinds.ts'
import { flows } from './flows.ts'
import { numberFilter } from './number-filter.ts'
import { PolicyEngineMode } from './policy-engine-mode.ts'
import { typesOperation } from './types.ts'

/** What is loaded when stages are first asked for; a body is read after that. */
let loaded: typeof import('../answers/stages.ts') | undefined
const load = async () => (loaded ??= await import('../answers/stages.ts'))

const loadChanges = () => import('../answers/stage-changes.ts')

/** Loads how flows have their stages. */
export const loadStages = async (): Promise<void> => void (await load())

/** How a stage is bound to a flow by what has this key, of its own or as what policies hold for, as far as that is loaded. */
export function stageBinding(key: unknown, source: RowSource) {
  const rows = loaded?.bindingsIn(source as World) ?? []
  const binding = rows.find((row) => row.pk === key || row.policybindingmodel_ptr_id === key)
  if (!binding) return undefined
  return { key: binding.pk, modelKey: binding.policybindingmodel_ptr_id, label: bindings.django.label(binding) }
}

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
  flow_set: computed(optional(list(flowSet())), (row) => row.flow_set, { isReadOnly: false }),
}))
/** A row of stages. */
export type Stage = RowOfFields<ReturnType<typeof stageFields>>

/** Stages of every kind. */
export const stages = resource({
  name: 'stages',
  noun: 'a stage',
  component: 'Stage',
  django: {
    app: 'authentik_flows',
    className: 'Stage',
    label: ({ name }) => `Stage ${name}`,
    alsoUsedBy: async (row: Stage, context: Context) => (await loadChanges()).usesOfStage(row, context),
  },
  fields: stageFields,
})

const bindingFields = once(() => ({
  pk: field(uuid(), { readOnly: true, filters: { fsb_uuid: havingUuid }, order: true }),
  policybindingmodel_ptr_id: field(uuid(), {
    readOnly: true,
    filters: { pbm_uuid: havingUuid },
    generate: (random) => random.uuid(),
  }),
  target: field(uuid(), { references: 'flows', filter: pointing, order: true }),
  stage: field(uuid(), {
    filter: havingUuid,
    exists: (key, world) => loaded?.hasStage(key, world as World) ?? false,
    order: true,
  }),
  stage_obj: computed(stages.component, (row) => row.stage_obj),
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
/** A row of bindings. */
export type Binding = RowOfFields<ReturnType<typeof bindingFields>>

/** How flows have their stages. */
export const bindings = resource({
  name: 'flow_bindings',
  noun: 'a flow stage binding',
  component: 'FlowStageBinding',
  django: {
    app: 'authentik_flows',
    className: 'FlowStageBinding',
    label: ({ target, order }) => `Flow-stage binding #${order} to ${target}`,
    alsoUsedBy: async (row: Binding, context: Context) => (await loadChanges()).usesOfBinding(row, context),
  },
  fields: bindingFields,
  filters: {
    policies: {
      schema: list(uuid()),
      read: (keys) =>
        keys.length
          ? ({ pk: target }: Binding, source) => boundPolicies(target, source).some((key) => keys.includes(key))
          : undefined,
    },
  },
})

/** The policies that are bound to something. */
const boundPolicies = (key: string, source: RowSource): string[] =>
  [...source.tableNamed<{ target: string; policy: string | null }>('policy_bindings').values()].flatMap(
    ({ target, policy }) => (target === key && policy !== null ? [policy] : []),
  )

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

const lookup = (parameter: string) => ({ parameter, schema: uuid(), read: toUuid })

/** What can be asked of stages. */
export const operations = [
  ...viewsetOperations(stages, {
    path: '/stages/all/',
    actions: ['list', 'retrieve', 'destroy', 'used_by'],
    rows: async ({ world }) => (await load()).stageRows(world),
    keep: async (_change, row, context) => (await loadChanges()).deleteStage(row, context),
    mayDestroy: mayDestroyKind('stage'),
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
    resolve: async ({ world, call }) => (await load()).settingsIn(world, call),
  }),
  ...viewsetOperations(bindings, {
    path: '/flows/bindings/',
    actions: ['list', 'create', 'retrieve', 'update', 'partial_update', 'destroy', 'used_by'],
    rows: async ({ world }) => (await load()).bindingRows(world),
    prepare: loadStages,
    write: async (values, { world }, binding) => (await loadChanges()).checkUnique(values, world, binding),
    keep: async (change, row, context) => (await loadChanges()).keepBinding(change, row, context),
    ordering: ['target', 'order'],
    lookup: lookup('fsb_uuid'),
  }).operations,
]
