/** Policy bindings: who may use an application, or go through a flow. */
import { computed, field, type RowOfFields } from '../../rest/field.ts'
import { INVALID_CHOICE } from '../../rest/errors.ts'
import { filterBy, FilterError, havingUuid, isNull, toUuidKey, widget, type FilterKind } from '../../rest/filters.ts'
import type { Context } from '../../rest/operation.ts'
import { toUuid } from '../../rest/python.ts'
import { resource } from '../../rest/resource.ts'
import { viewsetOperations } from '../../rest/viewset-operations.ts'
import { isObject } from '../../schema/json.ts'
import { anyObject, boolean, dateTime, integer, list, nullable, text, uuid } from '../../schema/words.ts'
import { once } from '../../schema/lazily.ts'
import type { RowSource } from '../../store/resource.ts'
import { mayDestroyKind } from './all-kinds.ts'
import { flows } from './flows.ts'
import { groups } from './groups.ts'
import { loadStages, stageBinding } from './listed-stages.ts'
import { numberFilter } from './number-filter.ts'
import { users } from './users.ts'

/** What is loaded when a policy is first bound, or a binding written. */
let answers: typeof import('../answers/policy-bindings.ts') | undefined
const loadAnswers = async () => (answers ??= await import('../answers/policy-bindings.ts'))

const policyFields = once(() => ({
  pk: field(uuid(), { readOnly: true, order: true }),
  name: field(text(), { search: true, order: true }),
  execution_logging: field(boolean(), { default: false, order: true }),
  component: field(text(), { readOnly: true }),
  verbose_name: field(text(), { readOnly: true }),
  verbose_name_plural: field(text(), { readOnly: true }),
  meta_model_name: field(text(), { readOnly: true }),
  bound_to: computed(integer(), ({ pk }, { world }) => boundTo(pk, world)),
}))
/** A row of policies. */
export type Policy = RowOfFields<ReturnType<typeof policyFields>>

/** Policies: those that a world lists, and those that its bindings have. */
export const policies = resource({
  name: 'policies',
  noun: 'a policy',
  component: 'Policy',
  django: {
    app: 'authentik_policies',
    className: 'Policy',
    label: ({ name }) => name,
    alsoUsedBy: async (row: Policy, context: Context) => (await loadAnswers()).usesOfPolicy(row, context),
  },
  fields: policyFields,
  filters: {
    bindings__isnull: filterBy(isNull, () => true),
    promptstage__isnull: filterBy(isNull, () => null),
  },
})

const MAX = 2_147_483_647
const number = (minimum: number, fallback: number, required = false) =>
  field(integer({ minimum, maximum: MAX }), {
    filter: numberFilter,
    order: true,
    default: fallback,
    required,
  })

const fields = once(() => ({
  pk: field(uuid(), { readOnly: true, order: true }),
  policy: field(nullable(uuid()), {
    default: null,
    filters: { policy: havingUuid, policy__isnull: isNull },
    exists: isPolicy,
    order: true,
  }),
  group: field(nullable(uuid()), { references: 'groups', default: null, cascades: true, order: true }),
  user: field(nullable(integer()), { references: 'users', default: null, cascades: true, order: true }),
  policy_obj: field(policies.component, {
    stored: nullable(anyObject()),
    default: null,
    readOnly: true,
    getter: ({ policy }, { world }) => policyRows(world).find(({ pk }) => pk === policy) ?? null,
  }),
  group_obj: computed(groups.component, ({ group }, { world }) => world.table(groups).get(group) ?? null),
  user_obj: computed(users.component, ({ user }, { world }) => world.table(users).get(user) ?? null),
  /** The application, flow or binding of a stage that it holds for. */
  target: field(uuid(), { filters: { target: targetFilter, target_in: targetsFilter }, exists: isTarget, order: true }),
  negate: field(boolean(), { default: false, order: true }),
  enabled: field(boolean(), { default: true, filter: widget, order: true }),
  order: number(-MAX - 1, 0, true),
  timeout: number(0, 30),
  failure_result: field(boolean(), { default: false, order: true }),
  expires: field(nullable(dateTime()), { readOnly: true, default: null, addedIn: '2026.8' }),
  expiring: field(boolean(), { readOnly: true, default: false, addedIn: '2026.8' }),
}))
/** A row of policy bindings. */
export type PolicyBinding = RowOfFields<ReturnType<typeof fields>>

/** Who may use what. */
export const policyBindings = resource({
  name: 'policy_bindings',
  noun: 'a policy binding',
  component: 'PolicyBinding',
  django: {
    app: 'authentik_policies',
    className: 'PolicyBinding',
    label: (row, source) => labelOf(row, source),
  },
  fields,
  // Most are of no policy, and name what they hold for by its own key.
  normalise: async (row, world) =>
    row.policy === null && findTarget(row.target, world)?.key === row.target
      ? row
      : (await loadAnswers()).normaliseBinding(row, world),
  // A policy is there, whatever becomes of its bindings.
  leave: (row, world) => answers?.keepPolicy(row, world),
  shorthand: {
    words: { application: (name, _row, { keyOf }) => ({ target: keyOf('applications', name) }) },
    defaults: (_row, { rows }) => ({ target: rows('applications')[0]?.['pk'] }),
  },
})

