/** What a row is used by, which authentik shows before it deletes one. */
import type { Key } from '../../store/table.ts'
import type { Context } from '../../rest/operation.ts'
import { keysIn, type Resource } from '../../store/resource.ts'
import { choice, component, text } from '../../schema/words.ts'

const UsedByActionEnum = choice('UsedByActionEnum', ['cascade', 'cascade_many', 'set_null', 'set_default'])

export const UsedBy = component('UsedBy', {
  app: text(),
  model_name: text(),
  pk: text(),
  name: text(),
  action: UsedByActionEnum,
})

export const USED_BY_VIEW = { name: 'Used by', description: 'Get a list of all objects that use this object' }

/** All that points at a row, and what stands in its own lists, as far as the caller may view it; in the order of authentik's names for them. */
export function usedBy<Row extends object>(of: Resource<Row>, row: Row, { world, caller }: Context) {
  const key = row[of.key] as Key
  // What is one to one, authentik does not count.
  const pointing = world
    .pointingAt(of)
    .filter(({ from, field }) => !from.unique?.includes(field))
    .map(({ from, field }) => ({
      accessor: `${from.django?.model}_set`,
      from,
      rows: [...world.rows(from).all()].filter((one: any) => keysIn(one[field]).includes(key)),
      action: from.model.shape[field]!.safeParse(null).success ? 'set_null' : 'cascade',
    }))
  const listed = Object.entries(of.references ?? {}).flatMap(([field, target]) => {
    const keys: unknown = row[field as keyof Row]
    if (!Array.isArray(keys)) return []
    const accessor = of.django?.many?.[field as keyof Row] ?? field
    return [
      {
        accessor,
        from: target as Resource,
        rows: keys.map((one: Key) => world.rows(target as Resource).get(one)!),
        action: 'cascade_many',
      },
    ]
  })
  return [...pointing, ...listed]
    .filter(({ from }) => from.django && caller.may(`view_${from.django.model}`))
    .sort((a, b) => (a.accessor < b.accessor ? -1 : 1))
    .flatMap(({ from, rows, action }) => {
      const { app, model, words } = from.django!
      return rows.map((one: any) => ({ app, model_name: model, pk: String(one[from.key]), name: words(one), action }))
    })
}
