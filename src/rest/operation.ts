/** One documented operation, as a value. */
import type { Call, Reply } from '../http/message.ts'
import { component, integer, list, optional, text, type Schema } from '../schema/words.ts'
import { once, readOnce } from '../schema/lazily.ts'
import type { Resource } from '../store/resource.ts'
import type { Key } from '../store/table.ts'
import type { World } from '../store/world.ts'
import type { Behaviour } from './behaviour.ts'
import type { Filter } from './filters.ts'
import type { Renderer } from './negotiate.ts'

/** Who is asking. */
export interface Caller {
  /** The user's pk; undefined for nobody in particular. */
  readonly user: number | undefined
  readonly superuser: boolean
  /** Whether it is one of authentik's own service accounts, which are shown nothing rather than refused. */
  readonly internal: boolean
  /**
   * Whether a permission was given, by its codename: `delete_authorizationcode`.
   * @param object the key of a row, for which alone it may have been given too
   */
  may(permission: string, object?: Key): boolean
  /** The keys of the rows for which alone a permission was given, as texts. */
  objects(permission: string): ReadonlySet<string>
}

/** What one release of authentik is: the operations it documents, and how it goes about them. */
export interface Release {
  /** Such as `2024.8.3`. */
  version: string
  operations: readonly Operation[]
  behaviour: Behaviour
}

/** Writes answers. */
export interface Serializer {
  /** A row, or rows, in JSON as the schema of the release has them: its keys, in its order. */
  serialize(schema: Schema, value: unknown, context: Context): string
  /** Whether a deviation is part of it, by its id: for what is more than another value of a component. */
  has(deviation: string): boolean
}

/** What an operation answers from. */
export interface Context {
  world: World
  caller: Caller
  call: Call
  /** The path's parameters, decoded. */
  params: Record<string, string>
  query: URLSearchParams
  serializer: Serializer
  release: Release
  /** The operation itself, as the release has it. */
  operation: Operation
  /** Notes that a row was written; `previous` is what it was before a body said what it has in its lists. */
  audit?:
    | ((change: Change, resource: Resource, row: object, context: Context, previous?: object) => unknown)
    | undefined
}

/** What was done to a row. */
export type Change = 'created' | 'updated' | 'deleted'

/** The methods that operations have. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A path, and what authentik says of itself there when asked by OPTIONS. */
export interface View {
  /** As OpenAPI writes it, below the API's prefix: `/oauth2/authorization_codes/{id}/`. */
  path: string
  name: string
  description: string
  /** The model whose permissions guard the path, such as `authorizationcode`. */
  model?: string
  /** Whom no permission is asked of: every user, everybody, or every user of their own rows, which is found out late. */
  open?: 'users' | 'everybody' | 'owners'
  /** Methods that authentik has on this path, and the mock does not. */
  missing?: readonly Method[]
  /** The row that the path names, which those methods would look for first. @throws Problem 403, 404 */
  find?(context: Context): unknown
  /** Loads name and description, where they stand elsewhere. */
  describe?(): Promise<Pick<View, 'name' | 'description'>>
  /** Whether its parameters may have a dot. */
  mayHaveDots?: boolean
  /** What OPTIONS says of the fields of a body, to who may send one. @param post the operation that takes it */
  describeBody?(post: Operation): Promise<object>
  /** What an answer can be written as. @default JSON alone */
  renderers?: readonly Renderer[]
}

/** One documented operation. */
export interface Operation<Id extends string = string> {
  /** authentik's operationId, verbatim. */
  id: Id
  method: Method
  view: View
  tag: string
  /** What it does, in our words. */
  summary: string
  /** The path's parameters by name: their schema and what they mean. */
  parameters: Record<string, Documented>
  /** Query parameters that narrow down a list. */
  filters?: Record<string, Filter>
  /** Other query parameters that are documented, by name. */
  query?: Record<string, Documented>
  /** The body that is asked for. */
  body?: Schema | undefined
  /** Ways to authenticate that are documented beside the bearer token. */
  schemes?: readonly string[]
  /** Answers by status: their schema, or null for no body. */
  responses: Record<number, Schema | null>
  /** The status of the happy answer: the first of the responses. */
  status: number
  /** What servers answer otherwise than documented when all is well: another status, or a body that is written as it is. */
  observed?(context: Context): { status?: number; isPlain?: boolean } | undefined
  /** The resource that must have a row for it to answer with something. */
  resource?: Resource
  /** The lines of releases that have it, such as `2025.4-`. @default every line */
  lines?: string
  /** Whether its answers are documented in outline alone, so that no document has it. */
  isOutline?: boolean
  /** Whether it manages authentik, so that no contract is about it, and it is built when it is first asked for. */
  manages?: boolean
  /** Headers of the happy answer beside those that every answer has. */
  headers?(context: Context, format: string): Reply['headers']
  /** The body of the happy answer: rows, which are serialized. @throws Problem for any other answer */
  resolve(context: Context): unknown
}

/** A parameter as it is documented. */
export interface Documented {
  schema: Schema
  description?: string
  /** Whether the document does not say how a list is written, where it says so of others. */
  isBareList?: boolean
  /** Whether a query must have it. */
  isRequired?: boolean
}

/** The body of a 400. */
export const ValidationError = component(
  'ValidationError',
  { non_field_errors: optional(list(text())), code: optional(text()) },
  { additionalProperties: {} },
)

/** The body of a 403. */
export const GenericError = component('GenericError', { detail: text(), code: optional(text()) })

/** States an operation; authentik documents 400 and 403 on every one. What it has getters for is made when it is asked for. */
export function operation<Id extends string>(definition: Omit<Operation<Id>, 'status'>): Operation<Id> {
  const { value, get = () => value } = Object.getOwnPropertyDescriptor(definition, 'responses') ?? {}
  const responses = once((): Operation['responses'] => get.call(definition))
  return readOnce(
    Object.defineProperties(definition as Operation<Id>, {
      status: { ...LASTING, get: () => Number(Object.keys(responses())[0]) },
      responses: { ...LASTING, get: () => ({ 400: ValidationError, 403: GenericError, ...responses() }) },
    }),
  )
}

const LASTING = { enumerable: true, configurable: true }

/** The query parameters that every list documents; `search` finds nothing on the grants, but is documented. */
export const LIST_QUERY: NonNullable<Operation['query']> = {
  ordering: { schema: text(), description: 'A comma list of fields; `-` before one for downwards.' },
  page: { schema: integer(), description: 'Counted from 1.' },
  page_size: { schema: integer(), description: 'How many on a page.' },
  search: { schema: text(), description: 'A word to look for.' },
}
