/** Compares two JSON schemas, as an OpenAPI 3.0 document writes them. */
import type { JsonObject } from '../../schema/json.ts'
import type { Comparison, Party } from './difference.ts'
import { componentNameOf, deref, isObject, toList, toObject, type Document } from './document.ts'

/** Where in the two documents a comparison is, and whom a difference breaks there. */
export interface Position extends Comparison {
  /** The component and its key where the schema is in one, otherwise the operation and the place in it. */
  subject: string
  path: string
  /** Who meets the schema: the reader of an answer, or the writer of a request. */
  party: Party
  /** Whom a schema breaks that allows more than before. */
  brokenByMore: readonly Party[]
  /** Whom a schema breaks that allows less than before. */
  brokenByLess: readonly Party[]
  /** The components around this position: one that holds itself is not compared again. */
  components: ReadonlySet<string>
}

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

/** Compares two schemas with all that they hold. Nothing is compared where either document has no schema. */
export function compareSchemas(oldValue: unknown, newValue: unknown, position: Position): void {
  if (!oldValue || !newValue) return
  const { baseline, candidate, record, subject, path, party, components, brokenByMore, brokenByLess } = position
  const [oldResolved, newResolved] = [resolve(oldValue, baseline), resolve(newValue, candidate)]
  const [oldSchema, newSchema] = [oldResolved.schema, newResolved.schema]
  if (oldResolved.name && newResolved.name && oldResolved.name !== newResolved.name)
    record('renamed', oldResolved.name, `is now called ${newResolved.name}`, [], path)
  const recordType = () =>
    record('retyped', subject, `is ${describeType(oldResolved)}, then ${describeType(newResolved)}`, [party], path)
  if (String(oldSchema['type']) !== String(newSchema['type'])) return recordType()
  if (oldSchema['format'] !== newSchema['format']) recordType()
  if (!oldSchema['nullable'] && newSchema['nullable']) record('retyped', subject, 'can be null', brokenByMore, path)
  if (oldSchema['nullable'] && !newSchema['nullable'])
    record('retyped', subject, 'can no longer be null', brokenByLess, path)
  compareLimits(oldSchema, newSchema, position)
  comparePatterns(oldSchema, newSchema, position)
  compareChoices(choicesOf(oldSchema), choicesOf(newSchema), position)
  const key = `${oldResolved.name} ${newResolved.name}`
  if (oldResolved.name && components.has(key)) return
  const inside = {
    ...position,
    subject: newResolved.name ?? subject,
    components: oldResolved.name ? new Set([...components, key]) : components,
  }
  compareSchemas(oldSchema['items'], newSchema['items'], { ...inside, subject, path: `${path}[]` })
  compareAlternatives(oldSchema, newSchema, position, inside)
  compareAdditionalProperties(oldSchema, newSchema, inside)
  if (oldSchema['properties'] || newSchema['properties'])
    compareProperties(oldSchema, newSchema, inside, oldResolved.name ?? subject)
}

const LIMITS = [
  { keyword: 'maxLength', unlimited: Infinity, words: 'at most', unit: 'characters' },
  { keyword: 'minLength', unlimited: 0, words: 'at least', unit: 'characters' },
  { keyword: 'maxItems', unlimited: Infinity, words: 'at most', unit: 'items' },
  { keyword: 'minItems', unlimited: 0, words: 'at least', unit: 'items' },
  { keyword: 'maximum', unlimited: Infinity, words: 'at most', unit: '' },
  { keyword: 'minimum', unlimited: -Infinity, words: 'at least', unit: '' },
]

function compareLimits(oldSchema: JsonObject, newSchema: JsonObject, position: Position): void {
  const { record, subject, path, brokenByMore, brokenByLess } = position
  for (const { keyword, unlimited, words, unit } of LIMITS) {
    const limitOf = ({ [keyword]: limit }: JsonObject) => (typeof limit === 'number' ? limit : unlimited)
    const describe = (limit: number) =>
      limit === unlimited ? `any number${unit && ` of ${unit}`}` : `${words} ${limit}${unit && ` ${unit}`}`
    const [oldLimit, newLimit] = [limitOf(oldSchema), limitOf(newSchema)]
    if (oldLimit === newLimit) continue
    const isUpperLimit = unlimited === Infinity
    const change = `${unit ? 'has' : 'is'} ${describe(newLimit)}, not ${describe(oldLimit)}`
    record('retyped', subject, change, newLimit > oldLimit === isUpperLimit ? brokenByMore : brokenByLess, path)
  }
}

