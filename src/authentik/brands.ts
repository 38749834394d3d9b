/** The brand of a world, and the flows that it names (docs/authentik.md#brands). */
import { isObject } from '../schema/json.ts'
import type { World } from '../store/world.ts'
import { flows, type Flow } from './resources/flows.ts'

/** The brand that a world says it has: the default one, or the first. */
export function brandOf({ aside }: World): Record<string, unknown> | undefined {
  const { brands } = aside
  if (!Array.isArray(brands)) return undefined
  const rows = brands.filter(isObject)
  return rows.find((row) => row['default'] === true) ?? rows[0]
}

/** The flow that something names by its pk, if it names one that is there. */
export const findFlowOf = (pk: unknown, world: World): Flow | undefined =>
  typeof pk === 'string' ? world.table(flows).get(pk) : undefined

/** The flow by which the brand has users set a new password; of a world that says nothing of brands, the one that is for that. */
export function recoveryFlowOf(world: World): Flow | undefined {
  const brand = brandOf(world)
  if (brand) return findFlowOf(brand['flow_recovery'], world)
  return [...world.table(flows).values()].find(({ designation }) => designation === 'recovery')
}
