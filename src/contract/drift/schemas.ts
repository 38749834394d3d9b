/** Compares two JSON schemas, as an OpenAPI document writes them. */
import { compareAlternatives, type ReadSchema } from './alternatives.ts'
import type { Party } from './difference.ts'
import type { JsonObject } from '../../schema/json.ts'
import { componentNameOf, isObject, toObject } from './document.ts'
import { compareChoices, compareLimits, comparePatterns } from './limits.ts'
import type { Position } from './position.ts'
import { describeType, shapeOf, type Shape } from './shape.ts'
import { compareNull, compareTypes } from './types.ts'

/** How deep schemas are compared. Nobody nests so deep, but references that lead on and on do. */
const MAX_DEPTH = 300
/** How often an operation's two components are compared, each time at another place. */
const MAX_VISITS = 50

/** Compares whether something has to be there. */
export function compareRequired(
  wasRequired: boolean,
  isRequired: boolean,
  { record, subject, path, party }: Position,
  usedPath = path,
): void {
  if (wasRequired && !isRequired) record('retyped', subject, 'may be absent', party === 'reader' ? [party] : [], path)
  if (!wasRequired && isRequired)
    record('retyped', subject, 'is required', party === 'writer' ? [party] : [], path, usedPath)
}

/** Compares two schemas with all that they hold. No schema allows anything. */
export function compareSchemas(oldValue: unknown, newValue: unknown, position: Position): void {
  const { baseline, candidate, record, subject, path, components, depth } = position
  if (position.isEqual(oldValue, newValue)) return
  if (depth > MAX_DEPTH) return record('uncompared', subject, `is nested deeper than ${MAX_DEPTH} levels`, [], path)
  if (position.budget.comparisons-- < 1)
    return record('uncompared', 'each further part', 'is left out, because the documents refer to too much', [], path)
  const [oldShape, newShape] = [shapeOf(oldValue, baseline), shapeOf(newValue, candidate)]
  for (const failure of new Set([...oldShape.failures, ...newShape.failures]))
    record('uncompared', subject, failure, [], path)
  for (const name of [...oldShape.names, ...newShape.names]) position.reached.add(name)
  if (oldShape.name && newShape.name && oldShape.name !== newShape.name)
    record('renamed', oldShape.name, `is now called ${newShape.name}`, [], path)
  const key = `${oldShape.name} ${newShape.name}`
  const isComponent = Boolean(oldShape.name)
  if (isComponent && !isFirst(key, position)) return
  const inside: Position = {
    ...position,
    subject: newShape.name ?? subject,
    components: isComponent ? new Set([...components, key]) : components,
    depth: depth + 1,
  }
  compareMarks(oldShape, newShape, position)
  const hasGroups = oldShape.groups.length > 0 || newShape.groups.length > 0
  const goesOn = hasGroups
    ? compareAlternatives(toRead(oldValue, oldShape), toRead(newValue, newShape), position, (a, b) =>
        compareSchemas(a, b, withoutNull(inside)),
      )
    : compareTypes(oldShape, newShape, position)
  if (goesOn || hasGroups) compareNull(oldShape, newShape, position)
  if (!goesOn) return
  compareLimits(oldShape, newShape, position)
  comparePatterns(oldShape, newShape, position)
  compareChoices(oldShape.choices, newShape.choices, position)
  compareRest(oldShape, newShape, position)
  compareSchemas(oldShape.items, newShape.items, { ...inside, subject, path: `${path}[]` })
  compareFurther(oldShape, newShape, inside)
  compareProperties(oldShape, newShape, inside, oldShape.name ?? subject)
}

const toRead = (value: unknown, shape: Shape): ReadSchema => ({ value, shape })

/** Leaves out whether an alternative allows null: it does so for all of them, which is compared once. */
const withoutNull = (position: Position): Position => ({
  ...position,
  record(kind, subject, change, ...rest) {
    if (subject === position.subject && /^can (no longer )?be null$/.test(change)) return
    position.record(kind, subject, change, ...rest)
  },
})

/** Whether two components are not around themselves, and were not compared at very many places of the operation before. */
function isFirst(key: string, { components, visits, party }: Position): boolean {
  const visit = `${party} ${key}`
  const count = (visits.get(visit) ?? 0) + 1
  visits.set(visit, count)
  return !components.has(key) && count <= MAX_VISITS
}

