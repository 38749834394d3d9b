/** The OpenAPI document of a release's operations, as authentik writes its own. */
import { JSON_RENDERER, type Renderer } from '../http/negotiate.ts'
import { GenericError, LIST_QUERY, ValidationError, type Documented, type Operation } from './operation.ts'
import type { Release } from './operation.ts'
import { text, toComponents, toOpenApi, type Fragment, type Schema } from '../schema/words.ts'

/** @returns an OpenAPI 3.0.3 document */
export function toDocument({ version, operations, behaviour }: Release): Fragment {
  const paths: Record<string, Fragment> = {}
  for (const one of operations)
    (paths[one.view.path] ??= {})[one.method.toLowerCase()] = toOperation(one, behaviour.refersToShared)
  const schemas = operations.flatMap((one) =>
    [
      ...Object.values(one.responses),
      one.body ?? null,
      ...Object.values({ ...one.query, ...one.filters }).map((asked) => asked.schema),
    ].filter((schema): schema is Schema => schema !== null),
  )
  return {
    openapi: '3.0.3',
    info: { title: 'authentik', version },
    servers: [{ url: behaviour.server }],
    paths,
    components: {
      schemas: toComponents(schemas),
      ...(behaviour.refersToShared ? { parameters: SHARED_PARAMETERS, responses: SHARED_RESPONSES } : {}),
      securitySchemes: {
        authentik: { type: 'http', scheme: 'bearer' },
        ...Object.fromEntries(
          operations.flatMap((one) => one.schemes ?? []).map((scheme) => [scheme, SCHEMES[scheme]]),
        ),
      },
    },
  }
}

function toOperation(of: Operation, refers: boolean): Fragment {
  const { id, summary, tag, method, body, view, schemes } = of
  const parameters = toParameters(of, refers)
  return {
    operationId: id,
    description: summary,
    ...(parameters.length ? { parameters } : {}),
    tags: [tag],
    ...(body
      ? {
          requestBody: {
            content: { 'application/json': { schema: toOpenApi(body) } },
            ...(method === 'PATCH' ? {} : { required: true }),
          },
        }
      : {}),
    security: [
      { authentik: [] },
      ...(schemes ?? []).map((scheme) => ({ [scheme]: [] })),
      ...(view.open === 'everybody' ? [{}] : []),
    ],
    responses: Object.fromEntries(
      Object.entries(of.responses).map(([status, schema]) => [status, toResponse(of, Number(status), schema, refers)]),
    ),
  }
}

/** By name, as authentik lists them. Filters it documents on lists alone, though they hold elsewhere too (FACTS 2.6). */
function toParameters({ parameters, query = {}, filters = {} }: Operation, refers: boolean): Fragment[] {
  const isList = 'ordering' in query
  const all: Fragment[] = [
    ...Object.entries(parameters).map(([name, { schema, description }]) => ({
      in: 'path',
      name,
      schema: toOpenApi(schema),
      description,
      required: true,
    })),
    ...Object.entries(query).map(([name, { schema, description }]) =>
      inQuery(name, { schema, description: description ?? '' }, isList && LISTED.has(name)),
    ),
    ...Object.entries(isList ? filters : {}).map(([name, { schema }]) => inQuery(name, { schema }, false)),
  ]
  const sorted = all.sort((one, other) => (String(one.name) < String(other.name) ? -1 : 1))
  return refers
    ? sorted.map((one) =>
        REFERRED[String(one.name)] ? { $ref: `#/components/parameters/${REFERRED[String(one.name)]}` } : one,
      )
    : sorted
}

const SCHEMES: Record<string, Fragment> = { authentik_device_auth: { type: 'http', scheme: 'bearer+agent' } }

/** The parameters of every list, which alone say that they are not required. */
const LISTED = new Set(Object.keys(LIST_QUERY))

/** What is said once from 2025.10 on. */
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

function inQuery(name: string, { schema, description }: Documented, listed: boolean): Fragment {
  const fragment = toOpenApi(schema)
  return {
    in: 'query',
    name,
    schema: fragment,
    ...(description ? { description } : {}),
    ...(listed ? { required: false } : {}),
    ...(fragment['type'] === 'array' ? { explode: true, style: 'form' } : {}),
  }
}

function toResponse({ status, view }: Operation, of: number, schema: Schema | null, refers: boolean): Fragment {
  if (refers && of === 400 && schema) return { $ref: '#/components/responses/ValidationErrorResponse' }
  if (refers && of === 403) return { $ref: '#/components/responses/GenericErrorResponse' }
  return toContent(schema, of === status ? view.renderers : undefined)
}

function toContent(schema: Schema | null, renderers: readonly Renderer[] = [JSON_RENDERER]): Fragment {
  return {
    ...(schema
      ? { content: Object.fromEntries(renderers.map(({ type }) => [type, { schema: toOpenApi(schema) }])) }
      : {}),
    description: '',
  }
}