// ---- what they hold for

/** What policies hold for: its own key, and that of the model which all of that has in common. */
interface Target {
  key: string
  modelKey: string
  label: string
}

/** What has a key of its own, or as the model. */
export function findTarget(key: unknown, source: RowSource): Target | undefined {
  const flow = [...source.table(flows).values()].find((row) => row.pk === key || row.policybindingmodel_ptr_id === key)
  if (flow) return { key: flow.pk, modelKey: flow.policybindingmodel_ptr_id, label: flows.django.label(flow) }
  const application = source.tableNamed<{ pk: string; name: string }>('applications').find('pk', String(key))
  if (application) return { key: application.pk, modelKey: application.pk, label: application.name }
  return stageBinding(key, source)
}

/** The key of the model; its own where what it holds for is unknown, such as a source. */
export const modelKeyOf = (target: string, source: RowSource): string => findTarget(target, source)?.modelKey ?? target

/** The keys of models that a query names. @throws FilterError for one that nothing has */
function readModelKeys(values: readonly string[], source: RowSource, toProblem: (value: string) => string) {
  const keys = new Set(values.map((value) => toUuidKey(value.trim())))
  const bound = () => [...source.tableNamed<PolicyBinding>('policy_bindings').values()].map(({ target }) => target)
  for (const key of keys)
    if (findTarget(key, source)?.modelKey !== key && !bound().some((target) => modelKeyOf(target, source) === key))
      throw new FilterError(toProblem(key))
  return keys
}

/** Keeps the bindings of one target. */
const targetFilter: FilterKind = ({ value }) => ({
  schema: uuid(),
  read(values, source) {
    const last = values.at(-1)
    if (!last) return undefined
    const keys = readModelKeys([last], source, () => INVALID_CHOICE)
    return (row, rows) => keys.has(modelKeyOf(String(value(row, rows)), rows))
  },
})

/** Keeps the bindings of any of these targets. */
const targetsFilter: FilterKind = ({ value }) => ({
  schema: list(uuid()),
  read(values, source) {
    if (values.length === 0) return undefined
    const toProblem = (key: string) => `Select a valid choice. ${key} is not one of the available choices.`
    const keys = readModelKeys(values, source, toProblem)
    return (row, rows) => keys.has(modelKeyOf(String(value(row, rows)), rows))
  },
})

/** Whether something that policies hold for has this key. */
const isTarget = (key: string | number, source: RowSource): boolean => findTarget(key, source) !== undefined

/** What a binding is called: `Binding from shop #0 to Group buyers`. */
function labelOf({ target, order, group, user, policy_obj }: PolicyBinding, source?: RowSource): string {
  const origin = source && findTarget(target, source)
  const start = origin ? `Binding from ${origin.label}` : 'Binding -'
  if (group !== null) return `${start} #${order} to Group ${source?.table(groups).get(group)?.name}`
  if (user !== null) return `${start} #${order} to User ${source?.table(users).get(user)?.name}`
  return `${start} #${order} to Policy ${String(policy_obj?.['name'])}`
}

// ---- policies

/** The policies of a world, each once. */
export function policyRows(source: RowSource): Policy[] {
  const { policies_all: listed } = source.aside
  const bound = [...source.tableNamed<PolicyBinding>('policy_bindings').values()].map(({ policy_obj }) => policy_obj)
  const rows: unknown[] = [...(Array.isArray(listed) ? listed : []), ...bound]
  const byKey = new Map(rows.filter(isObject).map((row) => [row['pk'], row]))
  return [...byKey.values()] as unknown as Policy[]
}

function isPolicy(key: string | number, source: RowSource): boolean {
  return policyRows(source).some(({ pk }) => pk === key)
}

const boundTo = (key: string, source: RowSource) =>
  [...source.tableNamed<PolicyBinding>('policy_bindings').values()].filter(({ policy }) => policy === key).length

/** What can be done with policy bindings, and asked of policies. */
export const operations = [
  ...viewsetOperations(policyBindings, {
    path: '/policies/bindings/',
    actions: ['list', 'create', 'retrieve', 'update', 'partial_update', 'destroy', 'used_by'],
    ordering: ['target', 'pk'],
    lookup: { parameter: 'policy_binding_uuid', schema: uuid(), read: toUuid },
    // A filter by a target looks for it among the bindings of stages.
    rows: async ({ world }) => {
      await loadStages()
      return [...world.table(policyBindings).values()]
    },
    prepare: loadStages,
    write: async (values, context, binding) => (await loadAnswers()).writeBinding(values, context, binding),
  }).operations,
  ...viewsetOperations(policies, {
    path: '/policies/all/',
    actions: ['list', 'retrieve', 'destroy', 'used_by'],
    rows: async ({ world }) => policyRows(world),
    keep: async (_change, row, context) => (await loadAnswers()).deletePolicy(row, context),
    mayDestroy: mayDestroyKind('policy'),
    ordering: ['name'],
    lookup: { parameter: 'policy_uuid', schema: uuid(), read: toUuid },
  }).operations,
]
