/** What is written to stages and their bindings, and what uses them; loaded when asked for. */
import type { Change, Context } from '../../rest/operation.ts'
import type { Use } from '../../rest/used-by.ts'
import type { DjangoModel } from '../../store/resource.ts'
import type { World } from '../../store/world.ts'
import { flows, type Flow } from '../resources/flows.ts'
import { bindings, stages, type Binding, type Stage } from '../resources/listed-stages.ts'
import { policyBindings } from '../resources/policy-bindings.ts'
import { toUse, usesByPolicies } from './policy-bindings.ts'
import {
  bindingRows,
  bindingsIn,
  boundTo,
  flowsOf,
  listOf,
  stageKeysOf,
  stagesIn,
  type ListedBinding,
} from './stages.ts'
import { requireUnique } from './unique-together.ts'

// ---- what is written

/** Fields of which no two bindings have the same values. */
const UNIQUE = ['target', 'stage', 'order'] as const

/** @throws Problem 400 for what binds a stage to a flow in a place in which it is */
export function checkUnique(values: Record<string, unknown>, world: World, current?: Binding): Record<string, unknown> {
  requireUnique(bindingsIn(world), { ...current, ...values }, UNIQUE)
  return values
}

const ACTIONS = { created: 'create', updated: 'update', deleted: 'delete' } as const

/** A list with a row as it was written. */
function withRow<Row extends { pk: string }>(rows: readonly Row[], change: Change, row: Row): Row[] {
  if (change === 'created') return [...rows, row]
  return rows.flatMap((current) => {
    if (current.pk !== row.pk) return [current]
    return change === 'updated' ? [row] : []
  })
}

/** Keeps a binding, which from then on the world lists with all others. @returns it as it is shown */
export async function keepBinding(change: Change, binding: Binding, { world }: Context): Promise<Binding> {
  const { stage_obj: _stage, ...row }: ListedBinding = binding
  const current = bindingsIn(world)
  const targets = [row.target, ...current.filter(({ pk }) => pk === row.pk).map(({ target }) => target)]
  const lists = { stages: stagesIn(world), flow_bindings: withRow<ListedBinding>(current, change, row) }
  world.keepAside(lists, { resource: bindings, action: ACTIONS[change], row })
  if (change === 'deleted') await deletePolicies([row.pk], world)
  await showStages(targets, world)
  return bindingRows(world).find(({ pk }) => pk === row.pk) ?? binding
}

/** Deletes a stage, with how it is bound and what is known of it. */
export async function deleteStage(stage: Stage, { world }: Context): Promise<Stage> {
  const isBound = (binding: Binding) => binding.stage === stage.pk
  const bound = bindingsIn(world).filter(isBound)
  const rest = bindingsIn(world).filter((binding) => !isBound(binding))
  const details = Object.entries(world.aside).flatMap(([key, rows]) =>
    key.startsWith('stages_') ? [[key, listOf(rows).flatMap((row) => withoutStage(row, stage.pk))]] : [],
  )
  const lists = {
    ...Object.fromEntries(details),
    stages: withRow(stagesIn(world), 'deleted', stage),
    flow_bindings: rest,
  }
  world.keepAside(lists, { resource: stages, action: 'delete', row: stage })
  const [keys, targets] = [bound.map(({ pk }) => pk), bound.map(({ target }) => target)]
  await deletePolicies(keys, world)
  await showStages(targets, world)
  return stage
}

/** What is known of a stage, without what it says of one that is gone. */
function withoutStage(row: Record<string, unknown>, key: string): Record<string, unknown>[] {
  if (row['pk'] === key) return []
  return [Object.fromEntries(Object.entries(row).map(([field, value]) => [field, value === key ? null : value]))]
}

/** Deletes who may pass what is gone. */
async function deletePolicies(targets: readonly string[], world: World): Promise<void> {
  const table = world.table(policyBindings)
  for (const { pk, target } of table.values()) if (targets.includes(target)) await table.delete(pk)
}

/** Shows flows with the stages that they have now. */
async function showStages(targets: readonly string[], world: World): Promise<void> {
  const table = world.table(flows)
  for (const flow of new Set(targets)) {
    const bound = stageKeysOf(flow, world)
    if (table.has(flow)) await table.update(flow, (draft) => void (draft.stages = bound))
  }
}

// ---- what uses them

/** A model that uses something. */
type Model<Row extends object> = Pick<DjangoModel<Row>, 'app' | 'className' | 'label'>

/** A stage that may have another for the password. */
const IDENTIFICATION: Model<Record<string, unknown>> = {
  app: 'authentik_stages_identification',
  className: 'IdentificationStage',
  label: ({ name }) => `Stage ${String(name)}`,
}

/** The flows that have a stage, how they have it, and stages that ask for a password by it. */
export function usesOfStage({ pk }: Stage, { world }: Context): Use[] {
  const bound = bindingsIn(world).filter(({ stage }) => stage === pk)
  const asking = listOf(world.aside['stages_identification']).filter((row) => row['password_stage'] === pk)
  return [
    toUse(flows.django, flowsOf(pk, world), 'flow_set', 'cascade_many'),
    toUse(bindings.django, bound, 'flowstagebinding_set', 'cascade'),
    toUse(IDENTIFICATION, asking, 'identificationstage_set', 'set_null'),
  ]
}

/** The stages of a flow, and how it has them. */
export function usesOfFlow({ pk: flow }: Flow, { world }: Context): Use[] {
  const bound = boundTo(flow, world)
  const keys = new Set(bound.map(({ stage }) => stage))
  const stageRows = stagesIn(world).filter(({ pk }) => keys.has(pk))
  return [
    toUse(bindings.django, bound, 'flowstagebinding_set', 'cascade'),
    toUse(stages.django, stageRows, 'stages', 'cascade_many'),
    ...usesByPolicies(flow, world),
  ]
}

/** Who may pass a binding, and by which policies. */
export const usesOfBinding = ({ pk }: Binding, { world }: Context): Use[] => usesByPolicies(pk, world)
