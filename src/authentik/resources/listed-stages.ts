/** Stages of flows, and how flows are bound to them: as a world lists them, or as authentik's defaults flows have them. */
import { computed, field, type RowOfFields } from '../../rest/field.ts'
import { choosing, exactly, havingUuid, pointing, widget } from '../../rest/filters.ts'
import { operation } from '../../rest/operation.ts'
import { toUuid } from '../../rest/python.ts'
import { partialComponent, resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { boolean, choice, component, integer, list, optional, text, uuid } from '../../schema/words.ts'
import { once } from '../../store/lazily.ts'
import type { RowSource } from '../../store/resource.ts'
import { flows } from './flows.ts'
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
  flow_set: computed(optional(list(flowSet())), (row) => row.flow_set, { isReadOnly: false }),
}))
/** A row of stages. */
export type Stage = RowOfFields<ReturnType<typeof stageFields>>

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
    actions: ['list', 'retrieve'],
    missing: { instance: ['DELETE'] },
    rows: async ({ world }) => (await import('../answers/stages.ts')).stageRows(world),
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
    resolve: async ({ world, call }) => (await import('../answers/stages.ts')).settingsIn(world, call),
  }),
  ...viewsetOperations(bindings, {
    path: '/flows/bindings/',
    actions: ['list', 'retrieve'],
    missing: { list: ['POST'], instance: ['PUT', 'PATCH', 'DELETE'] },
    rows: async ({ world }) => (await import('../answers/stages.ts')).bindingRows(world),
    ordering: ['target', 'order'],
    lookup: lookup('fsb_uuid'),
  }).operations,
]
