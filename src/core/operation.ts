/** One documented operation, as a value. */
import type { Call } from './call.ts'
import type { Resource } from './resource.ts'
import { component, list, optional, text, type Schema } from './schema.ts'
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
}

/** A path, and what authentik says of itself there when asked by OPTIONS. */
export interface View {
  /** As OpenAPI writes it, below the API's prefix: `/oauth2/authorization_codes/{id}/`. */
  path: string
  name: string
  description: string
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
  /** Answers by status: their schema, or null for no body. */
  responses: Record<number, Schema | null>
  /** The body of the first of the responses. @throws Problem for any other answer. */
  resolve(context: Context): unknown
}

export const ValidationError = component('ValidationError', { non_field_errors: optional(list(text())), code: optional(text()) }, { additionalProperties: {} })
export const GenericError = component('GenericError', { detail: text(), code: optional(text()) })

/** States an operation; authentik documents 400 and 403 on every one (FACTS 1.3). */
export const operation = (stated: Operation): Operation => ({ ...stated, responses: { ...stated.responses, 400: ValidationError, 403: GenericError } })
