/** Compares what requests and answers carry: their bodies in each media type, and the headers of answers. */
import type { Comparison, Party } from './difference.ts'
import { follow, toObject, type Document } from './document.ts'
import { isProse } from './equal.ts'
import type { Position } from './position.ts'
import { compareRequired, compareSchemas } from './schemas.ts'

/** Makes the position at which a comparison of schemas starts. */
export const positionOf = (comparison: Comparison, subject: string, path: string, party: Party): Position => ({
  ...comparison,
  subject,
  path,
  party,
  brokenByMore: party === 'reader' ? [party] : [],
  brokenByLess: party === 'writer' ? [party] : [],
  components: new Set(),
  depth: 0,
})

/** Returns what is behind a reference on both sides. A reference in vain is recorded, and nothing is behind it. */
export function followBoth(oldValue: unknown, newValue: unknown, position: Position): [unknown, unknown] {
  const { baseline, candidate, record, subject, path } = position
  const resolve = (value: unknown, document: Document) => {
    const { value: target, failure } = follow(value, document)
    if (failure !== undefined) record('uncompared', subject, failure, [], path, '')
    return target
  }
  return [resolve(oldValue, baseline), resolve(newValue, candidate)]
}

/** Compares the members of two objects that have no meaning here, only to say which of them are not the same. */
export function compareRest(oldValue: object, newValue: object, keys: string, position: Position): void {
  const compared = new Set(keys.split(' '))
  const rest = [...Object.keys(oldValue), ...Object.keys(newValue)].filter((key) => !compared.has(key) && !isProse(key))
  for (const key of new Set(rest))
    if (!position.isEqual(Reflect.get(oldValue, key), Reflect.get(newValue, key)))
      position.record('uncompared', position.subject, `differs in "${key}"`, [], position.path, '')
}

/** Compares what two answers, or two request bodies, are in each media type. */
export function compareContents(oldMessage: unknown, newMessage: unknown, position: Position): void {
  const { record, subject, path, party } = position
  const [oldTypes, newTypes] = [contentsOf(oldMessage), contentsOf(newMessage)]
  const hasJson = [...oldTypes.keys(), ...newTypes.keys()].some(isJson)
  const added = new Set(newTypes.keys())
  for (const [type, oldContent] of oldTypes) {
    const newType = newTypes.has(type) ? type : [...newTypes.keys()].find((candidate) => includes(candidate, type))
    const place = isJson(type) ? path : path.replace('$', `${type} $`)
    if (newType === undefined) {
      record('removed', subject, isJson(type) ? 'is no longer JSON' : `can no longer be ${type}`, [party], path, path)
      continue
    }
    added.delete(newType)
    // A pact says what is in JSON. Whoever uses an operation that has none is told of what else it has.
    const usedPath = isJson(type) || hasJson ? undefined : path
    const inside: Position = {
      ...position,
      path: place,
      record: (kind, name, change, breaks, innerPath) => record(kind, name, change, breaks, innerPath, usedPath),
    }
    const inJson: Position = usedPath === undefined ? { ...position, path: place } : inside
    const newContent = newTypes.get(newType)
    compareSchemas(schemaOf(oldContent), schemaOf(newContent), inJson)
    compareRest(toObject(oldContent), toObject(newContent), 'schema', inJson)
  }
  for (const type of added) record('added', subject, isJson(type) ? 'is JSON now' : `can be ${type}`, [], path)
}

/** Returns what a message has in each media type. Its parameters, such as a charset, matter where only they differ. */
function contentsOf(message: unknown): Map<string, unknown> {
  const contents = Object.entries(toObject(toObject(message)['content']))
  const typeOf = (text: string) => text.replace(/;.*/s, '').trim().toLowerCase()
  const isAlone = (text: string) => contents.filter(([key]) => typeOf(key) === typeOf(text)).length === 1
  return new Map(
    contents.map(([key, content]) => [isAlone(key) ? typeOf(key) : key.replaceAll(' ', '').toLowerCase(), content]),
  )
}

/** Returns the schema of a body. Bytes, which 3.0 calls a text of the format binary, have none in OpenAPI 3.1. */
function schemaOf(content: unknown): unknown {
  const { schema } = toObject(content)
  const { type, format, ...rest } = toObject(schema)
  return type === 'string' && format === 'binary' && Object.keys(rest).every(isProse) ? {} : schema
}

const isJson = (type: string) => type === 'application/json'

/** Whether a range of media types, such as `text/*`, has a type in it. */
const includes = (range: string, type: string) =>
  range === '*/*' || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)))

/** Compares the headers of two answers. */
export function compareHeaders(oldMessage: unknown, newMessage: unknown, position: Position): void {
  const headersOf = (message: unknown) =>
    new Map(
      Object.entries(toObject(toObject(message)['headers'])).map(([name, header]) => [name.toLowerCase(), header]),
    )
  const [oldHeaders, newHeaders] = [headersOf(oldMessage), headersOf(newMessage)]
  for (const name of new Set([...oldHeaders.keys(), ...newHeaders.keys()])) {
    const path = position.path.replace('$', `header ${name}`)
    const subject = `${position.subject} header ${name}`
    const record: Position['record'] = (kind, key, change, breaks, place) =>
      position.record(kind, key, change, breaks, place, '')
    const inside: Position = { ...position, subject, path, record }
    if (!newHeaders.has(name)) record('removed', subject, 'is gone', [position.party], path)
    else if (!oldHeaders.has(name)) record('added', subject, 'is new', [], path)
    else {
      const [oldHeader, newHeader] = followBoth(oldHeaders.get(name), newHeaders.get(name), inside).map(toObject)
      if (!oldHeader || !newHeader) continue
      compareRequired(Boolean(oldHeader['required']), Boolean(newHeader['required']), inside)
      compareSchemas(oldHeader['schema'], newHeader['schema'], inside)
      compareRest(oldHeader, newHeader, 'schema required', inside)
    }
  }
}