function comparePatterns(oldSchema: JsonObject, newSchema: JsonObject, position: Position): void {
  const { record, subject, path, brokenByLess } = position
  const [oldPattern, newPattern] = [oldSchema['pattern'], newSchema['pattern']]
  if (oldPattern === newPattern) return
  const describe = (pattern: unknown) => (pattern === undefined ? 'no pattern' : `the pattern ${String(pattern)}`)
  const change = `has ${describe(newPattern)}, not ${describe(oldPattern)}`
  record('retyped', subject, change, newPattern === undefined ? [] : brokenByLess, path)
}

/** Returns the values of an `enum` as JSON; undefined when any value is allowed. */
const choicesOf = ({ enum: values }: JsonObject): string[] | undefined =>
  Array.isArray(values) ? values.map((value) => JSON.stringify(value)) : undefined

/**
 * Compares which values are allowed.
 * @param describe makes the words that stand for a choice in a report
 */
function compareChoices(
  oldChoices: readonly string[] | undefined,
  newChoices: readonly string[] | undefined,
  { record, subject, path, brokenByMore, brokenByLess }: Position,
  describe = (choice: string) => choice,
): void {
  const list = (choices: readonly string[]) => choices.map(describe).join(', ')
  if (!oldChoices && newChoices)
    record('retyped', subject, `can only be one of ${list(newChoices)}`, brokenByLess, path)
  if (oldChoices && !newChoices) record('retyped', subject, 'can be anything', brokenByMore, path)
  if (!oldChoices || !newChoices) return
  const added = newChoices.filter((choice) => !oldChoices.includes(choice))
  const removed = oldChoices.filter((choice) => !newChoices.includes(choice))
  if (added.length) record('retyped', subject, `can also be ${list(added)}`, brokenByMore, path)
  if (removed.length) record('retyped', subject, `can no longer be ${list(removed)}`, brokenByLess, path)
}

/** Compares the schemas of which a value has to fit one. Two of them are the same when their texts are; they are then compared inside. */
function compareAlternatives(oldSchema: JsonObject, newSchema: JsonObject, position: Position, inside: Position): void {
  const describe = (text: string) => describeType(resolve(JSON.parse(text), position.candidate))
  for (const keyword of ['oneOf', 'anyOf']) {
    const [oldTexts, newTexts] = [textsOf(oldSchema[keyword]), textsOf(newSchema[keyword])]
    compareChoices(oldTexts, newTexts, position, describe)
    for (const text of oldTexts ?? [])
      if (newTexts?.includes(text)) compareSchemas(JSON.parse(text), JSON.parse(text), inside)
  }
}

const textsOf = (schemas: unknown): string[] | undefined => (Array.isArray(schemas) ? schemas.map(textOf) : undefined)

/** Returns a schema's text without its prose, which is the same in any order of its keywords. */
const textOf = (schema: unknown): string =>
  JSON.stringify(schema, (key, value: unknown) => {
    if (typeof value === 'string' && (key === 'description' || key === 'title')) return undefined
    if (Array.isArray(value)) return key === 'required' ? value.toSorted() : value
    return isObject(value) ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) : value
  })

/** Compares what may be under the keys that a schema does not name. */
function compareAdditionalProperties(oldSchema: JsonObject, newSchema: JsonObject, position: Position): void {
  const { candidate, record, brokenByMore, brokenByLess } = position
  const [oldValue, newValue] = [additionalPropertiesOf(oldSchema), additionalPropertiesOf(newSchema)]
  if (oldValue === newValue) return
  const [subject, path] = [`${position.subject}.*`, `${position.path}.*`]
  if (oldValue === false) record('retyped', subject, 'can be there', brokenByMore, path)
  else if (newValue === false) record('retyped', subject, 'can no longer be there', brokenByLess, path)
  else if (oldValue === true)
    record('retyped', subject, `can only be ${describeType(resolve(newValue, candidate))}`, brokenByLess, path)
  else if (newValue === true) record('retyped', subject, 'can be anything', brokenByMore, path)
  else compareSchemas(oldValue, newValue, { ...position, subject, path })
}