/** Compares what is said of the whole value, whatever it is. */
function compareMarks(oldShape: Shape, newShape: Shape, { record, subject, path, party }: Position): void {
  const isWriter = party === 'writer'
  const marks = [
    { wasMarked: oldShape.isReadOnly, isMarked: newShape.isReadOnly, words: 'read-only', breaks: isWriter },
    { wasMarked: oldShape.isWriteOnly, isMarked: newShape.isWriteOnly, words: 'write-only', breaks: !isWriter },
    { wasMarked: oldShape.isDeprecated, isMarked: newShape.isDeprecated, words: 'deprecated', breaks: false },
  ]
  for (const { wasMarked, isMarked, words, breaks } of marks) {
    if (!wasMarked && isMarked) record('retyped', subject, `is ${words}`, breaks ? [party] : [], path)
    if (wasMarked && !isMarked) record('retyped', subject, `is no longer ${words}`, [], path)
  }
}

/** The keywords whose values are schemas. */
const SCHEMAS: ReadonlySet<string> = new Set(['not', 'if', 'then', 'else', 'contains', 'propertyNames'])

/** Compares the keywords that have no meaning here, only to say which of them are not the same. */
function compareRest(oldShape: Shape, newShape: Shape, position: Position): void {
  const { record, subject, path } = position
  for (const keyword of new Set([...oldShape.rest.keys(), ...newShape.rest.keys()])) {
    const [oldValue, newValue] = [oldShape.rest.get(keyword), newShape.rest.get(keyword)]
    if (position.isEqual(oldValue, newValue)) continue
    if (keyword === 'default') {
      const describe = (value: unknown) => (value === undefined ? 'no default' : `the default ${JSON.stringify(value)}`)
      record('retyped', subject, `has ${describe(newValue)}, not ${describe(oldValue)}`, [], path)
    } else if (keyword === 'discriminator') compareDiscriminators(toObject(oldValue), toObject(newValue), position)
    else if (!SCHEMAS.has(keyword) || hasDifferences(oldValue, newValue, position))
      record('uncompared', subject, `differs in "${keyword}"`, [], path)
  }
}

/** Compares the key by which alternatives are told apart, and the values that it can have. */
function compareDiscriminators(oldValue: JsonObject, newValue: JsonObject, position: Position): void {
  const { record, subject, path, party, brokenByMore, brokenByLess } = position
  const describe = ({ propertyName }: JsonObject) => (propertyName === undefined ? 'no key' : String(propertyName))
  const [oldWords, newWords] = [describe(oldValue), describe(newValue)]
  if (oldWords !== newWords) record('retyped', subject, `is told by ${newWords}, not by ${oldWords}`, [party], path)
  const [oldKinds, newKinds] = [oldValue, newValue].map(({ mapping }) =>
    Object.entries(toObject(mapping)).map(
      ([kind, target]) => `${kind} (${componentNameOf(String(target)) ?? String(target)})`,
    ),
  )
  const added = newKinds?.filter((kind) => !oldKinds?.includes(kind)) ?? []
  const removed = oldKinds?.filter((kind) => !newKinds?.includes(kind)) ?? []
  if (added.length) record('retyped', subject, `can also be of the kind ${added.join(', ')}`, brokenByMore, path)
  if (removed.length) record('retyped', subject, `is no longer of the kind ${removed.join(', ')}`, brokenByLess, path)
}

/** Tells whether two schemas differ, without a record of how. */
export function hasDifferences(oldValue: unknown, newValue: unknown, position: Position): boolean {
  let count = 0
  compareSchemas(oldValue, newValue, {
    ...position,
    record: () => void count++,
    depth: position.depth + 1,
    visits: new Map(),
  })
  return count > 0
}

/** Compares what may be under the keys that a schema does not name. */
function compareFurther(oldShape: Shape, newShape: Shape, position: Position): void {
  const { candidate, record, brokenByMore, brokenByLess } = position
  const [oldValue, newValue] = [oldShape.further, newShape.further]
  if (oldValue === newValue) return
  const [subject, path] = [`${position.subject}.*`, `${position.path}.*`]
  const typeOf = (value: unknown) => describeType(shapeOf(value, candidate), candidate)
  if (oldValue === false) record('retyped', subject, 'can be there', brokenByMore, path)
  else if (newValue === false) record('retyped', subject, 'can no longer be there', brokenByLess, path)
  else if (oldValue === true) record('retyped', subject, `can only be ${typeOf(newValue)}`, brokenByLess, path)
  else if (newValue === true) record('retyped', subject, 'can be anything', brokenByMore, path)
  else compareSchemas(oldValue, newValue, { ...position, subject, path })
}

/**
 * Compares the keys of two objects.
 * @param oldSubject what had the keys that are gone, because another component may stand in its place now
 */
