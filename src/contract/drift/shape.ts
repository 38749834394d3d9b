/** Reads a schema into a shape: what it says, whichever of the ways of OpenAPI 3.0 and 3.1 it says it in. */
import type { JsonObject } from '../../schema/json.ts'
import { componentNameOf, find, isObject, referenceOf, toList, toObject, type Document } from './document.ts'
import { isProse } from './equal.ts'

/** A limit of a value, such as the least number that it can be. */
export interface Limit {
  value: number
  isExclusive: boolean
}

/** What a schema says, with what its references and the parts of its `allOf` say. */
export interface Shape {
  /** The component that it refers to. */
  name: string | undefined
  /** The types of values beside null; undefined where any type is allowed. */
  types: readonly string[] | undefined
  /** Whether the type is stated, or follows from other keywords. */
  isTyped: boolean
  isNullable: boolean
  format: string | undefined
  /** The values that are allowed beside null, as JSON; undefined where any is. */
  choices: readonly string[] | undefined
  /** Whether null is among the values that are listed. */
  listsNull: boolean
  limits: ReadonlyMap<string, Limit>
  patterns: readonly string[]
  divisors: readonly number[]
  hasUniqueItems: boolean
  properties: ReadonlyMap<string, unknown>
  required: ReadonlySet<string>
  /** The schema of further keys; true where anything may be under them, false where there may be none. */
  further: unknown
  items: unknown
  /** The lists of schemas of which a value has to fit some. */
  groups: readonly (readonly unknown[])[]
  /** What a value has to fit beside one of each group. */
  siblings: readonly JsonObject[]
  isReadOnly: boolean
  isWriteOnly: boolean
  isDeprecated: boolean
  /** The keywords that have no place above. */
  rest: ReadonlyMap<string, unknown>
  /** The components that it is put together from. */
  names: readonly string[]
  /** What it refers to in vain. */
  failures: readonly string[]
}

/** A part of a schema: a value has to fit them all. */
interface Part {
  keywords: JsonObject
  /** Whether null is decided elsewhere, by the list of schemas that the part was the only one of. */
  isWithoutNull: boolean
}

/** The parts of a schema, before they are put together. */
interface Parts {
  name: string | undefined
  parts: Part[]
  groups: unknown[][]
  /** Whether it says of all its parts together that they may be null. */
  isNullableAsWhole: boolean
  /** Whether one of its lists of schemas allows null, or another one does not. */
  nullStatements: boolean[]
  names: string[]
  failures: string[]
}

/** How many parts of a schema are read, because parts may refer to each other without an end. */
const MAX_PARTS = 1000

const shapes = new WeakMap<Document, WeakMap<object, Shape>>()

/** Reads a schema. No schema allows what `{}` allows, which is anything. */
export function shapeOf(value: unknown, document: Document): Shape {
  if (!isObject(value)) return toShape(collect(value === false ? { not: {} } : {}, document))
  const shapesOfDocument = shapes.get(document) ?? new WeakMap<object, Shape>()
  shapes.set(document, shapesOfDocument)
  const shape = shapesOfDocument.get(value) ?? toShape(collect(value, document))
  shapesOfDocument.set(value, shape)
  return shape
}

function collect(root: unknown, document: Document): Parts {
  const result: Parts = {
    name: undefined,
    parts: [],
    groups: [],
    isNullableAsWhole: false,
    nullStatements: [],
    names: [],
    failures: [],
  }
  const references = new Set<string>()
  const queue = [{ value: root, isWhole: true, isWithoutNull: false }]
  for (let entry = queue.shift(); entry && result.parts.length < MAX_PARTS; entry = queue.shift()) {
    const { $ref: _, allOf, oneOf, anyOf, ...keywords } = toObject(entry.value)
    const reference = referenceOf(entry.value)
    const parts = toList(allOf)
    const { isWhole, isWithoutNull } = entry
    if (isWhole && saysNullable(keywords)) result.isNullableAsWhole = true
    if (entry.value === false) result.parts.push({ keywords: { not: {} }, isWithoutNull })
    if (Object.keys(keywords).some((keyword) => !isProse(keyword))) result.parts.push({ keywords, isWithoutNull })
    if (reference !== undefined && !references.has(reference)) {
      references.add(reference)
      const { value, failure } = find(reference, document)
      if (failure === undefined) queue.push({ value, isWhole, isWithoutNull })
      else result.failures.push(failure)
      const name = componentNameOf(reference)
      if (name !== undefined) result.names.push(name)
      if (isWhole) result.name ??= name
    } else if (reference !== undefined && result.parts.length === 0 && queue.length === 0)
      result.failures.push(`refers to ${reference}, which refers to itself`)
    for (const part of parts) queue.push({ value: part, isWhole: isWhole && parts.length === 1, isWithoutNull })
    for (const alternatives of [oneOf, anyOf].filter(Array.isArray)) {
      const rest = alternatives.filter((alternative: unknown) => !isNull(alternative, document))
      const hasNull = rest.length < alternatives.length
      const [first] = rest
      const choices = rest.length > 1 ? enumerationOf(rest, document) : undefined
      if (choices) {
        result.parts.push({ keywords: choices.keywords, isWithoutNull: true })
        result.names.push(...choices.names)
      } else if (rest.length === 1)
        queue.push({ value: first, isWhole: isWhole && !parts.length, isWithoutNull: hasNull })
      else if (rest.length > 0) result.groups.push(rest)
      if (hasNull && rest.length === 1 && isWhole) result.isNullableAsWhole = true
      if (hasNull || rest.length > 1)
        result.nullStatements.push(hasNull || rest.some((alternative) => allowsNull(alternative, document)))
    }
  }
  return result
}

