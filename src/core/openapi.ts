/** The OpenAPI document of a release's operations, as authentik writes its own. */
import { JSON_RENDERER } from './negotiate.ts'
import type { Documented, Operation } from './operation.ts'
import type { Release } from './release.ts'
import { toComponents, toOpenApi, type Fragment, type Schema } from './schema.ts'

/** @returns an OpenAPI 3.0.3 document */
export function toDocument({ version, server, operations }: Release): Fragment {
  const paths: Record<string, Fragment> = {}
  for (const one of operations) (paths[one.view.path] ??= {})[one.method.toLowerCase()] = toOperation(one)
  const schemas = operations.flatMap((one) => [...Object.values(one.responses), one.body ?? null].filter((schema): schema is Schema => schema !== null))
  return {
    openapi: '3.0.3',
    info: { title: 'authentik', version },
    servers: [{ url: server }],
    paths,
    components: { schemas: toComponents(schemas), securitySchemes: { authentik: { type: 'http', scheme: 'bearer' } } },
  }
}

function toOperation(of: Operation): Fragment {
  const { id, summary, tag, method, body, view } = of
  const parameters = toParameters(of)
  return {
    operationId: id,
    description: summary,
    ...(parameters.length ? { parameters } : {}),
    tags: [tag],
    ...(body ? { requestBody: { content: { 'application/json': { schema: toOpenApi(body) } }, ...(method === 'PATCH' ? {} : { required: true }) } } : {}),
    security: [{ authentik: [] }, ...(view.open === 'everybody' ? [{}] : [])],
    responses: Object.fromEntries(Object.entries(of.responses).map(([status, schema]) => [status, toResponse(of, Number(status), schema)])),
  }
}

/** By name, as authentik lists them. On the path of one row it does not document the filters that hold there too (FACTS 2.6). */
function toParameters({ parameters, query = {}, filters = {}, view }: Operation): Fragment[] {
  const isList = !view.path.includes('{')
  const all: Fragment[] = [
    ...Object.entries(parameters).map(([name, { schema, description }]) => ({ in: 'path', name, schema: toOpenApi(schema), description, required: true })),
    ...Object.entries(query).map(([name, { schema, description }]) => inQuery(name, { schema, description: description ?? '' }, LISTED.has(name))),
    ...Object.entries(isList ? filters : {}).map(([name, { schema }]) => inQuery(name, { schema }, false)),
  ]
  return all.sort((one, other) => (String(one.name) < String(other.name) ? -1 : 1))
}

/** The parameters of every list, which alone say that they are not required. */
const LISTED = new Set(['ordering', 'page', 'page_size', 'search'])

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

function toResponse({ status, view }: Operation, of: number, schema: Schema | null): Fragment {
  const renderers = of === status ? (view.renderers ?? [JSON_RENDERER]) : [JSON_RENDERER]
  return { ...(schema ? { content: Object.fromEntries(renderers.map(({ type }) => [type, { schema: toOpenApi(schema) }])) } : {}), description: '' }
}
