/** Merges a world file into a world: all of it, or nothing. */
import type { MockCore } from '../mock/mock.ts'
import { isObject, type JsonObject } from '../schema/json.ts'
import { checkWorld } from '../store/world-file.ts'

/** @throws MockError ERR_WORLD for a file that does not fit in with what is there */
export async function mergeWorld(file: JsonObject, { world, form }: Pick<MockCore, 'form' | 'world'>): Promise<void> {
  await world.queue.run(async () => {
    const merged: JsonObject = { ...world.toJSON() }
    for (const [name, value] of Object.entries(file)) {
      const key = world.resources.find((resource) => resource.name === name)?.key
      const present = merged[name]
      if (key !== undefined && Array.isArray(present) && Array.isArray(value))
        merged[name] = mergeRows(present, value, key)
      else merged[name] = isObject(present) && isObject(value) ? { ...present, ...value } : value
    }
    await world.load(checkWorld(merged, form), world.state())
  })
}

/** Rows by their keys; what a row leaves out stays as it is in the one that is there. */
function mergeRows(present: readonly unknown[], rows: readonly unknown[], key: string): unknown[] {
  const merged = [...present]
  const places = new Map(present.map((row, index) => [isObject(row) ? row[key] : undefined, index]))
  for (const row of rows) {
    const place = isObject(row) ? places.get(row[key]) : undefined
    if (place === undefined) merged.push(row)
    else merged[place] = { ...(merged[place] as object), ...(row as object) }
  }
  return merged
}
