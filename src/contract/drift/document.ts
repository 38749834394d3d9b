/** Reads what drift needs of an OpenAPI document: its operations, their parameters, and the definitions behind references. */
import type { JsonObject } from '../../schema/json.ts'

/** An OpenAPI 3.0 document, as far as it is compared. */
export type Document = {
  info?: { version?: string }
  servers?: { url: string }[]
  paths: Record<string, Record<string, unknown> | null>
  components?: Record<string, Record<string, JsonObject>>
}

/** An operation, with the path and method where the document has it. */
export interface DocumentedOperation {
  path: string
  method: string
  operation: JsonObject
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
}

/** Tells whether a parsed value is an object, whose members may be anything. */
export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null

/** Returns the value where it is an object, and an empty object otherwise. */
export const toObject = (value: unknown): JsonObject => (isObject(value) ? value : {})

/** Returns the value where it is a list, and an empty list otherwise. */
export const toList = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** Returns the operations of a document by their operationId. An operation without one is left out. */
export function operationsOf({ paths }: Document): Map<string, DocumentedOperation> {
  const operations = new Map<string, DocumentedOperation>()
  for (const [path, pathItem] of Object.entries(paths))
    for (const [method, member] of Object.entries(pathItem ?? {})) {
      const operation = toObject(member)
      if (operation['operationId'])
        operations.set(String(operation['operationId']), {
          path,
          method,
          operation,
          parameters: [pathItem?.['parameters'], operation['parameters']].flat(),
        })
    }
  return operations
}

/**
 * Returns the parameters of an operation. A parameter in the path is identified by its position, because its name does
 * not matter to whoever sends the request. A parameter of the operation replaces the same parameter of its path.
 */
export function parametersOf({ path, parameters }: DocumentedOperation, document: Document): Map<string, Parameter> {
  const placeholders: string[] = path.match(/\{[^}]+\}/g) ?? []
  const definitions = parameters
    .map((parameter) => deref(parameter, document))
    .filter(Boolean)
    .map(toObject)
  return new Map(
    definitions.map((definition) => {
      const [location, name] = [String(definition['in']), String(definition['name'])]
      const position = location === 'path' ? placeholders.indexOf(`{${name}}`) : -1
      const parameter = { location, name, isRequired: Boolean(definition['required']), schema: definition['schema'] }
      return [`${location} ${position < 0 ? name : position}`, parameter]
    }),
  )
}

/** Returns what a `$ref` refers to, {} when the document does not have it, and any other value as it is. */
export function deref(value: unknown, document: Document): unknown {
  const reference = toObject(value)['$ref']
  if (typeof reference !== 'string') return value
  const [, , kind = '', name = ''] = reference.split('/')
  return document.components?.[kind]?.[name] ?? {}
}

/** Returns the name of the component that a `$ref` refers to. */
export const componentNameOf = (reference: string) => reference.slice(reference.lastIndexOf('/') + 1)
