/** Merges a world file into a world: all of it, or nothing. */
import { isObject, readKey, type JsonObject } from '../schema/json.ts'
import { MockError, worldError } from './mock-error.ts'
import { keyOf, type Resource } from './resource.ts'
import { toKept } from './row.ts'
import type { Key } from './key.ts'
import type { World } from './world.ts'
import { checkWorld, readWorld, type CheckedWorld, type WorldForm } from './world-file.ts'

/** For each row of a merged world, which of the file's rows it is of; undefined for one that the file leaves alone. */
type Places = Map<string, (number | undefined)[]>

/**
 * Merges a world file into a world: rows of the same key, or of the same name where the file has no key, become one.
 * @returns what the world becomes, to be loaded
 * @throws MockError ERR_WORLD for a file that does not fit in with what is there, with the paths that the file has
 */
export function mergeWorld(value: unknown, world: World, form: WorldForm): CheckedWorld {
  const { file, isRelative } = readWorld(value, form, world)
  const merged: JsonObject = { ...world.toJSON() }
  for (const resource of world.resources) merged[resource.name] = rowsOf(resource, world)
  merged['permissions'] = permissionsAfter(file, world)
  const places: Places = new Map()
  for (const [name, content] of Object.entries(file)) {
    // A file that does not say it is read as one of a world without it.
    if (name === 'secret_key' && readKey(value, name) === undefined) continue
    const resource = world.resources.find((candidate) => candidate.name === name)
    const present = merged[name]
    if (resource && Array.isArray(present) && Array.isArray(content))
      merged[name] = mergeRows(resource, present, content, places)
    else merged[name] = isObject(present) && isObject(content) ? { ...present, ...content } : content
  }
  return { ...checkMerged(merged, { world, form, places }), isRelative }
}

/** What users may do, by the names that a file gives them. */
function permissionsAfter(file: JsonObject, world: World): JsonObject {
  const names = new Map(
    world.resources.flatMap((resource) => {
      const { name, key, permitted } = resource
      const rows = permitted === undefined ? undefined : file[name]
      if (permitted === undefined || !Array.isArray(rows)) return []
      return rows.filter(isObject).flatMap((row) => {
        const current = world.table<JsonObject>(resource).get(toKept(resource, key, row[key]) as Key)
        return current && row[permitted] !== undefined ? [[current[permitted], String(row[permitted])] as const] : []
      })
    }),
  )
  return Object.fromEntries(
    Object.entries(world.permissions).map(([name, codenames]) => [names.get(name) ?? name, codenames]),
  )
}

/** Rows without what follows from others: of a merged world that may be something else. */
function rowsOf(resource: Resource, world: World): JsonObject[] {
  return [...world.table(resource).values()].map((row) => {
    const derived = Object.keys(resource.derive?.(row, world) ?? {})
    return Object.fromEntries(Object.entries(row).filter(([field]) => !derived.includes(field)))
  })
}

/** Rows by their keys; what a row leaves out stays as it is in the one that is there. */
function mergeRows(
  resource: Resource,
  present: readonly unknown[],
  rows: readonly unknown[],
  places: Places,
): unknown[] {
  const { key, name } = resource
  const merged = [...present]
  const origins: (number | undefined)[] = present.map(() => undefined)
  const indexes = new Map(present.map((row, index) => [isObject(row) ? row[key] : undefined, index]))
  rows.forEach((row, origin) => {
    const rowKey = isObject(row) ? toKept(resource, key, row[key]) : undefined
    const index = rowKey === undefined ? undefined : indexes.get(rowKey)
    if (index === undefined) origins[merged.push(row) - 1] = origin
    else {
      merged[index] = { ...(merged[index] as object), ...(row as object) }
      origins[index] = origin
    }
  })
  places.set(name, origins)
  return merged
}

/** Checks a merged world. @throws MockError ERR_WORLD with the paths that the file has, not those of what it became */
function checkMerged(
  merged: JsonObject,
  { world, form, places }: { world: World; form: WorldForm; places: Places },
): CheckedWorld {
  try {
    return checkWorld(merged, form)
  } catch (error) {
    if (!(error instanceof MockError)) throw error
    const toOrigin = (whole: string, name: string, index: string) => {
      const origin = places.get(name)?.[Number(index)]
      if (origin !== undefined) return `${name}[${origin}]`
      const resource = world.resources.find((candidate) => candidate.name === name)
      const row = resource && [...world.table(resource).values()][Number(index)]
      return resource && row ? `${name}.get(${JSON.stringify(keyOf(resource, row))})` : whole
    }
    throw worldError(error.problems.map((problem) => problem.replace(/\b([a-z_]+)\[(\d+)\]/g, toOrigin)))
  }
}