function compareProperties(oldShape: Shape, newShape: Shape, position: Position, oldSubject: string): void {
  const { baseline, candidate, record, subject, path, party } = position
  const [oldProperties, newProperties] = [oldShape.properties, newShape.properties]
  const oldTypeOf = (key: string) => describeType(shapeOf(oldProperties.get(key), baseline), baseline)
  const newTypeOf = (key: string) => describeType(shapeOf(newProperties.get(key), candidate), candidate)
  const isSent = (value: unknown, shape: Shape) => isObject(value) && isMet(shape, party)
  const added = new Set([...newProperties.keys()].filter((key) => !oldProperties.has(key)))
  for (const [key, value] of oldProperties) {
    if (newProperties.has(key)) continue
    const successor = successorOf(
      key,
      [...added].filter((newKey) => oldTypeOf(key) === newTypeOf(newKey)),
    )
    const [oldKey, oldPath] = [`${oldSubject}.${key}`, `${path}.${key}`]
    const breaks = isSent(value, shapeOf(value, baseline)) ? [party] : []
    if (successor === undefined) {
      record('removed', oldKey, party === 'reader' ? 'is gone' : 'has no effect any more', breaks, oldPath)
      continue
    }
    added.delete(successor)
    const usedPath = party === 'writer' && newShape.required.has(successor) ? path : undefined
    record('renamed', oldKey, `is now called ${successor}`, breaks, oldPath, usedPath)
  }
  for (const key of added) {
    const [newKey, newPath] = [`${subject}.${key}`, `${path}.${key}`]
    const isAsked = party === 'writer' && newShape.required.has(key)
    // Whoever sends the object has to send the key from now on.
    if (isAsked && isMet(shapeOf(newProperties.get(key), candidate), party))
      record('added', newKey, 'is new and required', ['writer'], newPath, path)
    else record('added', newKey, `is new: ${newTypeOf(key)}`, breaksByNewKey(oldShape, position), newPath)
  }
  for (const key of oldProperties.keys()) if (newProperties.has(key)) compareProperty(key, oldShape, newShape, position)
  // A key may have to be there without a schema.
  for (const key of new Set([...oldShape.required, ...newShape.required])) {
    if (oldProperties.has(key) || newProperties.has(key)) continue
    const inside: Position = { ...position, subject: `${subject}.${key}`, path: `${path}.${key}` }
    compareRequired(oldShape.required.has(key), newShape.required.has(key), inside, path)
  }
}

/** A reader of an object that had no further keys is not ready for a new one. */
const breaksByNewKey = ({ further }: Shape, { brokenByMore }: Position) => (further === false ? brokenByMore : [])

/** Whether a party meets a value: nobody sends what is read-only, and no answer has what is write-only. */
const isMet = ({ isReadOnly, isWriteOnly }: Shape, party: Party) => !(party === 'writer' ? isReadOnly : isWriteOnly)

function compareProperty(key: string, oldShape: Shape, newShape: Shape, position: Position): void {
  const { baseline, candidate, record, party } = position
  const [oldValue, newValue] = [oldShape.properties.get(key), newShape.properties.get(key)]
  const wasMet = isMet(shapeOf(oldValue, baseline), party)
  const isMetNow = isMet(shapeOf(newValue, candidate), party)
  const inside: Position = { ...position, subject: `${position.subject}.${key}`, path: `${position.path}.${key}` }
  const usedPath = party === 'writer' ? position.path : inside.path
  // What nobody sends, or no answer has, differs without breaking anybody.
  const isHidden = !wasMet || !isMetNow
  const unheeded: Position['record'] = (kind, subject, change, _breaks, path, used) =>
    record(kind, subject, change, [], path, used)
  compareRequired(
    oldShape.required.has(key) && (wasMet || !isMetNow),
    newShape.required.has(key) && (isMetNow || !wasMet),
    wasMet || isMetNow ? inside : { ...inside, record: unheeded },
    usedPath,
  )
  const marked: Position['record'] = (kind, subject, change, breaks, path, used) => {
    const isMark = subject === inside.subject && /^is (read|write)-only$/.test(change)
    record(kind, subject, change, isMark || !isHidden ? breaks : [], path, used)
  }
  compareSchemas(oldValue, newValue, { ...inside, record: marked })
}

/** Returns the new key that an old one probably became: of these keys of its type, the one that shares most words with its name. */
function successorOf(key: string, candidates: readonly string[]): string | undefined {
  const words = key.split('_')
  const countShared = (candidate: string) => candidate.split('_').filter((word) => words.includes(word)).length
  const [successor] = candidates
    .filter((candidate) => countShared(candidate) > 0)
    .sort((a, b) => countShared(b) - countShared(a))
  return successor
}
