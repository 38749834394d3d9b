/** Which release an OpenAPI document is of, when it does not say. */
import { toDocument } from '../../rest/document.ts'
import type { Fragment } from '../../schema/words.ts'
import { findRelease, versions } from './index.ts'

/**
 * The releases whose document is the most like this one, by the schemas that they share.
 * @returns none when no release has a schema as it is here
 */
export function identifyByShape(schemas: Record<string, Fragment>): string[] {
  const shapes = new Map(Object.entries(schemas).map(([name, schema]) => [name, textOf(schema)]))
  let [most, closest]: [number, string[]] = [-Infinity, []]
  for (const version of versions) {
    const documented = documentedShapes(version)
    const shared = [...documented.keys()].filter((name) => shapes.has(name))
    const alike = shared.filter((name) => documented.get(name) === shapes.get(name)).length
    const likeness = alike - (shared.length - alike)
    if (alike === 0 || likeness < most) continue
    closest = likeness > most ? [version] : [...closest, version]
    most = likeness
  }
  return closest
}

const shapesByRelease = new Map<string, ReadonlyMap<string, string>>()

/** The texts of a release's schemas by their names, which are written once: all releases take a second. */
function documentedShapes(version: string): ReadonlyMap<string, string> {
  const shapes =
    shapesByRelease.get(version) ??
    new Map(
      Object.entries(toDocument(findRelease(version)).components.schemas).map(([name, schema]) => [
        name,
        textOf(schema),
      ]),
    )
  shapesByRelease.set(version, shapes)
  return shapes
}

const textOf = (schema: unknown) => JSON.stringify(shapeOf(schema))

/** A schema without its prose, the same in any order of its keywords and of `required`. The order of its properties is kept: a release is known by it too. */
function shapeOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(shapeOf)
  if (schema === null || typeof schema !== 'object') return schema
  const keywords = Object.entries(schema).filter(([key]) => key !== 'description' && key !== 'title')
  return keywords
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]: [string, unknown]) => {
      if (key === 'properties')
        return [key, Object.entries(value ?? {}).map(([name, property]) => [name, shapeOf(property)])]
      return [key, key === 'required' && Array.isArray(value) ? value.toSorted() : shapeOf(value)]
    })
}
