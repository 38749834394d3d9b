/** The OpenAPI document of a release's operations, as authentik writes its own. */
import { reachableComponents, text, toComponents, toOpenApi, type Fragment, type Schema } from '../schema/words.ts'
import { resolverOf } from '../schema/walk.ts'
import { JSON_RENDERER, type Renderer } from './negotiate.ts'
import {
  GenericError,
  LIST_QUERY,
  ValidationError,
  type Documented,
  type Operation,
  type Release,
} from './operation.ts'

/** An OpenAPI 3.0.3 document. */
export interface OpenApiDocument {
  openapi: string
  info: { title: string; version: string }
  servers: { url: string }[]
  /** By path, then by method. */
  paths: Record<string, Record<string, unknown>>
  components: { schemas: Record<string, Fragment> } & Record<string, Record<string, Fragment>>
}

/** A release as an OpenAPI 3.0.3 document. */
export function toDocument({ version, operations, behaviour }: Release): OpenApiDocument {
  const documented = documentedOf(operations)
  const paths: Record<string, Record<string, unknown>> = {}
  const isShared = behaviour.documentRefersToShared
  for (const operation of documented) {
    const { path } = operation.view
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: toOperation(operation, isShared) }
  }
  const schemes = documented.flatMap((operation) => operation.schemes ?? [])
  return {
    openapi: '3.0.3',
    info: { title: 'authentik', version },
    servers: [{ url: behaviour.serverUrl }],
    paths,
    components: {
      schemas: toComponents(documented.flatMap(schemasOf)),
      ...(isShared ? { parameters: SHARED_PARAMETERS, responses: SHARED_RESPONSES } : {}),
      securitySchemes: {
        authentik: { type: 'http', scheme: 'bearer' },
        ...Object.fromEntries(schemes.map((scheme) => [scheme, SCHEMES[scheme]])),
      },
    },
  }
}

/** The components of a release's document, by name. */
export const componentsOf = ({ operations }: Pick<Release, 'operations'>): Map<string, Schema> =>
  reachableComponents(documentedOf(operations).flatMap(schemasOf))

const documentedOf = (operations: readonly Operation[]) => operations.filter(({ isOutline }) => !isOutline)

/** Every schema that an operation names. */
const schemasOf = ({ responses, body, query, filters }: Operation): Schema[] => [
  ...Object.values(responses).filter((schema) => schema !== null),
  ...(body ? [body] : []),
  ...Object.values({ ...query, ...filters }).map(({ schema }) => schema),
]

function toOperation(operation: Operation, isShared: boolean): Fragment {
  const { id, summary, tag, body, view, schemes = [] } = operation
  const parameters = toParameters(operation, isShared)
  const requestBody = body && {
    content: { 'application/json': { schema: toOpenApi(body) } },
    ...(asksForKey(body) ? { required: true } : {}),
  }
  const responses = Object.entries(operation.responses).map(([status, schema]) => {
    return [status, toResponse(operation, Number(status), schema, isShared)]
  })
  return {
    operationId: id,
    description: summary,
    ...(parameters.length ? { parameters } : {}),
    tags: [tag],
    ...(requestBody && { requestBody }),
    security: [
      { authentik: [] },
      ...schemes.map((scheme) => ({ [scheme]: [] })),
      ...(view.open === 'everybody' ? [{}] : []),
    ],
    responses: Object.fromEntries(responses),
  }
}

/** Whether a body has to have a key, so that there has to be one. */
function asksForKey(body: Schema): boolean {
  const { root, resolve } = resolverOf(body)
  return (resolve(root).required ?? []).length > 0
}

/** A parameter as OpenAPI has it. */
interface Parameter {
  name: string
  [keyword: string]: unknown
}

/** By name, as authentik lists them. Filters it documents on lists alone, though they hold elsewhere too. */
function toParameters(
  { parameters, query = {}, filters = {} }: Operation,
  isShared: boolean,
): (Parameter | { $ref: string })[] {
  const isList = 'ordering' in query
  const inPath = Object.entries(parameters).map(([name, { schema, description }]): Parameter => ({
    in: 'path',
    name,
    schema: toOpenApi(schema),
    description,
    required: true,
  }))
  const queried = Object.entries(query).map(([name, { schema, description = '', isRequired, isBareList }]) =>
    inQuery(
      name,
      { schema, description, ...(isRequired && { isRequired }), ...(isBareList && { isBareList }) },
      isList && LISTED.has(name),
    ),
  )
  const filtered = Object.entries(isList ? filters : {}).map(([name, filter]) => inQuery(name, filter, false))
  const sorted = [...inPath, ...queried, ...filtered].sort((a, b) => (a.name < b.name ? -1 : 1))
  if (!isShared) return sorted
  return sorted.map((parameter) => {
    const reference = REFERRED[parameter.name]
    return reference ? { $ref: `#/components/parameters/${reference}` } : parameter
  })
}

const SCHEMES: Record<string, Fragment> = { authentik_device_auth: { type: 'http', scheme: 'bearer+agent' } }

/** The parameters of every list, which alone say that they are not required. */
const LISTED = new Set(Object.keys(LIST_QUERY))

/** What is said once in releases that share. */
const REFERRED: Record<string, string> = {
  name: 'QueryName',
  ordering: 'QueryPaginationOrdering',
  page: 'QueryPaginationPage',
  page_size: 'QueryPaginationPageSize',
  search: 'QuerySearch',
}
const SHARED_PARAMETERS = Object.fromEntries(
  Object.entries(REFERRED).map(([name, key]) => [key, inQuery(name, LIST_QUERY[name] ?? { schema: text() }, false)]),
)
const SHARED_RESPONSES = {
  ValidationErrorResponse: toContent(ValidationError),
  GenericErrorResponse: toContent(GenericError),
}

function inQuery(
  name: string,
  { schema, description, isBareList, isRequired }: Documented,
  isListed: boolean,
): Parameter {
  const fragment = toOpenApi(schema)
  return {
    in: 'query',
    name,
    schema: fragment,
    ...(description ? { description } : {}),
    ...(isListed ? { required: false } : isRequired ? { required: true } : {}),
    ...(fragment.type === 'array' && !isBareList ? { explode: true, style: 'form' } : {}),
  }
}

/** @param status that of this response, of which an operation has several */
function toResponse(operation: Operation, status: number, schema: Schema | null, isShared: boolean): Fragment {
  if (isShared && status === 400 && schema) return { $ref: '#/components/responses/ValidationErrorResponse' }
  if (isShared && status === 403) return { $ref: '#/components/responses/GenericErrorResponse' }
  return toContent(schema, status === operation.status ? operation.view.renderers : undefined)
}

function toContent(schema: Schema | null, renderers: readonly Renderer[] = [JSON_RENDERER]): Fragment {
  const content = schema && Object.fromEntries(renderers.map(({ type }) => [type, { schema: toOpenApi(schema) }]))
  return { ...(content && { content }), description: '' }
}
