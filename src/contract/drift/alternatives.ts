/** Compares the schemas of which a value has to fit some. */
import { isObject, referenceOf, type Document } from './document.ts'
import { isProse } from './equal.ts'
import type { Position } from './position.ts'
import { describeType, shapeOf, type Shape } from './shape.ts'
import { compareTypes } from './types.ts'

/** A schema as the document has it, and its shape. */
export interface ReadSchema {
  value: unknown
  shape: Shape
}

/** One of the schemas of which a value has to fit some. */
interface Alternative {
  value: unknown
  /** A text that is the same for the same alternative of another document. */
  key: string
  words: string
}

/**
 * Compares the schemas of which a value has to fit some. A schema without any is compared as the only one.
 * @param compareInside compares two of them that are the same one
 * @returns whether the rest of both schemas is still to be compared
 */
export function compareAlternatives(
  { value: oldValue, shape: oldShape }: ReadSchema,
  { value: newValue, shape: newShape }: ReadSchema,
  position: Position,
  compareInside: (oldAlternative: unknown, newAlternative: unknown) => void,
): boolean {
  const { baseline, candidate, record, subject, path, brokenByMore, brokenByLess } = position
  const [oldCount, newCount] = [oldShape.groups.length, newShape.groups.length]
  if (oldCount > 1 || newCount > 1) {
    if (!position.isEqual(oldShape.groups, newShape.groups))
      record('uncompared', subject, 'differs in several lists of schemas', [], path)
    return true
  }
  const oldList = alternativesOf(oldValue, oldShape, baseline, newCount > 0 && oldCount > 0)
  const newList = alternativesOf(newValue, newShape, candidate, newCount > 0 && oldCount > 0)
  const list = (alternatives: readonly Alternative[]) => alternatives.map(({ words }) => words).join(', ')
  if (!oldList) record('retyped', subject, `can only be one of ${list(newList ?? [])}`, brokenByLess, path)
  if (!newList) record('retyped', subject, 'can be anything', brokenByMore, path)
  if (!oldList || !newList) return false
  const { pairs, removed, added } = pair(oldList, newList)
  for (const [oldAlternative, newAlternative] of pairs) compareInside(oldAlternative.value, newAlternative.value)
  if (added.length) record('retyped', subject, `can also be ${list(added)}`, brokenByMore, path)
  if (removed.length) record('retyped', subject, `can no longer be ${list(removed)}`, brokenByLess, path)
  if (oldCount === 0 || newCount === 0) return false
  return !oldShape.types || !newShape.types || compareTypes(oldShape, newShape, position)
}

/**
 * Returns the alternatives of a schema, which are its types where it lists several; undefined where it allows anything.
 * @param isAlone whether what stands beside the alternatives is compared by itself
 */
function alternativesOf(
  value: unknown,
  { groups, types, choices, siblings }: Shape,
  document: Document,
  isAlone: boolean,
): Alternative[] | undefined {
  const [group] = groups
  if (group)
    return group.map((alternative) => ({
      value: isAlone || siblings.length === 0 ? alternative : { allOf: [alternative, ...siblings] },
      ...nameOf(alternative, document),
    }))
  if (!types && !choices) return undefined
  if (!types || types.length < 2) return [{ value, ...nameOf(value, document) }]
  return types.map((type) => {
    const alternative = { allOf: [value, { type }] }
    return { value: alternative, key: textOf({ type }), words: describeType(shapeOf(alternative, document), document) }
  })
}

function nameOf(value: unknown, document: Document): Pick<Alternative, 'key' | 'words'> {
  const shape = shapeOf(value, document)
  const key =
    shape.name ?? (referenceOf(value) === undefined ? textOf(value) : JSON.stringify([...shape.properties.keys()]))
  return { key, words: describeType(shape, document) }
}

/** Finds which alternative is which: by name or text, then by type where only one on each side is of that type. */
function pair(oldList: readonly Alternative[], newList: readonly Alternative[]) {
  const pairs: [Alternative, Alternative][] = []
  let [removed, added] = [[...oldList], [...newList]]
  for (const property of ['key', 'words'] as const) {
    const isOnly = (list: readonly Alternative[], text: string) =>
      property === 'key' || list.filter((alternative) => alternative[property] === text).length === 1
    for (const oldAlternative of removed.slice()) {
      const text = oldAlternative[property]
      const newAlternative = added.find((alternative) => alternative[property] === text)
      if (!newAlternative || !isOnly(removed, text) || !isOnly(added, text)) continue
      pairs.push([oldAlternative, newAlternative])
      removed = removed.filter((alternative) => alternative !== oldAlternative)
      added = added.filter((alternative) => alternative !== newAlternative)
    }
  }
  return { pairs, removed, added }
}

/** Returns a schema's text without its prose, which is the same in any order of its keywords. */
const textOf = (schema: unknown): string =>
  JSON.stringify(schema, (key, value: unknown) => {
    if (typeof value === 'string' && isProse(key)) return undefined
    if (Array.isArray(value)) return key === 'required' ? value.toSorted() : value
    return isObject(value) ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) : value
  })
