/** A ready interaction for each operation that reads: what is asked of authentik, in which state, and what it answers. */
import type { OperationId } from '../../authentik/resources/index.ts'
import type { Field } from '../../rest/field.ts'
import type { Operation, Release } from '../../rest/operation.ts'
import { copyOf, isObject, quote, readKey } from '../../schema/json.ts'
import { anyObject, toOpenApi, type Schema } from '../../schema/words.ts'
import { hasIntegerKey } from '../../store/resource.ts'
import { resourceStates, type ProviderState } from './states.ts'
import { escape, FORMATS, MADE_UP, toTemplate, type Template } from './template.ts'

/** A value for pact-js that a regular expression matches, and that a state of the provider may put another in place of. */
export interface Matched {
  'pact:matcher:type': 'regex'
  regex: string
  value: string
  'pact:generator:type'?: 'ProviderState'
  expression?: string
}

/** One question and its answer, as data. */
export interface Interaction {
  operationId: string
  /** What Pact knows it by. */
  description: string
  states: readonly ProviderState[]
  request: {
    method: 'GET'
    path: string | Matched
    query: Record<string, string>
    headers: Record<string, string | Matched>
  }
  response: { status: number; body: Template }
}

/** Ready interactions by authentik's operationId: one for each operation that reads. */
export type Interactions = {
  readonly [Id in Exclude<Extract<OperationId, `${string}_${'list' | 'retrieve'}`>, Managing>]: Interaction
}

/** What is asked by GET in releases until 2024.2, though it makes something. */
type Managing = `core_users_recovery_${string}`

/** The ready interactions of a release. */
export function interactionsOf({ operations, behaviour }: Release): Interactions {
  const server = behaviour.serverUrl.replace(/\/$/, '')
  const reading = operations.filter(({ method, manages }) => method === 'GET' && !manages)
  return Object.fromEntries(
    reading.map((operation) => [operation.id, toInteraction(operation, server, exampleStates(operation))]),
  ) as Interactions
}

/** The state in which an operation answers with something: that there is a row. */
function exampleStates({ resource }: Operation): ProviderState[] {
  const states = resourceStates.find((candidate) => candidate.resource.name === resource?.name)
  if (!states) return []
  const { present, key, resource: subject } = states
  const pk = hasIntegerKey(subject) ? 1 : String(MADE_UP['uuid'])
  const keyField = Object.entries<Field>(subject.fields).find(([field]) => field === key)?.[1]
  const isUuid = keyField && toOpenApi(keyField.schema).format === 'uuid'
  const slug = subject.names?.noun.toLowerCase().replaceAll(' ', '-')
  const example = key === 'id' ? pk : isUuid ? String(MADE_UP['uuid']) : slug
  const expiry = 'is_expired' in subject.fields ? { expiry: 'live' } : {}
  return [{ name: present, params: { [key]: example, ...expiry } } as unknown as ProviderState]
}

function toInteraction(operation: Operation, server: string, states: readonly ProviderState[]): Interaction {
  const { id, view, status, responses } = operation
  return {
    operationId: id,
    description: `a request for ${id}`,
    states,
    request: {
      method: 'GET',
      path: toPath(operation, server, Object.assign({}, ...states.map(({ params }) => params))),
      query: {},
      headers: {
        // Where authentik knows other forms too, it takes another unless told.
        ...(view.renderers ? { Accept: 'application/json' } : {}),
        ...(view.open === 'everybody'
          ? {}
          : { Authorization: { 'pact:matcher:type': 'regex', regex: '^Bearer .+$', value: 'Bearer a-token' } }),
      },
    },
    response: { status, body: toTemplate(responses[status] ?? anyObject(), undefined) },
  }
}

/** A path whose parameters follow from the state; authentik names a group's id after its model, the state does not. */
function toPath(
  { view, parameters }: Operation,
  server: string,
  params: Record<string, string | number>,
): string | Matched {
  if (!Object.keys(parameters).length) return `${server}${view.path}`
  const parts = `${server}${view.path}`.split(/\{(\w+)\}/)
  const fill = (put: (name: string) => string, fixed = (text: string) => text) =>
    parts.map((part, index) => (index % 2 ? put(part) : fixed(part))).join('')
  const nameIn = (name: string) => (name in params ? name : 'id')
  return {
    'pact:matcher:type': 'regex',
    regex: `^${fill((name) => toSegment(parameters[name]?.schema ?? anyObject()), escape)}$`,
    value: fill((name) => String(params[nameIn(name)])),
    'pact:generator:type': 'ProviderState',
    expression: fill((name) => `\${${nameIn(name)}}`),
  }
}

/** What stands between two slashes. */
function toSegment(schema: Schema): string {
  const { type, format } = toOpenApi(schema)
  return type === 'integer' ? '[0-9]+' : (FORMATS[String(format)] ?? '[^/]+')
}

// ---- pact-js, as far as it concerns us

interface Unconfigured<Ready> {
  given(name: string, params?: Record<string, string | number>): Unconfigured<Ready>
  uponReceiving(description: string): Unconfigured<Ready>
  withRequest(
    method: string,
    path: string | Matched,
    build?: (request: RequestBuilder) => void,
  ): { willRespondWith(status: number, build?: (response: ResponseBuilder) => void): Ready }
}
interface RequestBuilder {
  query(query: Record<string, string>): unknown
  headers(headers: Record<string, string | Matched>): unknown
}
interface ResponseBuilder {
  jsonBody(body: unknown): unknown
}

/**
 * Adds an interaction to a pact.
 * @param pact a `PactV4` of pact-js
 * @returns what pact-js returns for it, of which `executeTest` is then called
 */
export function addTo<Ready>(pact: { addInteraction(): Unconfigured<Ready> }, added: Interaction): Ready {
  if (typeof readKey(pact, 'addInteraction') !== 'function')
    throw new TypeError('Failed to add an interaction: the first argument is no pact. Give a PactV4 of pact-js.')
  const { states, description, request, response }: Partial<Interaction> = copyOf(added) ?? {}
  if (!Array.isArray(states) || description === undefined || !isObject(request) || !isObject(response))
    throw new TypeError(
      `Failed to add an interaction: the second argument is ${quote(added)}. Give one that the release has, such as interactions.core_users_retrieve.`,
    )
  const interaction = pact.addInteraction()
  for (const { name, params } of states) interaction.given(name, params)
  return interaction
    .uponReceiving(description)
    .withRequest(request.method, request.path, (builder) => {
      builder.query(request.query)
      builder.headers(request.headers)
    })
    .willRespondWith(response.status, (builder) => {
      builder.jsonBody(response.body)
    })
}