/** Returns the one enumeration that several are, each of which a value may be of; undefined where some are more. */
function enumerationOf(schemas: readonly unknown[], document: Document) {
  const list = schemas.map((schema) => keywordsOf(schema, document))
  const isEnumeration = (keywords: JsonObject) =>
    valuesOf(keywords) && Object.keys(keywords).every((key) => isProse(key) || /^(type|enum|const|nullable)$/.test(key))
  if (!list.every(isEnumeration)) return undefined
  const names = schemas.flatMap((schema) => componentNameOf(referenceOf(schema) ?? '') ?? [])
  const values = [...new Set(list.flatMap((keywords) => valuesOf(keywords) ?? []))]
  const types = new Set(values.filter((value) => value !== null).map(typeOfValue))
  const isTyped = list.some(({ type }) => type !== undefined)
  return { keywords: { enum: values, ...(isTyped && { type: [...types] }) }, names }
}

/** Tells whether a schema allows null and nothing else. */
function isNull(schema: unknown, document: Document): boolean {
  const keywords = keywordsOf(schema, document)
  const values = valuesOf(keywords)
  return values ? values.length > 0 && values.every((value) => value === null) : typesIn(keywords).join() === 'null'
}

function allowsNull(schema: unknown, document: Document): boolean {
  const keywords = keywordsOf(schema, document)
  return saysNullable(keywords) || typesIn(keywords).includes('null') || Boolean(valuesOf(keywords)?.includes(null))
}

/** Returns the keywords of a schema, or those of the component that it refers to. */
function keywordsOf(schema: unknown, document: Document): JsonObject {
  let keywords = toObject(schema)
  for (let step = 0; step < 100; step++) {
    const reference = referenceOf(keywords)
    if (reference === undefined) break
    keywords = toObject(find(reference, document).value)
  }
  return keywords
}

const saysNullable = ({ nullable, 'x-nullable': extension }: JsonObject) => nullable === true || extension === true

const typesIn = ({ type }: JsonObject): string[] => (type === undefined ? [] : [type].flat().map(String))

/** Returns the values that a schema lists; undefined where it lists none. */
function valuesOf(keywords: JsonObject): unknown[] | undefined {
  if (Array.isArray(keywords['enum'])) return keywords['enum']
  return Object.hasOwn(keywords, 'const') ? [keywords['const']] : undefined
}

const isBinary = ({ contentMediaType, contentEncoding }: JsonObject) =>
  contentMediaType === 'application/octet-stream' && contentEncoding === undefined

/** Whether no value fits, which is what the schema false says. */
const allowsNothing = ({ not }: JsonObject) => not === true || (isObject(not) && Object.keys(not).length === 0)

/** Finds the types beside null that a part allows, and whether it states them. */
function findTypes(keywords: JsonObject): { types: string[] | undefined; isTyped: boolean } {
  if (allowsNothing(keywords)) return { types: [], isTyped: true }
  const statedTypes = typesIn(keywords)
  if (statedTypes.length) return { types: statedTypes.filter((type) => type !== 'null'), isTyped: true }
  if (isBinary(keywords)) return { types: ['string'], isTyped: true }
  const hasSome = (...names: string[]) => names.some((name) => Object.hasOwn(keywords, name))
  const values = valuesOf(keywords)?.filter((value) => value !== null)
  if (values?.length) return { types: [...new Set(values.map(typeOfValue))], isTyped: false }
  if (hasSome('properties', 'additionalProperties', 'patternProperties', 'required'))
    return { types: ['object'], isTyped: false }
  return { types: hasSome('items', 'prefixItems') ? ['array'] : undefined, isTyped: false }
}

