/** Reads what drift needs of an OpenAPI document: its operations, their parameters, and what is behind references. */
import { isObject, type JsonObject } from '../../schema/json.ts'

export { isObject }

/** An OpenAPI 3 document, as far as it is compared. */
export type Document = {
  info?: { version?: string }
  servers?: { url: string }[]
  paths: Record<string, Record<string, unknown> | null>
  components?: Record<string, Record<string, JsonObject>>
  security?: unknown
  webhooks?: Record<string, unknown>
  /** The other files that it refers to, by their path from its folder. */
  files?: ReadonlyMap<string, unknown>
}

/** An operation, with the path and method where the document has it. */
export interface DocumentedOperation {
  /** Its operationId where no other operation has the same, otherwise its method and path. */
  id: string
  path: string
  method: string
  operation: JsonObject
  /** What the operation shares with the others of its path. */
  pathItem: JsonObject
  /** The parameters of its path come first, then those of the operation itself. */
  parameters: unknown[]
}

/** A parameter of an operation. */
export interface Parameter {
  /** Where the parameter is sent: `path`, `query`, `header` or `cookie`. */
  location: string
  name: string
  isRequired: boolean
  schema: unknown
  definition: JsonObject
}

/** What is behind a reference, or why nothing is. */
export interface Target {
  value?: unknown
  failure?: string
}

/** Returns the value where it is an object, and an empty object otherwise. */
export const toObject = (value: unknown): JsonObject => (isObject(value) ? value : {})

/** Returns the value where it is a list, and an empty list otherwise. */
export const toList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** The keys of a path item under which an operation stands. */
export const METHODS: ReadonlySet<string> = new Set('get put post delete options head patch trace query'.split(' '))

/** Writes an operation as its method and path, which is how it is asked for. */
export const titleOf = ({ path, method }: Pick<DocumentedOperation, 'path' | 'method'>) =>
  `${method.toUpperCase()} ${path}`

/** Returns the operations of a document. */
export const operationsOf = (document: Document): DocumentedOperation[] => operationsAt(document.paths, document)

/** Returns the operations of path items, which stand under their paths, or under the names of webhooks. */
export function operationsAt(pathItems: Record<string, unknown>, document: Document): DocumentedOperation[] {
  const operations = Object.entries(pathItems).flatMap(([path, value]) => {
    const pathItem = { ...toObject(follow(value, document).value), ...toObject(value) }
    return Object.entries(pathItem)
      .filter(([method, operation]) => METHODS.has(method) && isObject(operation))
      .map(([method, member]) => {
        const operation = toObject(member)
        const parameters = [...toList(pathItem['parameters']), ...toList(operation['parameters'])]
        return { id: titleOf({ path, method }), path, method, operation, pathItem, parameters }
      })
  })
  const counts = new Map<unknown, number>()
  for (const { operation } of operations)
    counts.set(operation['operationId'], (counts.get(operation['operationId']) ?? 0) + 1)
  return operations.map((operation) => {
    const { operationId } = operation.operation
    return operationId && counts.get(operationId) === 1 ? { ...operation, id: String(operationId) } : operation
  })
}

/**
 * Returns the parameters of an operation. A parameter in the path is identified by its position, because its name does
 * not matter to whoever sends the request. A parameter of the operation replaces the same parameter of its path.
 */
export function parametersOf({ path, parameters }: DocumentedOperation, document: Document): Map<string, Parameter> {
  const placeholders: string[] = path.match(/\{[^}]+\}/g) ?? []
  const definitions = parameters.map((parameter) => follow(parameter, document).value).filter(isObject)
  return new Map(
    definitions.map((definition) => {
      const [location, name] = [String(definition['in']), String(definition['name'])]
      const position = location === 'path' ? placeholders.indexOf(`{${name}}`) : -1
      const [content] = Object.values(toObject(definition['content']))
      const schema = definition['schema'] ?? toObject(content)['schema']
      const key = location === 'header' ? name.toLowerCase() : name
      const isRequired = Boolean(definition['required'])
      return [`${location} ${position < 0 ? key : position}`, { location, name, isRequired, schema, definition }]
    }),
  )
}

/** How many references lead to a value. */
const MAX_REFERENCES = 100

/** Returns what a value with a `$ref` refers to in the end, and any other value as it is. */
export function follow(value: unknown, document: Document): Target {
  const references = new Set<string>()
  let current = value
  for (;;) {
    const reference = referenceOf(current)
    if (reference === undefined) return { value: current }
    if (references.has(reference)) return { failure: `refers to ${reference}, which refers to itself` }
    if (references.size > MAX_REFERENCES) return { failure: `refers to ${reference} through very many references` }
    references.add(reference)
    const { value: next, failure } = find(reference, document)
    if (failure !== undefined) return { failure }
    current = next
  }
}

/** Returns the reference of a value; undefined where it has none. */
export function referenceOf(value: unknown): string | undefined {
  const reference = toObject(value)['$ref']
  return typeof reference === 'string' ? reference : undefined
}

/** Finds what a reference names. */
export function find(reference: string, document: Document): Target {
  const [file = '', pointer = ''] = split(reference)
  if (file !== '' && !document.files?.has(file)) {
    const reason = /^[a-z][\w+.-]*:/i.test(file) || !document.files ? 'which is not read' : 'which cannot be read'
    return { failure: `refers to ${reference}, ${reason}` }
  }
  if (pointer !== '' && !decode(pointer).startsWith('/'))
    return { failure: `refers to ${reference} by a name, which is not followed` }
  const root: unknown = file === '' ? document : document.files?.get(file)
  // A file beside a Swagger 2 document still calls the components of that document its definitions.
  for (const path of [pointer, pointer.replace(/^\/definitions\//, '/components/schemas/')]) {
    for (const segments of [segmentsOf(decode(path)), segmentsOf(path)]) {
      const value = valueAt(root, segments)
      if (value !== undefined) return { value }
    }
  }
  return { failure: `refers to ${reference}, which is not there` }
}

/** Takes a reference apart into the file and the pointer in it. */
export function split(reference: string): [file: string, pointer: string] {
  const end = reference.indexOf('#')
  return end < 0 ? [reference, ''] : [reference.slice(0, end), reference.slice(end + 1)]
}

const segmentsOf = (pointer: string) =>
  pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))

function valueAt(root: unknown, segments: readonly string[]): unknown {
  let value = root
  for (const segment of segments) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) return undefined
    value = Reflect.get(value, segment)
  }
  return value
}

/** Decodes what a URL encodes. A text that is not encoded well stays as it is. */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Returns the name of the component that a reference names; undefined where it names a place that is no component. */
export function componentNameOf(reference: string): string | undefined {
  const [file, pointer] = split(reference)
  const segments = segmentsOf(decode(pointer))
  const isComponent = /^\/(components\/schemas|definitions)\/[^/]+$/.test(pointer) || /\/\$defs\/[^/]+$/.test(pointer)
  if (file === '') return isComponent ? segments.at(-1) : undefined
  return segments.at(-1) ?? file.replace(/^.*\//, '').replace(/\.\w+$/, '')
}