/** Returns the schema of further keys, true when anything may be under them (as {} says too), and false when there may be none. */
function additionalPropertiesOf(schema: JsonObject): unknown {
  const value = schema['additionalProperties'] ?? true
  return value !== false && Object.keys(value).length === 0 ? true : value
}

/**
 * Compares the keys of two objects.
 * @param oldSubject what had the keys that are gone, because another component may stand in its place now
 */
function compareProperties(oldSchema: JsonObject, newSchema: JsonObject, position: Position, oldSubject: string): void {
  const { baseline, candidate, record, subject, path, party } = position
  const [oldProperties, newProperties] = [toObject(oldSchema['properties']), toObject(newSchema['properties'])]
  const [oldRequired, newRequired] = [requiredOf(oldSchema), requiredOf(newSchema)]
  const oldTypeOf = (key: string) => describeType(resolve(oldProperties[key], baseline))
  const newTypeOf = (key: string) => describeType(resolve(newProperties[key], candidate))
  const added = new Set(Object.keys(newProperties).filter((key) => !Object.hasOwn(oldProperties, key)))
  for (const key of Object.keys(oldProperties)) {
    if (Object.hasOwn(newProperties, key)) continue
    const successor = successorOf(
      key,
      [...added].filter((newKey) => oldTypeOf(key) === newTypeOf(newKey)),
    )
    const [oldKey, oldPath] = [`${oldSubject}.${key}`, `${path}.${key}`]
    if (successor === undefined) {
      record('removed', oldKey, party === 'reader' ? 'is gone' : 'has no effect any more', [party], oldPath)
      continue
    }
    added.delete(successor)
    const usedPath = party === 'writer' && newRequired.has(successor) ? path : undefined
    record('renamed', oldKey, `is now called ${successor}`, [party], oldPath, usedPath)
  }
  for (const key of added)
    // Whoever sends the object has to send the key from now on.
    if (party === 'writer' && newRequired.has(key))
      record('added', `${subject}.${key}`, 'is new and required', ['writer'], `${path}.${key}`, path)
    else record('added', `${subject}.${key}`, `is new: ${newTypeOf(key)}`, [], `${path}.${key}`)
  for (const key of Object.keys(oldProperties)) {
    if (!Object.hasOwn(newProperties, key)) continue
    const inside = { ...position, subject: `${subject}.${key}`, path: `${path}.${key}` }
    compareRequired(oldRequired.has(key), newRequired.has(key), inside, party === 'writer' ? path : inside.path)
    compareSchemas(oldProperties[key], newProperties[key], inside)
  }
}

const requiredOf = ({ required }: JsonObject): ReadonlySet<unknown> => new Set(toList(required))

/** Returns the new key that an old one probably became: of these keys of its type, the one that shares most words with its name. */
function successorOf(key: string, candidates: readonly string[]): string | undefined {
  const words = key.split('_')
  const countShared = (candidate: string) => candidate.split('_').filter((word) => words.includes(word)).length
  const [successor] = candidates
    .filter((candidate) => countShared(candidate) > 0)
    .sort((a, b) => countShared(b) - countShared(a))
  return successor
}

interface ResolvedSchema {
  /** The name of the component that the schema refers to. */
  name?: string | undefined
  schema: JsonObject
}

/** Returns a schema with what its `$ref`, or an `allOf` of one schema, says. */
function resolve(value: unknown, document: Document): ResolvedSchema {
  const schema = toObject(value)
  const [part] = toList(schema['allOf'])
  if (part) {
    const { name, schema: referenced } = resolve(part, document)
    const { allOf: _, ...keywords } = schema
    return { name, schema: { ...referenced, ...keywords } }
  }
  const reference = schema['$ref']
  if (typeof reference !== 'string') return { schema }
  return { name: componentNameOf(reference), schema: toObject(deref(schema, document)) }
}

/** Returns the words for a type: the component's name, `a list of integer`, `string (uuid)`. */
function describeType({ name, schema }: ResolvedSchema): string {
  const { type, format, items, oneOf, anyOf } = schema
  if (type === 'array') {
    const reference = toObject(items)['$ref']
    return `a list of ${reference ? componentNameOf(String(reference)) : describeType({ schema: toObject(items) })}`
  }
  return (
    name ??
    [type ?? (oneOf || anyOf ? 'one of several' : 'anything'), format && `(${format})`].filter(Boolean).join(' ')
  )
}
