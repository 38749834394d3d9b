/** What differs between a world and its start. */
import type { MockCore } from '../mock/mock.ts'
import { keyOf } from '../store/resource.ts'
import type { Difference } from './types.ts'

/** The rows that were made, changed and deleted since the start, by resource; nothing of those that are the same. */
export function differenceOf({ world, start }: Pick<MockCore, 'start' | 'world'>): Difference {
  const difference: Difference = {}
  for (const resource of world.resources) {
    const table = world.tableNamed<object>(resource.name)
    const startRows = new Map((start?.tables.get(resource.name)?.rows ?? []).map((row) => [keyOf(resource, row), row]))
    const created = [...table.values()].filter((row) => !startRows.has(keyOf(resource, row)))
    const deleted = [...startRows].flatMap(([key, row]) => (table.has(key) ? [] : [row]))
    const updated = [...startRows].flatMap(([key, row]) => {
      const current = table.get(key)
      return current && current !== row && JSON.stringify(current) !== JSON.stringify(row)
        ? [{ key, before: row, after: current }]
        : []
    })
    if (created.length || updated.length || deleted.length) difference[resource.name] = { created, updated, deleted }
  }
  return difference
}
