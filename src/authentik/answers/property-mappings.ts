/** Property mappings of every kind; loaded when asked for. */
import { isObject } from '../../schema/json.ts'
import type { World } from '../../store/world.ts'
import type { PropertyMapping } from '../resources/property-mappings.ts'
import { scopeMappings } from '../resources/scope-mappings.ts'

/** Those that a world lists of other kinds, and the scope mappings as they are now. */
export function mappingsIn(world: World): PropertyMapping[] {
  const listed = world.aside['property_mappings_all']
  const foreign = Array.isArray(listed)
    ? listed.filter((row) => isObject(row) && !String(row['meta_model_name']).endsWith('scopemapping'))
    : []
  const kind = Object.fromEntries(
    KIND.map((name) => [name, scopeMappings.getters[name]?.(undefined, undefined)]),
  ) as Pick<PropertyMapping, (typeof KIND)[number]>
  return [
    ...(foreign as PropertyMapping[]),
    ...Array.from(world.table(scopeMappings).values(), (row) => ({ ...row, ...kind })),
  ]
}

const KIND = ['component', 'verbose_name', 'verbose_name_plural', 'meta_model_name'] as const