function typeOfValue(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

/** Tells whether a part allows null, forbids it, or does not say. */
function nullStatementOf({ keywords, isWithoutNull }: Part): boolean | undefined {
  if (allowsNothing(keywords)) return false
  if (saysNullable(keywords)) return true
  if (isWithoutNull) return undefined
  if (keywords['type'] !== undefined) return typesIn(keywords).includes('null')
  const values = valuesOf(keywords)
  if (values) return values.includes(null)
  return findTypes(keywords).types ? false : undefined
}

function toShape({ name, parts, groups, isNullableAsWhole, nullStatements, names, failures }: Parts): Shape {
  const schemas = parts.map(({ keywords }) => keywords)
  const typings = schemas.map(findTypes)
  const types = typings.map((typing) => typing.types).reduce(intersectTypes, undefined)
  const values = schemas.flatMap((keywords) => valuesOf(keywords) ?? [])
  const statements = [...nullStatements, ...parts.map(nullStatementOf)]
  const says = (keyword: string) => schemas.some((keywords) => keywords[keyword] === true)
  const collectList = (keyword: string) =>
    schemas.flatMap(({ [keyword]: value }) => (value === undefined ? [] : [value]))
  return {
    name,
    types,
    isTyped: typings.some(({ isTyped }) => isTyped),
    isNullable: isNullableAsWhole || !statements.includes(false),
    format: schemas.flatMap(formatsOf).toSorted().join(', ') || undefined,
    choices: schemas.map(choicesOf).reduce(intersect, undefined),
    listsNull: values.includes(null),
    limits: limitsOf(schemas, types?.join() === 'integer'),
    patterns: [...new Set(collectList('pattern').map(String))].toSorted(),
    divisors: collectList('multipleOf').map(Number).toSorted(),
    hasUniqueItems: says('uniqueItems'),
    properties: propertiesOf(schemas),
    required: new Set(schemas.flatMap(({ required }) => toList(required).map(String))),
    further: furtherOf(schemas),
    items: joined(collectList('items').filter((items) => !Array.isArray(items) && items !== true)),
    groups,
    siblings: schemas,
    isReadOnly: says('readOnly'),
    isWriteOnly: says('writeOnly'),
    isDeprecated: says('deprecated'),
    rest: restOf(schemas),
    names,
    failures,
  }
}

/** Returns one schema in place of several that all have to fit. */
const joined = (schemas: readonly unknown[]): unknown => (schemas.length > 1 ? { allOf: schemas } : schemas[0])

function intersect(a: readonly string[] | undefined, b: readonly string[] | undefined): readonly string[] | undefined {
  return a && b ? a.filter((member) => b.includes(member)) : (a ?? b)
}

/** An integer is a number too. */
function intersectTypes(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
): readonly string[] | undefined {
  if (!a || !b) return (a ?? b)?.toSorted()
  const isIn = (type: string, types: readonly string[]) =>
    types.includes(type) || (type === 'integer' && types.includes('number'))
  return [...new Set([...a.filter((type) => isIn(type, b)), ...b.filter((type) => isIn(type, a))])].toSorted()
}

function choicesOf(keywords: JsonObject): string[] | undefined {
  return valuesOf(keywords)
    ?.filter((value) => value !== null)
    .map((value) => JSON.stringify(value))
}

function formatsOf(keywords: JsonObject): string[] {
  if (isBinary(keywords)) return ['binary']
  if (keywords['contentEncoding'] === 'base64') return ['byte']
  return typeof keywords['format'] === 'string' ? [keywords['format']] : []
}

/** The keywords that limit a value, and whether they say how large it may be. */
export const LIMITS: ReadonlyMap<string, { isUpper: boolean; unit: string }> = new Map([
  ['maxLength', { isUpper: true, unit: 'characters' }],
  ['minLength', { isUpper: false, unit: 'characters' }],
  ['maxItems', { isUpper: true, unit: 'items' }],
  ['minItems', { isUpper: false, unit: 'items' }],
  ['maxProperties', { isUpper: true, unit: 'keys' }],
  ['minProperties', { isUpper: false, unit: 'keys' }],
  ['maximum', { isUpper: true, unit: '' }],
  ['minimum', { isUpper: false, unit: '' }],
])

/** Whether a limit allows less than another; no limit allows the most. */
export function isTighter(a: Limit | undefined, b: Limit | undefined, isUpper: boolean): boolean {
  if (!a || !b) return Boolean(a)
  if (a.value === b.value) return a.isExclusive && !b.isExclusive
  return isUpper ? a.value < b.value : a.value > b.value
}

/** Returns the tightest limit of each kind. One that every value keeps is none. */
function limitsOf(schemas: readonly JsonObject[], areIntegers: boolean): Map<string, Limit> {
  const limits = new Map<string, Limit>()
  for (const keywords of schemas)
    for (const [keyword, { isUpper, unit }] of LIMITS) {
      const exclusive = keywords[keyword === 'maximum' ? 'exclusiveMaximum' : 'exclusiveMinimum']
      const isNumeric = unit === ''
      // In 3.0 the exclusive keyword stands beside the number; in 3.1 it is the number.
      const statedLimits: Limit[] = [
        { value: Number(keywords[keyword] ?? NaN), isExclusive: isNumeric && exclusive === true },
        { value: isNumeric && typeof exclusive === 'number' ? exclusive : NaN, isExclusive: true },
      ]
      for (const limit of statedLimits) {
        // An integer that is more than 0 is at least 1.
        if (areIntegers && limit.isExclusive && Number.isInteger(limit.value))
          Object.assign(limit, { value: limit.value + (isUpper ? -1 : 1), isExclusive: false })
        if (Number.isNaN(limit.value) || (!isUpper && !isNumeric && limit.value <= 0)) continue
        if (isTighter(limit, limits.get(keyword), isUpper)) limits.set(keyword, limit)
      }
    }
  return limits
}

function propertiesOf(schemas: readonly JsonObject[]): Map<string, unknown> {
  const lists = new Map<string, unknown[]>()
  for (const { properties } of schemas)
    for (const [key, value] of Object.entries(toObject(properties))) lists.set(key, [...(lists.get(key) ?? []), value])
  return new Map([...lists].map(([key, values]) => [key, joined(values)]))
}

/** `{}` says of further keys what true says. */
function furtherOf(schemas: readonly JsonObject[]): unknown {
  const statedSchemas = schemas
    .flatMap(({ additionalProperties, unevaluatedProperties }) => [additionalProperties, unevaluatedProperties])
    .filter((value) => value === false || (isObject(value) && Object.keys(value).length > 0))
  return statedSchemas.includes(false) ? false : (joined(statedSchemas) ?? true)
}

/** The keywords that a shape has a place for. What definitions stand for is found through the references to them. */
const PLACED: ReadonlySet<string> = new Set(
  [
    'type nullable x-nullable format enum const pattern multipleOf uniqueItems items properties required',
    'additionalProperties unevaluatedProperties readOnly writeOnly deprecated exclusiveMaximum exclusiveMinimum',
    '$defs definitions $schema $id $anchor',
    ...LIMITS.keys(),
  ].flatMap((line) => line.split(' ')),
)

function restOf(schemas: readonly JsonObject[]): Map<string, unknown> {
  const rest = new Map<string, unknown>()
  for (const keywords of schemas)
    for (const [keyword, value] of Object.entries(keywords)) {
      const isTuple = keyword === 'items' && Array.isArray(value)
      const isPlaced =
        PLACED.has(keyword) ||
        (keyword === 'not' && allowsNothing(keywords)) ||
        (keyword === 'contentMediaType' && isBinary(keywords))
      if (isProse(keyword) || (isPlaced && !isTuple) || (keyword === 'contentEncoding' && value === 'base64')) continue
      rest.set(keyword, rest.has(keyword) ? [rest.get(keyword), value] : value)
    }
  return rest
}

/** Returns the words for a type: the component's name, `a list of integer`, `string (uuid)`. */
export function describeType({ name, types, isNullable, format, items, groups }: Shape, document: Document): string {
  if (types?.length === 1 && types[0] === 'array') {
    const inner = shapeOf(items, document)
    // A list may be a list of itself.
    const isList = inner.types?.includes('array')
    return `a list of ${inner.name ?? (isList ? 'lists' : describeType(inner, document))}`
  }
  const words = types
    ? types.join(' or ') || (isNullable ? 'null' : 'nothing')
    : groups.length
      ? 'one of several'
      : 'anything'
  return name ?? [words, format && `(${format})`].filter(Boolean).join(' ')
}
