/** A ready interaction for each operation that reads: what is asked of authentik, in which state, and what it answers. */
import type { Operation } from '../../rest/operation.ts'
import type { Release } from '../../rest/operation.ts'
import { toOpenApi, type Schema } from '../../schema/words.ts'
import { states, type ProviderState } from './states.ts'
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

const code = states.authorizationCodeExists({ id: 1, expiry: 'live' })
const accessToken = states.accessTokenExists({ id: 1, expiry: 'live' })
const refreshToken = states.refreshTokenExists({ id: 1, expiry: 'live' })
const user = states.userExists({ id: 1 })
const group = states.groupExists({ id: String(MADE_UP['uuid']) })
const provider = states.providerExists({ id: 1 })
const application = states.applicationExists({ slug: 'an-application' })
const token = states.tokenExists({ identifier: 'a-token' })

/** The state in which each operation answers with something. */
const GIVEN = {
  oauth2_authorization_codes_list: [code],
  oauth2_authorization_codes_retrieve: [code],
  oauth2_authorization_codes_used_by_list: [code],
  oauth2_access_tokens_list: [accessToken],
  oauth2_access_tokens_retrieve: [accessToken],
  oauth2_access_tokens_used_by_list: [accessToken],
  oauth2_refresh_tokens_list: [refreshToken],
  oauth2_refresh_tokens_retrieve: [refreshToken],
  oauth2_refresh_tokens_used_by_list: [refreshToken],
  core_users_list: [user],
  core_users_retrieve: [user],
  core_users_used_by_list: [user],
  core_users_me_retrieve: [],
  core_users_paths_retrieve: [user],
  core_groups_list: [group],
  core_groups_retrieve: [group],
  providers_oauth2_list: [provider],
  providers_oauth2_retrieve: [provider],
  providers_oauth2_setup_urls_retrieve: [provider],
  providers_oauth2_preview_user_retrieve: [provider],
  providers_oauth2_used_by_list: [provider],
  core_applications_list: [application],
  core_applications_retrieve: [application],
  core_tokens_list: [token],
  root_config_retrieve: [],
  admin_version_retrieve: [],
  schema_retrieve: [],
} satisfies Record<string, readonly ProviderState[]>

/** Ready interactions by authentik's operationId. */
export type Interactions = { readonly [Id in keyof typeof GIVEN]: Interaction }

export function interactionsOf({ operations, behaviour }: Release): Interactions {
  const server = behaviour.server.replace(/\/$/, '')
  return Object.fromEntries(
    operations
      .filter(({ id }) => id in GIVEN)
      .map((one) => [one.id, toInteraction(one, server, GIVEN[one.id as keyof typeof GIVEN])]),
  ) as Interactions
}

function toInteraction(operation: Operation, server: string, given: readonly ProviderState[]): Interaction {
  const { id, view, status, responses } = operation
  return {
    operationId: id,
    description: `a request for ${id}`,
    states: given,
    request: {
      method: 'GET',
      path: toPath(operation, server, Object.assign({}, ...given.map(({ params }) => params))),
      query: {},
      headers: {
        // Where authentik knows other forms too, it takes another unless told.
        ...(view.renderers ? { Accept: 'application/json' } : {}),
        ...(view.open === 'everybody'
          ? {}
          : { Authorization: { 'pact:matcher:type': 'regex', regex: '^Bearer .+$', value: 'Bearer a-token' } }),
      },
    },
    response: { status, body: toTemplate(responses[status]!, undefined) },
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
    parts.map((part, at) => (at % 2 ? put(part) : fixed(part))).join('')
  const stated = (name: string) => (name in params ? name : 'id')
  return {
    'pact:matcher:type': 'regex',
    regex: `^${fill((name) => toSegment(parameters[name]!.schema), escape)}$`,
    value: fill((name) => String(params[stated(name)])),
    'pact:generator:type': 'ProviderState',
    expression: fill((name) => `\${${stated(name)}}`),
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
export function addTo<Ready>(
  pact: { addInteraction(): Unconfigured<Ready> },
  { states: given, description, request, response }: Interaction,
): Ready {
  const added = pact.addInteraction()
  for (const { name, params } of given) added.given(name, params)
  return added
    .uponReceiving(description)
    .withRequest(request.method, request.path, (builder) => {
      builder.query(request.query)
      builder.headers(request.headers)
    })
    .willRespondWith(response.status, (builder) => {
      builder.jsonBody(response.body)
    })
}
