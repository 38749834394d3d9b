/** One documented operation, as a value. */
import type { Call } from './call.ts'
import type { Voice } from './deviation.ts'
import type { Resource } from './resource.ts'
import { component, integer, list, optional, text, type Schema } from './schema.ts'
import type { World } from './world.ts'

/** Who is asking. */
export interface Caller {
  /** The user's pk; undefined for nobody in particular. */
  readonly user: number | undefined
  readonly superuser: boolean
  /** Whether a permission was given, by its codename: `delete_authorizationcode`. */
  may(permission: string): boolean
}

/** What an operation answers from. */
export interface Context {
  world: World
  caller: Caller
  call: Call
  /** The path's parameters, decoded. */
  params: Record<string, string>
  query: URLSearchParams
  /** The key that each filter in the query names, known to exist. */
  filters: Record<string, unknown>
  voice: Voice
}

/** A path, and what authentik says of itself there when asked by OPTIONS. */
export interface View {
  /** As OpenAPI writes it, below the API's prefix: `/oauth2/authorization_codes/{id}/`. */
  path: string
  name: string
  description: string
  /** The model whose permissions guard the path, such as `authorizationcode`. */
  model: string
}

export interface Operation {
  /** authentik's operationId, verbatim. */
  id: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  view: View
  tag: string
  /** What it does, in our words. */
  summary: string
  /** The path's parameters by name: their schema and what they mean. */
  parameters: Record<string, { schema: Schema; description: string }>
  /** Query parameters that name a row by its key; another value is answered with 400. */
  filters?: Record<string, Resource>
  /** Query parameters that are documented, by name. */
  query?: Record<string, { schema: Schema; description: string }>
  /** Answers by status: their schema, or null for no body. */
  responses: Record<number, Schema | null>
  /** The status of the happy answer: the first of the responses. */
  status: number
  /** The body of the happy answer. @throws Problem for any other answer. */
  resolve(context: Context): unknown
}

export const ValidationError = component('ValidationError', { non_field_errors: optional(list(text())), code: optional(text()) }, { additionalProperties: {} })
export const GenericError = component('GenericError', { detail: text(), code: optional(text()) })

/** States an operation; authentik documents 400 and 403 on every one (FACTS 1.3). */
export const operation = (stated: Omit<Operation, 'status'>): Operation => ({
  ...stated,
  status: Number(Object.keys(stated.responses)[0]),
  responses: { ...stated.responses, 400: ValidationError, 403: GenericError },
})

/** The query parameters that every list documents; `search` finds nothing on the grants, but is documented (FACTS 3). */
export const LIST_QUERY: NonNullable<Operation['query']> = {
  ordering: { schema: text(), description: 'A comma list of fields; `-` before one for downwards.' },
  page: { schema: integer(), description: 'Counted from 1.' },
  page_size: { schema: integer(), description: 'How many on a page.' },
  search: { schema: text(), description: 'A word to look for.' },
}
